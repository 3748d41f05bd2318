"""The month that other tests stand on plays from opening to publication."""

import time

from scoring.models import AssessmentItem
from tests.people import Town
from tests.scoring.month import Month, month, open_month, play_month, sample_editions

__all__ = ["month"]


def test_a_month_plays_from_opening_to_publication(town: Town) -> None:
    content = play_month(town).data
    assert [(row["name"], row["total"], row["place"]) for row in content["standings"]] == [
        ("金地社区", "100.00", 1),
        ("府后社区", "100.00", 1),
        ("光明社区", "100.00", 1),
        ("樊沟社区", "100.00", 1),
    ]


def test_states_open_filled_from_last_month(town: Town) -> None:
    play_month(town, "2026-09")
    october = open_month(town, "2026-10")
    rows = AssessmentItem.objects.filter(assessment__period=october, assessment__subject=town.fuhou)
    filled = rows.filter(prefilled_from__isnull=False, look_reason="").values_list("task__number", flat=True)
    assert sorted(filled) == [2, 3, 7, 8]


def test_the_month_is_cheap(town: Town) -> None:
    begun = time.process_time()
    open_month(town)
    assert time.process_time() - begun < 2


def test_the_shipped_rubrics_can_be_played(town: Town) -> None:
    period = open_month(town, editions=sample_editions())
    assert AssessmentItem.objects.filter(assessment__period=period).count() == 29 * 4


def test_the_fixture_finds_items(month: Month) -> None:
    assert month.item(3).task.title == "物业服务覆盖"
