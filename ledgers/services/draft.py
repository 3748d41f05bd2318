"""送审稿: what would be issued, printed before publishing; watermarked, unnumbered, from the trial's content."""

from __future__ import annotations

from django.db import transaction

from branches.acting import Officer
from branches.models import Organisation
from core import clock
from core.canonical import canonical_text, text_digest
from core.errors import Conflict, Invalid
from core.models import Job
from core.services import audit, files, jobs
from ledgers.calc.bodies import body_of
from ledgers.models import DraftPrint, LedgerKind
from ledgers.permissions import DRAW_DRAFT, can_draft
from ledgers.selectors.issuing import district_of
from ledgers.services import drawing
from ledgers.services.issue import PDF
from scoring.models import Assessment, Period
from scoring.selectors.publication_content import trial_content


def request_draft(*, actor: Officer, period: Period, organisation_code: str = "") -> Job:
    """Ask for the 送审稿 of the ranking, or of one community; refused once the month is published."""
    _permitted(actor, period, organisation_code)
    return jobs.enqueue(
        actor=actor,
        kind=DRAW_DRAFT,
        scope=f"period:{period.pk}",
        params={"period": period.pk, "organisation": organisation_code, "appointment": actor.appointment.pk},
    )


def draw_draft(*, actor: Officer, job: Job, period: Period, organisation_code: str = "") -> DraftPrint:
    """Draw it for a job of the same person; rights and state of the month are asked again."""
    kind, organisation = _permitted(actor, period, organisation_code)
    body = body_of(kind, trial_content(period), organisation.code, {})
    content = drawing.draw(body)
    with transaction.atomic():
        draft, _ = DraftPrint.objects.update_or_create(
            job=job,
            defaults={
                "period": period,
                "kind": kind,
                "organisation": organisation,
                "body_sha256": text_digest(canonical_text(body)),
                "file": files.store_bytes(content, media_type=PDF),
                "at": clock.now(),
            },
        )
        audit.record(actor=actor, verb="ledgers.draft", subject=draft, payload={"sha256": draft.body_sha256})
    return draft


def _permitted(actor: Officer, period: Period, organisation_code: str) -> tuple[str, Organisation]:
    """Kind and organisation of the draft this officer may have now."""
    assessment = _assessment(period, organisation_code) if organisation_code else None
    can_draft(actor, period, assessment).require()
    if period.is_published:
        raise Conflict(f"{period}已公布，请下载正式台账。")
    if assessment is None:
        return LedgerKind.RANKING, district_of(period)
    return LedgerKind.COMMUNITY, assessment.subject


def _assessment(period: Period, organisation_code: str) -> Assessment:
    rows = Assessment.objects.filter(period=period, subject__code=organisation_code).select_related("subject")
    found = rows.first()
    if found is None:
        raise Invalid(f"{period}中没有代码为 {organisation_code} 的社区。")
    return found
