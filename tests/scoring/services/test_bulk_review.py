from __future__ import annotations

import pytest

from core.errors import Conflict
from scoring.choices import Axis, ReviewBasis
from scoring.models import AssessmentItem, Period, Review
from scoring.services.review import review_items
from tests.people import Town
from tests.scoring.month import not_applicable, on, open_month, play_month, report_all, review

pytestmark = pytest.mark.django_db


def items_of(period: Period, town: Town, *numbers: int) -> list[AssessmentItem]:
    rows = AssessmentItem.objects.filter(assessment__period=period)
    return list(rows.filter(assessment__subject=town.fuhou, task__number__in=numbers).order_by("task__number"))


def test_an_item_that_changed_since_it_was_seen_is_left(town: Town) -> None:
    period = open_month(town)
    report_all(town, period)
    seen, changed = items_of(period, town, 1, 2)
    versions = {seen.pk: seen.version, changed.pk: changed.version - 1}
    with on("2026-09", 33):
        result = review_items(actor=town.zhou, axis=Axis.STREET, items=[seen, changed], expected_versions=versions)
    assert (result.done, result.skipped) == (1, [(changed.pk, "该事项刚有变化，请刷新后核对。")])


def test_only_what_is_unchanged_is_agreed_to_as_last_month(town: Town) -> None:
    play_month(town, "2026-08")
    period = open_month(town)
    report_all(town, period)
    unchanged, flow = items_of(period, town, 2, 1)[::-1]
    with on("2026-09", 33):
        result = review_items(
            actor=town.zhou, axis=Axis.STREET, items=[unchanged, flow], basis=ReviewBasis.AS_LAST_MONTH
        )
    assert (result.done, result.skipped) == (1, [(flow.pk, "该事项与上月不同，请逐项核验。")])
    assert list(Review.objects.filter(item=unchanged).values_list("basis", flat=True)) == ["as_last_month"]


def test_claims_and_reviewed_items_are_left_with_the_reason(town: Town) -> None:
    period = open_month(town)
    report_all(town, period, organisations=[town.fuhou], entries={3: not_applicable()})
    reviewed, claim = items_of(period, town, 1, 3)
    review(town, reviewed, Axis.STREET)
    with on("2026-09", 33):
        result = review_items(actor=town.zhou, axis=Axis.STREET, items=[reviewed, claim])
    assert dict(result.skipped) == {
        reviewed.pk: "该事项已审核；要改意见请逐项办理。",
        claim.pk: "不涉及须逐项确认。",
    }


def test_two_months_do_not_go_in_one_act(town: Town) -> None:
    first, second = open_month(town, "2026-08"), open_month(town, "2026-09")
    report_all(town, first)
    with on("2026-09", 33), pytest.raises(Conflict, match="一次只能办理同一个月的事项。"):
        review_items(actor=town.zhou, axis=Axis.STREET, items=items_of(first, town, 1) + items_of(second, town, 1))
