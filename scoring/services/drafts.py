"""Saving what was typed on a whole report form at once: rows that can be kept are, the others say why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction

from branches.acting import Officer
from core import clock
from core.errors import Conflict, Invalid, PortalError
from scoring.models import Assessment, AssessmentItem
from scoring.permissions import can_report, can_write_item
from scoring.selectors.current import CurrentItem, current_items
from scoring.selectors.drafts import is_same_entry, shown_entry
from scoring.selectors.proposals import propose_for_entry
from scoring.selectors.report_row import said_of
from scoring.services.entries import check_entry, paper_of
from scoring.services.locking import expect_version, lock_assessments


@dataclass(frozen=True, slots=True)
class TypedRow:
    """What was typed for an item, None for an empty row, the version of the item it was typed on, and the paper form it
    was read from."""

    entry: dict[str, Any] | None
    version: int | None
    paper: dict[str, str] | None = None


@dataclass(slots=True)
class DraftResult:
    """Versions of the saved items by item id; refusals by item id; whether a refusal was one of state, not of input."""

    saved: dict[int, int] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    is_conflict: bool = False


@transaction.atomic
def save_drafts(
    *, actor: Officer, assessment: Assessment, rows: Mapping[int, TypedRow], is_beside_ground: bool = False
) -> DraftResult:
    """Keep every row that differs from what the form showed; Conflict when a row belongs to another assessment.

    `is_beside_ground`: the form showed what the ground yields, so that this alone is nothing typed.
    """
    lock_assessments([assessment.pk])
    can_report(actor, assessment).require()
    items = AssessmentItem.objects.filter(assessment=assessment).select_related("prefilled_from")
    found = {one.item.pk: one for one in current_items(items)}
    if is_beside_ground:
        propose_for_entry(found.values())
    if rows.keys() - found.keys():
        raise Conflict("有事项不属于本社区本月考评，请刷新后再填。")
    result, changed = DraftResult(), []
    for pk, row in rows.items():
        if _is_as_shown(found[pk], row) and not _is_from_other_paper(row, found[pk]):
            continue
        try:
            changed.append(_drafted(actor, found[pk], row))
            result.saved[pk] = found[pk].item.version
        except PortalError as error:
            result.errors[pk] = _named(found[pk], error) + _beside(found[pk], row)
            result.is_conflict |= not isinstance(error, Invalid)
    AssessmentItem.objects.bulk_update(changed, ["draft", "draft_by", "draft_at", "version"])
    return result


def _is_from_other_paper(row: TypedRow, current: CurrentItem) -> bool:
    return row.paper is not None and row.paper != paper_of(current.item.draft)


def _drafted(actor: Officer, current: CurrentItem, row: TypedRow) -> AssessmentItem:
    permit = can_write_item(actor, current)
    if not permit:
        raise Conflict(permit.reason)
    expect_version(current.item, row.version)
    return write_draft(actor, current, row.entry, row.paper)


def write_draft(
    actor: Officer, current: CurrentItem, entry: dict[str, Any] | None, paper: dict[str, str] | None = None
) -> AssessmentItem:
    """The item with its next draft, not saved yet; None takes the draft away again (rule 15)."""
    item = current.item
    if entry is not None:
        kept = paper_of(item.draft) if paper is None else paper
        item.draft = replace(check_entry(current.task, entry, is_draft=True), paper=kept).as_draft()
        item.draft_by, item.draft_at = actor.person, clock.now()
    else:
        _refuse_emptying(current)
        if item.draft is None:
            return item
        item.draft = item.draft_by = item.draft_at = None
    item.version += 1
    return item


def _refuse_emptying(current: CurrentItem) -> None:
    """Behind an emptied field last month's state must not slip through as unchanged."""
    if current.item.prefilled_from is not None and not current.item.look_reason:
        raise Invalid("这一项不能空着：请填写本月的情况，或照上月填回。")
    if current.proposal is not None and current.item.draft is None:
        raise Invalid("这一项不能空着：请照底数填回，或填写别的数并写明原因。")


def _is_as_shown(current: CurrentItem, row: TypedRow) -> bool:
    """Whether a row says what its form showed; an empty one was never touched if its form was shown empty."""
    shown = shown_entry(current)
    if row.entry is None:
        return shown is None or row.version != current.item.version
    return is_same_entry(row.entry, shown)


def _beside(current: CurrentItem, row: TypedRow) -> str:
    """What the other writer left, for whoever comes second and now has to choose."""
    shown = shown_entry(current)
    if shown is None or row.version == current.item.version:
        return ""
    return f"现在填的是：{said_of(current.task, shown)}。下面是您填的，再点“保存草稿”就用您的。"


def _named(current: CurrentItem, error: PortalError) -> str:
    name = f"第{current.task.number}项“{current.task.title}”："
    return error.message if error.message.startswith(name) else name + error.message


@transaction.atomic
def follow_ground(*, actor: Officer, item: AssessmentItem, expected_version: int | None) -> AssessmentItem:
    """Put what the ground yields in place of what was typed; Conflict where nothing follows from it."""
    lock_assessments([item.assessment_id])
    items = AssessmentItem.objects.filter(pk=item.pk).select_related("prefilled_from")
    current = current_items(items)[0]
    can_write_item(actor, current).require()
    expect_version(current.item, expected_version)
    propose_for_entry([current])
    if current.proposal is None:
        raise Conflict("底数中现在推不出这一项，请自行填写。")
    row = write_draft(actor, current, current.proposal.proposed.entry)
    row.save(update_fields=["draft", "draft_by", "draft_at", "version"])
    return row
