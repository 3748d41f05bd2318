"""Taking a view back until the month closes: the next revision says so, and the item waits again. Rule 5."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from branches.acting import Officer
from core.errors import Conflict
from core.immutability import row_digests
from core.services import audit
from scoring.choices import ItemState, Outcome, ReviewBasis
from scoring.models import AssessmentItem, Period, Report, Review
from scoring.permissions import can_undo, speaks_of
from scoring.selectors.current import CurrentItem, current_items
from scoring.services.locking import bump_versions, expect_version, lock_assessments
from scoring.services.rating import recompute_assessments
from scoring.services.review import BulkResult, new_review


@transaction.atomic
def undo_review(*, actor: Officer, item: AssessmentItem, axis: str, expected_version: int | None = None) -> Review:
    """Take back what the axis said last, whatever that was; the item waits for it again.

    A return is taken back with the round it opened, as long as the community has not begun to mend: the report of
    the round before stands again, and with it the other axis' view.
    """
    lock_assessments([item.assessment_id])
    current = _now(item.pk)
    speaks_of(actor, current, axis).require()
    expect_version(current.item, expected_version)
    if current.item.state == ItemState.RETURNED:
        _back_into_the_round_before(current, axis)
        current = _now(item.pk)
    can_undo(actor, current, axis).require()
    if current.review_on(axis) is None:
        raise Conflict("该事项还没有本线的意见，不用撤销。")
    [review] = _withdraw(actor, axis, [current])
    recompute_assessments(current.assessment.period, [current.assessment.pk])
    audit.record(
        actor=actor,
        verb="scoring.review.withdrawn",
        subject=current.item,
        payload={"axis": str(axis), "task": current.task.key, "row_digests": row_digests([review])},
    )
    return review


@transaction.atomic
def undo_batch(*, actor: Officer, period: Period, axis: str, batch: str) -> BulkResult:
    """Take back a bulk act as a whole. Items on which the axis has said something else since are left."""
    items = AssessmentItem.objects.filter(assessment__period=period)
    ids = list(items.filter(reviews__batch=batch, reviews__axis=axis).values_list("pk", flat=True))
    lock_assessments(AssessmentItem.objects.filter(pk__in=ids).values_list("assessment", flat=True))
    result = BulkResult()
    taken: list[CurrentItem] = []
    for current in current_items(AssessmentItem.objects.filter(pk__in=ids)):
        permit = can_undo(actor, current, axis)
        result.forbidden += not permit
        reason = _why_not(current, axis, batch) or permit.reason
        if reason:
            result.skipped.append((current.item.pk, reason))
        else:
            taken.append(current)
    if taken:
        _record_batch(actor, period, axis, taken)
    result.done = len(taken)
    return result


def _record_batch(actor: Officer, period: Period, axis: str, taken: Sequence[CurrentItem]) -> None:
    reviews = _withdraw(actor, axis, taken)
    recompute_assessments(period, {current.assessment.pk for current in taken})
    audit.record(
        actor=actor,
        verb="scoring.review.undo_bulk",
        subject=period,
        payload={"axis": str(axis), "items": len(reviews), "row_digests": row_digests(reviews)},
    )


def _why_not(current: CurrentItem, axis: str, batch: str) -> str:
    review = current.review_on(axis)
    return "该事项后来已另行办理。" if review is None or review.batch != batch else ""


def _withdraw(actor: Officer, axis: str, items: Sequence[CurrentItem]) -> list[Review]:
    reviews = Review.objects.bulk_create(
        new_review(actor, current, axis, Outcome.WITHDRAWN, None, "", ReviewBasis.CHECKED) for current in items
    )
    bump_versions([current.item.pk for current in items])
    return reviews


def _now(pk: int) -> CurrentItem:
    return current_items(AssessmentItem.objects.filter(pk=pk))[0]


def _back_into_the_round_before(current: CurrentItem, axis: str) -> None:
    """Only a return of this axis, and only while what it opened stands untouched."""
    row = current.item
    returned = Review.objects.filter(item=row, round=row.round - 1, axis=axis, outcome=Outcome.RETURN).in_force()
    if not returned.exists():
        raise Conflict("该事项不是本线退回的，由退回的一方撤销。")
    report = Report.objects.get(item=row, round=row.round - 1)
    was = {"kind": report.kind, "value": report.value, "note": report.note}
    if row.draft != was or row.draft_by_id != report.entered_by_id:
        raise Conflict("社区已经开始修改，不能撤销退回；请等社区重报后再审。")
    row.round -= 1
    row.state = ItemState.SUBMITTED
    row.draft, row.draft_by, row.draft_at = None, None, None
    row.save(update_fields=["round", "state", "draft", "draft_by", "draft_at"])
