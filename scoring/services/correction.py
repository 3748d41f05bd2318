"""更正: what was published stays readable; two persons write the next publication. Rule 8."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from branches.acting import Officer
from core import clock
from core.errors import Conflict, Forbidden, Invalid
from scoring.choices import PeriodState, ReportKind, RulingPurpose
from scoring.models import Assessment, AssessmentItem, Period, Publication, Ruling, Star, Veto
from scoring.permissions import can_direct
from scoring.selectors.current import CurrentItem, current_items
from scoring.selectors.notice import corrected_notice
from scoring.selectors.publication_content import Fixed
from scoring.selectors.vetoes import is_in_force
from scoring.services.entries import clean_document_no, clean_reason
from scoring.services.locking import bump_versions, lock_assessments
from scoring.services.publication import record_publication, write_publication
from scoring.services.rating import recompute_period
from scoring.services.ruling import new_ruling
from scoring.services.veto import clause_document


@dataclass(frozen=True, slots=True)
class Correction:
    """What one item should count as from the next publication on."""

    item: AssessmentItem
    kind: str
    points: Decimal | str | None
    reason: str
    document_no: str = ""


@dataclass(frozen=True, slots=True)
class VetoChange:
    """A star withheld under a clause of the edition, or given back, from the next publication on."""

    assessment: Assessment
    star: Star
    clause: str
    is_lifted: bool
    reason: str


@transaction.atomic
def correct_publication(
    *, actor: Officer, second: Officer, period: Period, corrections: Sequence[Correction], reason: str,
    vetoes: Sequence[VetoChange] = (), base: Publication | None = None,
) -> Publication:  # fmt: skip
    """Rule the items for publication n + 1 and publish it; n stays as superseded. Both persons are of the office.

    `base` is the publication the two persons looked at: Conflict when another one is in force.
    """
    _check_persons(actor, second)
    cleaned = clean_reason(reason)
    lock_assessments(period.assessments.values_list("pk", flat=True))
    locked = Period.objects.select_for_update().select_related("programme").get(pk=period.pk)
    if locked.state != PeriodState.PUBLISHED:
        raise Conflict("本月尚未公布，不用更正，可直接认定。")
    before = Publication.objects.filter(period=locked).order_by("-number")[0]
    if base is not None and before.pk != base.pk:
        raise Conflict(f"起草以后已有第 {before.number} 次公布，请起草人按现行公布重新核对。")
    if not corrections and not vetoes:
        raise Invalid("请选择要更正的事项。")
    withheld = [_veto(actor, second, before.number + 1, change) for change in vetoes]
    rulings = _rule(actor, second, locked, before.number + 1, corrections)
    recompute_period(locked)
    publication = write_publication(
        actor=actor, period=locked, number=before.number + 1, second=second, reason=cleaned, supersedes=before,
        fixed=fixed_before(before),
    )  # fmt: skip
    record_publication(actor, publication, "scoring.correct", [*rulings, *withheld])
    return publication


def fixed_before(before: Publication) -> Fixed:
    """A correction keeps the text and the visibility of the publication it supersedes."""
    return Fixed(corrected_notice(before.data["notice"], before.number + 1), before.data["rules"]["visibility"])


def _check_persons(actor: Officer, second: Officer) -> None:
    can_direct(actor).require()
    can_direct(second).require()
    if actor.person == second.person:
        raise Forbidden("更正须由两人办理。")


def _rule(
    actor: Officer, second: Officer, period: Period, number: int, corrections: Sequence[Correction]
) -> list[Ruling]:
    wanted = {correction.item.pk: correction for correction in corrections}
    found = current_items(AssessmentItem.objects.filter(pk__in=wanted, assessment__period=period))
    if len(found) != len(wanted):
        raise Conflict("只能更正本月的事项。")
    rulings = [_ruling(actor, second, number, current, wanted[current.item.pk]) for current in found]
    bump_versions(wanted)
    return Ruling.objects.bulk_create(rulings)


def _veto(actor: Officer, second: Officer, number: int, change: VetoChange) -> Veto:
    if is_in_force(change.assessment, change.star, change.clause) is not change.is_lifted:
        raise Conflict("这一否决已经解除。" if change.is_lifted else "这一条款已经记录否决。")
    return Veto.objects.create(
        assessment=change.assessment,
        star=change.star,
        number=Veto.objects.filter(assessment=change.assessment, star=change.star).count() + 1,
        is_lifted=change.is_lifted,
        clause=change.clause,
        document_no=clause_document(change.assessment, change.star, change.clause),
        reason=change.reason,
        publication_number=number,
        by=actor.person,
        second_by=second.person,
        appointment=actor.appointment,
        at=clock.now(),
    )


def _ruling(actor: Officer, second: Officer, number: int, current: CurrentItem, correction: Correction) -> Ruling:
    points = correction.points if correction.kind == ReportKind.POINTS else None
    reason = clean_reason(correction.reason)
    ruling = new_ruling(actor, current, RulingPurpose.CORRECTION, correction.kind, points, reason)
    ruling.second_by = second.person
    ruling.publication_number = number
    ruling.document_no = clean_document_no(correction.document_no)
    return ruling
