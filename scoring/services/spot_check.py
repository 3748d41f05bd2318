"""抽查核验: a sample is drawn once and kept; what is found on site is recorded, and reviewed by an act of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from branches.acting import Officer
from core import clock
from core.errors import Conflict, Forbidden, Invalid
from core.immutability import row_digests
from core.services import audit
from scoring.calc.sampling import Size
from scoring.choices import DrawnBy, Finding, Outcome, ReviewBasis
from scoring.models import AssessmentItem, Period, Review, SpotCheck, SpotCheckItem, SpotCheckResult
from scoring.permissions import can_record_finding, can_spot_check
from scoring.selectors.current import CurrentItem, current_items
from scoring.selectors.spot_checks import axis_of, is_match, results_in_force
from scoring.selectors.spot_draw import DrawnItem, sample
from scoring.services.entries import clean_reason
from scoring.services.locking import lock_assessments
from scoring.services.review import BulkResult, review_item, review_items

MOST_COMMUNITIES, MOST_ITEMS = 200, 30


@transaction.atomic
def draw_spot_check(*, actor: Officer, period: Period, size: Size, seed: str) -> SpotCheck:
    """Draw and keep a sample. The same seed once more is a Conflict: a double click draws one sample."""
    locked = Period.objects.select_for_update().select_related("programme").get(pk=period.pk)
    can_spot_check(actor, locked).require()
    check_size(size)
    own = SpotCheck.objects.filter(period=locked, organisation=actor.organisation)
    if own.filter(seed=seed).exists():
        raise Conflict("这个样本已经抽取，请在列表中打开。")
    rows = sample(locked, actor.organisation, size, seed)
    if not rows:
        raise Conflict("还没有已报送的事项，不能抽取。")
    spot_check = SpotCheck.objects.create(
        period=locked,
        organisation=actor.organisation,
        number=own.count() + 1,
        seed=seed,
        communities=size.places,
        items_each=size.items_each,
        doubtful_percent=size.doubtful_percent,
        drawn_by=actor.person,
        appointment=actor.appointment,
        at=clock.now(),
    )
    drawn = SpotCheckItem.objects.bulk_create([_drawn(spot_check, row) for row in rows])
    audit.record(
        actor=actor,
        verb="scoring.spot_check.draw",
        subject=spot_check,
        payload={"seed": seed, "items": len(drawn), "row_digests": row_digests([spot_check, *drawn])},
    )
    return spot_check


@transaction.atomic
def record_finding(
    *, actor: Officer, drawn: SpotCheckItem, result: str, text: Any = "", expected_revision: int | None = None
) -> SpotCheckResult:
    """What was found of one drawn item; 不符 says how. The next result replaces it and leaves it readable.

    Raises Conflict when somebody has recorded in the meantime.
    """
    lock_assessments([drawn.item.assessment_id])
    current = _current(drawn.item)
    can_record_finding(actor, drawn.spot_check).require()
    if actor.person.pk in current.report_writers:
        raise Forbidden("不能核验本人填报的事项，请由其他人员核验。")
    if result not in Finding.values:
        raise Invalid("请选择相符或不符。", {"result": ["请选择相符或不符。"]})
    known = drawn.results.count()
    if expected_revision is not None and known != expected_revision:
        raise Conflict("该事项刚有人记录，请刷新后核对再记。")
    found = SpotCheckResult.objects.create(
        drawn=drawn,
        revision=known + 1,
        round=current.item.round,
        result=result,
        text=clean_reason(text, field="text", label="核验情况", required=result == Finding.DIFFERS),
        checked_by=actor.person,
        appointment=actor.appointment,
        at=clock.now(),
    )
    audit.record(
        actor=actor,
        verb="scoring.spot_check.record",
        subject=current.item,
        payload={"task": current.task.key, "result": str(result), "row_digests": row_digests([found])},
    )
    return found


@transaction.atomic
def review_finding(
    *, actor: Officer, drawn: SpotCheckItem, outcome: str, points: Any = None, expected_version: int | None = None
) -> Review:
    """Review an item that was found to differ: set points or return it; the reason is what was found."""
    if outcome not in (Outcome.SET, Outcome.RETURN):
        raise Invalid("不符的请改分或退回。", {"outcome": ["不符的请改分或退回。"]})
    found = results_in_force([drawn.pk]).get(drawn.pk)
    if found is None or found.result != Finding.DIFFERS:
        raise Conflict("该事项没有记录为不符，请先记录抽查结果。")
    if found.round != drawn.item.round:
        raise Conflict("记录之后该事项已退回重报，请重新核验。")
    return review_item(
        actor=actor,
        item=drawn.item,
        axis=axis_of(drawn.spot_check),
        outcome=outcome,
        points=points,
        reason=found.text,
        basis=ReviewBasis.SPOT_CHECK,
        expected_version=expected_version,
    )


@transaction.atomic
def agree_matching(*, actor: Officer, spot_check: SpotCheck, expected_versions: Mapping[int, int]) -> BulkResult:
    """Agree with the items of a sample that were found to match and that this axis has not reviewed yet."""
    found = results_in_force(spot_check.items.values("pk"))
    asked = [
        drawn.item
        for drawn in spot_check.items.select_related("item")
        if drawn.item_id in expected_versions and is_match(found.get(drawn.pk), drawn.item)
    ]
    return review_items(
        actor=actor,
        axis=axis_of(spot_check),
        items=asked,
        basis=ReviewBasis.SPOT_CHECK,
        expected_versions=expected_versions,
    )


def check_size(size: Size) -> None:
    """Refuse a sample of nothing and one that nobody can walk through."""
    faults = {
        "communities": _range_fault("社区数", size.places, 1, MOST_COMMUNITIES),
        "items_each": _range_fault("每个社区项数", size.items_each, 1, MOST_ITEMS),
        "doubtful_percent": _range_fault("疑点占比", size.doubtful_percent, 0, 100),
    }
    errors = {field: [fault] for field, fault in faults.items() if fault}
    if errors:
        raise Invalid("；".join(fault.rstrip("。") for [fault] in errors.values()) + "。", errors)


def _range_fault(label: str, value: int, least: int, most: int) -> str:
    return "" if least <= value <= most else f"{label}须在 {least} 至 {most} 之间。"


def _drawn(spot_check: SpotCheck, row: DrawnItem) -> SpotCheckItem:
    why = DrawnBy.DOUBT if row.is_doubtful else DrawnBy.CHANCE
    return SpotCheckItem(spot_check=spot_check, item=row.current.item, why=why, doubts=row.doubts)


def _current(item: AssessmentItem) -> CurrentItem:
    return current_items(AssessmentItem.objects.filter(pk=item.pk))[0]
