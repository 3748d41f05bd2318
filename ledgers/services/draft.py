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
from ledgers.models import OF_THE_DISTRICT, DraftPrint, LedgerKind
from ledgers.permissions import DRAW_DRAFT, can_draft
from ledgers.selectors.issuing import Target, all_targets, district_of, streets_of
from ledgers.services import drawing
from ledgers.services.rendering import PDF
from scoring.models import Period
from scoring.selectors.publication_content import trial_content

RANKING = LedgerKind.RANKING


def request_draft(*, actor: Officer, period: Period, organisation_code: str = "", kind: str = RANKING) -> Job:
    """Ask for the 送审稿 of one organisation, or of a paper of the district; refused once the month is published."""
    _permitted(actor, period, organisation_code, kind)
    return jobs.enqueue(
        actor=actor,
        kind=DRAW_DRAFT,
        scope=f"period:{period.pk}",
        params={
            "period": period.pk,
            "organisation": organisation_code,
            "kind": "" if organisation_code else kind,
            "appointment": actor.appointment.pk,
        },
    )


def draw_draft(
    *, actor: Officer, job: Job, period: Period, organisation_code: str = "", kind: str = RANKING
) -> DraftPrint:
    """Draw it for a job of the same person; rights and state of the month are asked again."""
    kind, organisation = _permitted(actor, period, organisation_code, kind)
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


def _permitted(actor: Officer, period: Period, organisation_code: str, kind: str) -> tuple[str, Organisation]:
    """Kind and organisation of the draft this officer may have now."""
    kind, organisation = _target(period, organisation_code, kind)
    own = organisation if organisation_code else None
    can_draft(actor, own, streets_of(period).get(organisation.pk)).require()
    if period.is_published:
        raise Conflict(f"{period}已公布，请下载正式台账。")
    return kind, organisation


def _target(period: Period, organisation_code: str, kind: str) -> Target:
    """With a code the document of that organisation; else a paper of the district."""
    if not organisation_code:
        if kind not in OF_THE_DISTRICT:
            raise Invalid("请选择要打印的送审稿。")
        return kind, district_of(period)
    own = [one for one in all_targets(period) if one[0] not in OF_THE_DISTRICT and one[1].code == organisation_code]
    if not own:
        raise Invalid(f"{period}中没有代码为 {organisation_code} 的单位。")
    return own[0]
