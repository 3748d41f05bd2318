"""一票否决: a star withheld under a clause that the edition itself carries with its 文号, and given back."""

from __future__ import annotations

from django.db import transaction

from branches.acting import Officer
from core import clock
from core.errors import Conflict
from core.immutability import row_digests
from core.services import audit
from scoring.models import Assessment, Star, Veto
from scoring.permissions import can_direct
from scoring.selectors.vetoes import is_in_force
from scoring.services.entries import clean_reason
from scoring.services.locking import lock_assessments
from scoring.services.rating import recompute_assessments

REASON_LENGTH = 300


@transaction.atomic
def impose_veto(*, actor: Officer, assessment: Assessment, star: Star, clause: str, reason: str) -> Veto:
    """Withhold a star before publication; Conflict unless the published edition has this clause for it."""
    can_direct(actor).require()
    document_no = clause_document(assessment, star, clause)
    return _write(actor, assessment, star, clause, document_no, reason, is_lifted=False)


@transaction.atomic
def lift_veto(*, actor: Officer, veto: Veto, reason: str) -> Veto:
    """Lift one clause before publication; the entry it lifts stays readable. The star waits for its other clauses."""
    can_direct(actor).require()
    return _write(actor, veto.assessment, veto.star, veto.clause, veto.document_no, reason, is_lifted=True)


def _write(
    actor: Officer, assessment: Assessment, star: Star, clause: str, document_no: str, reason: str, *, is_lifted: bool
) -> Veto:
    lock_assessments([assessment.pk])
    assessment.period.refresh_from_db()
    if assessment.period.is_published:
        raise Conflict("本月结果已公布，只能由区创建办两人办理更正。")
    if is_in_force(assessment, star, clause) is not is_lifted:
        raise Conflict("这一否决已经解除。" if is_lifted else "这一条款已经记录否决。")
    veto = Veto.objects.create(
        assessment=assessment,
        star=star,
        number=Veto.objects.filter(assessment=assessment, star=star).count() + 1,
        is_lifted=is_lifted,
        clause=clause,
        document_no=document_no,
        reason=clean_reason(reason, longest=REASON_LENGTH),
        by=actor.person,
        appointment=actor.appointment,
        at=clock.now(),
    )
    recompute_assessments(assessment.period, [assessment.pk])
    audit.record(
        actor=actor,
        verb="scoring.veto.lift" if is_lifted else "scoring.veto.impose",
        subject=assessment,
        payload={"star": star.kind.code, "document_no": document_no, "row_digests": row_digests([veto])},
    )
    return veto


def clause_document(assessment: Assessment, star: Star, clause: str) -> str:
    """The 文号 of a clause; Conflict unless the published edition has it for this star."""
    stars = {one["code"]: one for one in assessment.rubric.frozen["stars"]}
    for veto in stars.get(star.kind.code, {}).get("veto", []):
        if veto["clause"] == clause:
            return str(veto["document_no"])
    raise Conflict("本版细则没有这一否决条款；启用否决须在细则中列明条款和文号。")
