"""Entering and submitting: drafts without audit, one report an item and round, one audit entry an act. Rules 4, 12."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from branches.acting import Officer
from core import clock
from core.errors import Conflict, Invalid
from core.immutability import row_digests
from core.services import audit
from scoring.choices import ItemState, ReportBasis, Window
from scoring.models import Assessment, AssessmentItem, GroundBasis, Report
from scoring.permissions import can_report, can_withdraw, can_write_item
from scoring.selectors.current import CurrentItem, current_items
from scoring.selectors.proposals import is_proposed, propose_for_entry
from scoring.services.drafts import write_draft
from scoring.services.entries import Entry, check_entry, paper_of
from scoring.services.locking import expect_version, lock_assessments
from scoring.services.rating import recompute_assessments


@transaction.atomic
def save_draft(
    *, actor: Officer, item: AssessmentItem, entry: dict[str, Any] | None, expected_version: int | None = None
) -> AssessmentItem:
    """Keep what was typed so far, None for a row that was emptied; Conflict on an older picture of the item, Invalid
    with the field's message."""
    current = _locked_item(item)
    can_write_item(actor, current).require()
    expect_version(current.item, expected_version)
    row = write_draft(actor, current, entry)
    row.save(update_fields=["draft", "draft_by", "draft_at", "version"])
    return row


@transaction.atomic
def submit_items(
    *,
    actor: Officer,
    assessment: Assessment,
    item_ids: Collection[int] | None = None,
    confirm_unchanged_ids: Collection[int] = (),
    confirm_proposed: Mapping[int, str] | None = None,
    expected_versions: Mapping[int, int] | None = None,
) -> list[Report]:
    """Send drafts to review and confirm unchanged states; one report an item, one audit entry for the act.

    Without `item_ids` everything with a draft goes. Items in `confirm_unchanged_ids` without a draft repeat last
    month's report, which only an unchanged `state` item may; items in `confirm_proposed` without a draft say what the
    ground yields, if that still is what their ticket was given for. A draft that differs from the ground needs a note.
    Invalid lists every item that cannot go; nothing is half sent.
    """
    lock_assessments([assessment.pk])
    confirmed = _Confirmed(set(confirm_unchanged_ids), confirm_proposed or {})
    wanted = confirmed.unchanged | set(confirmed.proposed) | set(item_ids or ())
    found = current_items(AssessmentItem.objects.filter(assessment=assessment).select_related("prefilled_from"))
    if wanted - {current.item.pk for current in found}:
        raise Conflict("有事项不属于本社区本月考评，请刷新后再报送。")
    can_report(actor, assessment).require()
    chosen = [current for current in found if _is_chosen(current, wanted, item_ids)]
    propose_for_entry(chosen)
    for current in chosen:
        expect_version(current.item, (expected_versions or {}).get(current.item.pk))
    entries = _entries(actor, chosen, confirmed)
    if not entries:
        raise Conflict("没有可以报送的事项：请先填写，或确认与上月一致的事项。")
    return _send(actor, assessment, entries)


@transaction.atomic
def withdraw_item(*, actor: Officer, item: AssessmentItem, expected_version: int | None = None) -> AssessmentItem:
    """Take a submitted item back before any review; the next round starts from what was reported."""
    current = _locked_item(item)
    expect_version(current.item, expected_version)
    can_withdraw(actor, current).require()
    start_next_round(current, ItemState.OPEN)
    recompute_assessments(current.assessment.period, [current.assessment.pk])
    audit.record(
        actor=actor,
        verb="scoring.withdraw",
        subject=current.item,
        payload={"round": current.item.round, "task": current.task.key},
    )
    return current.item


def start_next_round(current: CurrentItem, state: ItemState) -> None:
    """Open the item again with what was reported as its draft; reviews of the old round no longer count."""
    row, report = current.item, current.report
    row.round += 1
    row.version += 1
    row.state = state
    if report is not None:
        row.draft = {"kind": report.kind, "value": report.value, "note": report.note}
        row.draft_by, row.draft_at = report.entered_by, report.at
    row.save(update_fields=["round", "version", "state", "draft", "draft_by", "draft_at"])


@dataclass(frozen=True, slots=True)
class _Confirmed:
    """What may go without a draft: unchanged states by id, proposed values with the ticket of what was looked at."""

    unchanged: set[int]
    proposed: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class _Outgoing:
    current: CurrentItem
    entry: Entry
    basis: ReportBasis

    @property
    def is_followed(self) -> bool:
        proposal = self.current.proposal
        return proposal is not None and is_proposed(proposal, self.entry.kind, self.entry.value)


def _locked_item(item: AssessmentItem) -> CurrentItem:
    """The item as it stands after its assessment is locked."""
    lock_assessments([item.assessment_id])
    return current_items(AssessmentItem.objects.filter(pk=item.pk))[0]


def _is_chosen(current: CurrentItem, wanted: set[int], item_ids: Collection[int] | None) -> bool:
    if current.item.pk in wanted:
        return True
    return item_ids is None and current.item.draft is not None and current.item.state != ItemState.SUBMITTED


def _entries(actor: Officer, chosen: list[CurrentItem], confirmed: _Confirmed) -> list[_Outgoing]:
    outgoing: list[_Outgoing] = []
    errors: dict[str, list[str]] = {}
    for current in chosen:
        permit = can_write_item(actor, current)
        if not permit:
            raise Conflict(f"第{current.task.number}项“{current.task.title}”：{permit.reason}")
        try:
            outgoing.append(_outgoing(current, confirmed))
        except Invalid as error:
            errors.update(error.errors)
    if errors:
        raise Invalid(_summary(errors), errors)
    return outgoing


def _summary(errors: Mapping[str, list[str]]) -> str:
    lines = [f"第{key.split('.')[0]}项：{messages[0]}" for key, messages in errors.items()]
    return "有事项还不能报送。" + "".join(lines)


def _outgoing(current: CurrentItem, confirmed: _Confirmed) -> _Outgoing:
    if current.item.draft is not None:
        entry = check_entry(current.task, current.item.draft, is_draft=False)
        _needs_a_reason(current, entry)
        return _Outgoing(current, replace(entry, paper=paper_of(current.item.draft)), ReportBasis.ENTERED)
    if current.item.pk in confirmed.proposed:
        return _Outgoing(current, _proposed_entry(current, confirmed.proposed), ReportBasis.PROPOSED)
    if current.item.pk not in confirmed.unchanged:
        raise Invalid("尚未填写。", {f"{current.task.number}.value": ["尚未填写。"]})
    return _Outgoing(current, _unchanged_entry(current), ReportBasis.UNCHANGED)


def _needs_a_reason(current: CurrentItem, entry: Entry) -> None:
    """Whoever says otherwise than the ground says why."""
    proposal = current.proposal
    if proposal is None or entry.note or is_proposed(proposal, entry.kind, entry.value):
        return
    message = f"与底数不同（{proposal.proposed.text}）：请按底数填，或在说明里写明原因。"
    raise Invalid(message, {f"{current.task.number}.note": [message]})


def _proposed_entry(current: CurrentItem, tickets: Mapping[int, str]) -> Entry:
    """What the ground yields, if it still is what was looked at."""
    proposal = current.proposal
    if proposal is None or proposal.ticket != tickets[current.item.pk]:
        message = "底数刚有变化，请核对后再报送。"
        raise Invalid(message, {f"{current.task.number}.value": [message]})
    return check_entry(current.task, proposal.proposed.entry, is_draft=False)


def _unchanged_entry(current: CurrentItem) -> Entry:
    """Last month's report repeated; only a state that opened as unchanged may be (rules 1 and 3)."""
    last = current.item.prefilled_from
    reason = ""
    if current.task.window != Window.STATE or last is None:
        reason = "本任务不能按与上月一致确认，请填写。"
    elif current.item.look_reason:
        reason = f"请核对后填写：{current.item.look_reason}。"
    if reason or last is None:
        raise Invalid(reason, {f"{current.task.number}.value": [reason]})
    return Entry(last.kind, last.value, last.points, last.derivation, last.note)


def _send(actor: Officer, assessment: Assessment, outgoing: list[_Outgoing]) -> list[Report]:
    reports = Report.objects.bulk_create(_report(actor, assessment, one) for one in outgoing)
    grounds = GroundBasis.objects.bulk_create(
        GroundBasis(report=report, rows=one.current.proposal.rows, sha256=one.current.proposal.digest)
        for report, one in zip(reports, outgoing, strict=True)
        if one.current.proposal is not None
    )
    AssessmentItem.objects.filter(pk__in=[one.current.item.pk for one in outgoing]).update(
        state=ItemState.SUBMITTED, version=F("version") + 1, draft=None, draft_by=None, draft_at=None
    )
    recompute_assessments(assessment.period, [assessment.pk])
    audit.record(
        actor=actor,
        verb="scoring.submit",
        subject=assessment,
        payload={"items": len(reports), "row_digests": row_digests([*reports, *grounds])},
    )
    return reports


def _report(actor: Officer, assessment: Assessment, one: _Outgoing) -> Report:
    """Entered by whoever drafted; confirmed by the community when somebody else typed for it."""
    writer_id = one.current.item.draft_by_id or actor.person.pk
    is_own = actor.organisation.pk == assessment.subject_id
    proposal = one.current.proposal
    return Report(
        item=one.current.item,
        round=one.current.item.round,
        kind=one.entry.kind,
        value=one.entry.value,
        points=one.entry.points,
        full_points=one.current.task.full_points,
        derivation=one.entry.derivation[:300],
        note=one.entry.note,
        form_number=one.entry.paper.get("form_number", ""),
        filled_on=_day(one.entry.paper.get("filled_on")),
        basis=one.basis,
        ground=proposal.frozen(is_followed=one.is_followed) if proposal is not None else None,
        entered_by_id=writer_id,
        confirmed_by=actor.person if is_own and writer_id != actor.person.pk else None,
        appointment=actor.appointment,
        at=clock.now(),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
