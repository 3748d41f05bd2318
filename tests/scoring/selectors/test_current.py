from __future__ import annotations

from typing import Any

import pytest

from scoring.models import AssessmentItem
from scoring.selectors.current import current_items
from scoring.services.appeal import appeal_item
from scoring.services.unlock import unlock_item
from tests.people import Town
from tests.scoring.month import at, close_month, item_of, on, open_month, report_all, review

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("numbers", [[1], [1, 2, 3, 4, 5, 6, 7, 8]])
def test_items_take_six_queries_whatever_their_number(
    town: Town, numbers: list[int], django_assert_num_queries: Any
) -> None:
    period = open_month(town)
    report_all(town, period)
    with django_assert_num_queries(6):
        found = current_items(AssessmentItem.objects.filter(assessment__period=period, task__number__in=numbers))
        assert all(current.report and current.report.appointment.position.organisation_id for current in found)
        assert {current.gap_width for current in found} == {100}


def test_an_item_knows_who_serves_its_star_its_unlock_and_its_appeal(town: Town) -> None:
    period = open_month(town)
    report_all(town, period)
    item = item_of(period, town.fuhou, 3)
    review(town, item, "street", "set", "8.00", "未全覆盖。")
    with on("2026-09", 34):
        appeal_item(actor=town.lin, item=item, reason="已覆盖。")
    close_month(town, period)
    with on("2026-09", 41, 12):
        unlock_item(actor=town.wang, item=item, until=at("2026-09", 43), reason="补材料。")
    appealed, other = current_items(
        AssessmentItem.objects.filter(assessment__subject=town.fuhou, task__number__in=[3, 5])
    )
    assert (appealed.task_force_id, other.task_force_id) == (town.task_forces[1].pk, town.task_forces[2].pk)
    assert (appealed.unlocked_until, other.unlocked_until) == (at("2026-09", 43), None)
    assert (appealed.has_appeal, other.has_appeal) == (True, False)
