"""The two axes of review. Each leaves a Review; a return opens a new round for that item alone. Rules 5 and 6."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import transaction

from branches.acting import Officer
from core import clock
from core.errors import Conflict, Invalid
from core.immutability import row_digests
from core.services import audit
from core.text import parse_points
from scoring.calc.frozen import FrozenTask
from scoring.choices import ItemState, Outcome, ReportBasis, ReportKind, ReviewBasis
from scoring.models import AssessmentItem, Report, Review
from scoring.permissions import can_review
from scoring.selectors.current import CurrentItem, current_items
from scoring.selectors.last_month import LAST_MONTH, is_as_settled, last_month
from scoring.services.entries import clean_reason
from scoring.services.locking import bump_versions, expect_version, lock_assessments
from scoring.services.rating import recompute_assessments
from scoring.services.report import start_next_round


@dataclass(slots=True)
class BulkResult:
    """What a bulk act did: how many rows, which items it left with the reason why, how many of them for want of the
    right, and under which number the act can be taken back."""

    done: int = 0
    forbidden: int = 0
    batch: str = ""
    skipped: list[tuple[int, str]] = field(default_factory=list)


@transaction.atomic
def review_item(
    *,
    actor: Officer,
    item: AssessmentItem,
    axis: str,
    outcome: str,
    points: Any = None,
    reason: str = "",
    basis: str = ReviewBasis.CHECKED,
    expected_version: int | None = None,
) -> Review:
    """One axis' view of one item: agree, set other points (reason), return (reason) or confirm 不涉及.

    A second view of the same axis is its next revision. Raises Forbidden, Conflict or Invalid; nothing is half done.
    """
    lock_assessments([item.assessment_id])
    current = current_items(AssessmentItem.objects.filter(pk=item.pk))[0]
    expect_version(current.item, expected_version)  # first: somebody else's act is the reason for most other refusals
    can_review(actor, current, axis).require()
    given = given_points(current, outcome, points)
    needs_reason = outcome in (Outcome.SET, Outcome.RETURN)
    review = new_review(actor, current, axis, outcome, given, clean_reason(reason, required=needs_reason), basis)
    review.save(force_insert=True)
    if outcome == Outcome.RETURN:
        start_next_round(current, ItemState.RETURNED)
    else:
        bump_versions([current.item.pk])
    recompute_assessments(current.assessment.period, [current.assessment.pk])
    audit.record(
        actor=actor,
        verb=f"scoring.review.{outcome}",
        subject=current.item,
        payload={"axis": str(axis), "task": current.task.key, "row_digests": row_digests([review])},
    )
    return review


@transaction.atomic
def review_items(
    *,
    actor: Officer,
    axis: str,
    items: Iterable[AssessmentItem],
    basis: str = ReviewBasis.CHECKED,
    expected_versions: Mapping[int, int] | None = None,
) -> BulkResult:
    """Agree with many items of a month at once. What this officer may not agree to in bulk is left, each with its
    reason: not hers, a claim, reviewed before, changed since she saw it, or not as last month with that basis.
    Such an agreement is recorded as one that looked at no item (`as_last_month` of a state that was confirmed,
    `in_bulk` of any value that settled just so last month)."""
    rows = list(items)
    lock_assessments({row.assessment_id for row in rows})
    result = BulkResult()
    agreed: list[CurrentItem] = []
    asked = AssessmentItem.objects.filter(pk__in=[row.pk for row in rows])
    found = current_items(asked.annotate(**LAST_MONTH) if basis == ReviewBasis.IN_BULK else asked)
    if len({current.assessment.period_id for current in found}) > 1:
        raise Conflict("一次只能办理同一个月的事项。")
    for current in found:
        expected = (expected_versions or {}).get(current.item.pk)
        permit = can_review(actor, current, axis)
        result.forbidden += not permit
        reason = permit.reason or _why_not_in_bulk(current, axis, basis, expected)
        if reason:
            result.skipped.append((current.item.pk, reason))
        else:
            agreed.append(current)
    if agreed:
        result.done, result.batch = len(agreed), uuid4().hex
        _agree(actor, axis, agreed, basis, result.batch)
    return result


def _agree(actor: Officer, axis: str, agreed: Sequence[CurrentItem], basis: str, batch: str) -> None:
    reviews = [
        new_review(actor, current, axis, Outcome.AGREE, _reported(current).points, "", basis) for current in agreed
    ]
    for review in reviews:
        review.batch = batch
    Review.objects.bulk_create(reviews)
    bump_versions([current.item.pk for current in agreed])
    period = agreed[0].assessment.period
    recompute_assessments(period, {current.assessment.pk for current in agreed})
    audit.record(
        actor=actor,
        verb="scoring.review.bulk",
        subject=period,
        payload={"axis": str(axis), "basis": str(basis), "items": len(reviews), "row_digests": row_digests(reviews)},
    )


def _why_not_in_bulk(current: CurrentItem, axis: str, basis: str, expected: int | None) -> str:
    if expected is not None and current.item.version != expected:
        return "该事项刚有变化，请刷新后核对。"
    if _reported(current).kind == ReportKind.NOT_APPLICABLE:
        return "不涉及须逐项确认。"
    if current.review_on(axis) is not None:
        return "该事项已审核；要改意见请逐项办理。"
    if basis == ReviewBasis.AS_LAST_MONTH and _reported(current).basis != ReportBasis.UNCHANGED:
        return "该事项与上月不同，请逐项核验。"
    if basis == ReviewBasis.IN_BULK and not is_as_settled(_reported(current), last_month(current)):
        return "该事项数值与上月认定的不同，请逐项核验。"
    return ""


def given_points(current: CurrentItem, outcome: str, points: Any) -> Decimal | None:
    """The points a review states; Invalid when they do not fit the outcome or the task."""
    report = _reported(current)
    if outcome == Outcome.RETURN:
        return None
    if outcome == Outcome.NOT_APPLICABLE:
        if report.kind != ReportKind.NOT_APPLICABLE:
            raise Conflict("社区没有报不涉及，不能确认不涉及。")
        return None
    if outcome == Outcome.AGREE:
        if report.kind == ReportKind.NOT_APPLICABLE:
            raise Conflict("社区报的是不涉及：请确认不涉及、改分或退回。")
        return report.points
    if outcome == Outcome.SET:
        return points_within(current.task, points)
    raise Invalid("请选择审核意见。", {"outcome": ["请选择审核意见。"]})


def points_within(task: FrozenTask, points: Any) -> Decimal:
    """Points that a reviewer or the office sets: a number with at most two places, from 0 to full."""
    try:
        return parse_points(format(points, "f") if isinstance(points, Decimal) else points, full=task.full_points)
    except Invalid as error:
        raise _bad_points(task, error.message) from error


def _bad_points(task: FrozenTask, message: str) -> Invalid:
    return Invalid(f"第{task.number}项“{task.title}”：{message}", {"points": [message]})


def _reported(current: CurrentItem) -> Report:
    if current.report is None:
        raise Conflict("该事项本轮尚未报送，不能审核。")
    return current.report


def new_review(
    actor: Officer, current: CurrentItem, axis: str, outcome: str, points: Decimal | None, reason: str, basis: str
) -> Review:
    """An unsaved review of the present round; its revision follows the axis' last one."""
    return Review(
        item=current.item,
        round=current.item.round,
        axis=axis,
        revision=current.revisions.get(axis, 0) + 1,
        outcome=outcome,
        points=points,
        full_points=current.task.full_points,
        reason=reason,
        basis=basis,
        reviewer=actor.person,
        reported_by=_reported(current).entered_by,
        appointment=actor.appointment,
        at=clock.now(),
    )
