"""更正 by two persons: one drafts and proposes, another one of the office confirms or declines. Rule 8."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from branches.acting import Officer
from branches.permissions import appointments_of
from branches.selectors.officers import officer_in
from core import clock
from core.errors import Conflict, Forbidden, Invalid
from core.services import audit
from scoring.choices import CorrectionState, RulingPurpose
from scoring.models import Assessment, AssessmentItem, CorrectionProposal, Period, Publication, Star
from scoring.models.correction import OPEN
from scoring.permissions import can_decide_correction, can_direct, can_draft_correction
from scoring.selectors.current import current_items
from scoring.selectors.vetoes import is_in_force
from scoring.services.correction import Correction, VetoChange, correct_publication
from scoring.services.entries import clean_document_no, clean_reason
from scoring.services.ruling import new_ruling
from scoring.services.veto import clause_document

VETO_REASON = 300


@transaction.atomic
def put_item(
    *, actor: Officer, period: Period, item: AssessmentItem, kind: str, points: Any, reason: str, document_no: str = ""
) -> CorrectionProposal:
    """Take an item into the draft (the first one begins it), or change it there."""
    draft = _draft(actor, period)
    found = current_items(AssessmentItem.objects.filter(pk=item.pk, assessment__period=period))
    if not found:
        raise Conflict("只能更正本月的事项。")
    ruling = new_ruling(actor, found[0], RulingPurpose.CORRECTION, kind, points, clean_reason(reason))
    row = {
        "item": item.pk,
        "kind": ruling.kind,
        "points": None if ruling.points is None else f"{ruling.points:.2f}",
        "reason": ruling.reason,
        "document_no": clean_document_no(document_no),
    }
    draft.items = [*(one for one in draft.items if one["item"] != item.pk), row]
    return _keep(draft)


@transaction.atomic
def put_veto(
    *, actor: Officer, period: Period, assessment: Assessment, star: Star, clause: str, is_lifted: bool, reason: str
) -> CorrectionProposal:
    """Take a veto, or the lifting of one, into the draft."""
    draft = _draft(actor, period)
    clause_document(assessment, star, clause)
    if is_in_force(assessment, star, clause) is not is_lifted:
        raise Conflict("这一条款没有在否决，不用解除。" if is_lifted else "这一条款已经记录否决。")
    key = {"assessment": assessment.pk, "star": star.pk, "clause": clause}
    row = {**key, "is_lifted": is_lifted, "reason": clean_reason(reason, longest=VETO_REASON)}
    draft.vetoes = [*(one for one in draft.vetoes if {name: one[name] for name in key} != key), row]
    return _keep(draft)


@transaction.atomic
def drop(*, actor: Officer, proposal: CorrectionProposal, kind: str, number: int) -> CorrectionProposal:
    """Take one line out of the draft again: `item` by its id, `veto` by its place."""
    draft = _own_draft(actor, proposal)
    if kind == "item":
        draft.items = [one for one in draft.items if one["item"] != number]
    else:
        draft.vetoes = [one for place, one in enumerate(draft.vetoes) if place != number]
    return _keep(draft)


@transaction.atomic
def propose_correction(*, actor: Officer, proposal: CorrectionProposal, reason: str) -> CorrectionProposal:
    """Hand the draft to the second person. Conflict when another publication came out meanwhile."""
    draft = _own_draft(actor, proposal)
    if not draft.items and not draft.vetoes:
        raise Invalid("请先选择要更正的事项。")
    draft.reason = clean_reason(reason, label="更正理由")
    _expect_base(draft)
    draft.state = CorrectionState.PROPOSED
    _keep(draft)
    _record(actor, draft, "scoring.correction.propose")
    return draft


@transaction.atomic
def refresh_correction(*, actor: Officer, proposal: CorrectionProposal) -> CorrectionProposal:
    """Take the publication in force now as the base, and go on drafting."""
    draft = _own_draft(actor, proposal, also_proposed=True)
    draft.base, draft.state = publication_in_force(draft.period), CorrectionState.DRAFT
    return _keep(draft)


@transaction.atomic
def withdraw_correction(*, actor: Officer, proposal: CorrectionProposal) -> CorrectionProposal:
    """Give the correction up before anybody confirmed it."""
    draft = _own_draft(actor, proposal, also_proposed=True)
    draft.state = CorrectionState.WITHDRAWN
    _keep(draft)
    _record(actor, draft, "scoring.correction.withdraw")
    return draft


@transaction.atomic
def decline_correction(*, actor: Officer, proposal: CorrectionProposal, reason: str) -> CorrectionProposal:
    """The second person does not agree, with a reason; it may be drafted anew."""
    found = _to_decide(actor, proposal)
    found.state, found.decision_reason = CorrectionState.DECLINED, clean_reason(reason)
    _decide(actor, found)
    _record(actor, found, "scoring.correction.decline")
    return found


@transaction.atomic
def confirm_correction(*, actor: Officer, proposal: CorrectionProposal, expected_version: int) -> Publication:
    """The second person agrees to exactly what she saw: publication n + 1 under both names."""
    found = _to_decide(actor, proposal)
    if found.version != expected_version:
        raise Conflict("这件更正刚被起草人修改，请重新核对后再确认。")
    publication = correct_publication(
        actor=_drafter(found), second=actor, period=found.period, base=found.base, reason=found.reason,
        corrections=_corrections(found), vetoes=_vetoes(found),
    )  # fmt: skip
    found.state, found.result = CorrectionState.CONFIRMED, publication
    _decide(actor, found)
    _record(actor, found, "scoring.correction.confirm")
    return publication


def publication_in_force(period: Period) -> Publication:
    """The newest publication of a month; Conflict before the first."""
    found = Publication.objects.filter(period=period).defer("content").order_by("-number").first()
    if found is None:
        raise Conflict("本月尚未公布，不用更正，可直接认定。")
    return found


def _draft(actor: Officer, period: Period) -> CorrectionProposal:
    """The officer's open draft of the month; there is one correction at a time."""
    can_direct(actor).require()
    Period.objects.select_for_update().get(pk=period.pk)
    found = CorrectionProposal.objects.select_for_update().filter(period=period, state__in=OPEN).first()
    if found is None:
        base = publication_in_force(period)
        return CorrectionProposal(
            period=period, base=base, drafted_by=actor.person, drafted_in=actor.appointment, drafted_at=clock.now()
        )
    return _own_draft(actor, found)


def _own_draft(actor: Officer, proposal: CorrectionProposal, *, also_proposed: bool = False) -> CorrectionProposal:
    can_direct(actor).require()
    found = CorrectionProposal.objects.select_for_update().get(pk=proposal.pk)
    can_draft_correction(actor, found).require()
    if found.state not in (OPEN if also_proposed else OPEN[:1]):
        raise Conflict(f"这件更正当前为“{found.get_state_display()}”，要改请起草人先取回修改。")
    return found


def _to_decide(actor: Officer, proposal: CorrectionProposal) -> CorrectionProposal:
    can_direct(actor).require()
    found = CorrectionProposal.objects.select_for_update().get(pk=proposal.pk)
    can_decide_correction(actor, found).require()
    if found.state != CorrectionState.PROPOSED:
        raise Conflict(f"这件更正当前为“{found.get_state_display()}”，不能确认。")
    return found


def _expect_base(draft: CorrectionProposal) -> None:
    newest = publication_in_force(draft.period)
    if newest.pk != draft.base_id:
        raise Conflict(f"起草以后已有第 {newest.number} 次公布，请先按现行公布重新核对。")


def _keep(draft: CorrectionProposal) -> CorrectionProposal:
    draft.version += 1
    draft.save()
    return draft


def _decide(actor: Officer, found: CorrectionProposal) -> None:
    found.decided_by, found.decided_in, found.decided_at = actor.person, actor.appointment, clock.now()
    _keep(found)


def _drafter(found: CorrectionProposal) -> Officer:
    """The first person in the appointment she drafted in, as long as she holds it."""
    user = found.drafted_by.user
    for held in appointments_of(user) if user else ():
        if held.pk == found.drafted_in_id:
            return officer_in(held)
    raise Forbidden("起草人已不在原岗位，请撤销后由现任人员重新起草。")


def _corrections(found: CorrectionProposal) -> list[Correction]:
    items = AssessmentItem.objects.in_bulk([row["item"] for row in found.items])
    return [
        Correction(
            items[row["item"]],
            row["kind"],
            row["points"],
            row["reason"],
            row["document_no"],
        )  # fmt: skip
        for row in found.items
    ]


def _vetoes(found: CorrectionProposal) -> list[VetoChange]:
    assessments = Assessment.objects.select_related("rubric").in_bulk([row["assessment"] for row in found.vetoes])
    stars = Star.objects.select_related("kind").in_bulk([row["star"] for row in found.vetoes])
    return [
        VetoChange(assessments[row["assessment"]], stars[row["star"]], row["clause"], row["is_lifted"], row["reason"])
        for row in found.vetoes
    ]


def _record(actor: Officer, proposal: CorrectionProposal, verb: str) -> None:
    payload = {
        "month": proposal.period.code,
        "base": proposal.base.number,
        "items": [[row["item"], row["kind"], row["points"]] for row in proposal.items],
        "vetoes": len(proposal.vetoes),
    }
    audit.record(actor=actor, verb=verb, subject=proposal, payload=payload)
