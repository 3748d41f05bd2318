"""The closing checklist: four counts that add up, the list behind each, unlocks by the clock, what moved since."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.choices import Axis, Outcome, Step
from scoring.models import AssessmentItem, Period
from scoring.selectors.after_closing import after_closing
from scoring.selectors.checklist import ClosingCounts, closing_counts
from scoring.selectors.desk import desk
from scoring.selectors.month_items import Wish, month_items, places_of
from scoring.selectors.responsibilities import serving_names
from scoring.selectors.unlocks import unlocked_for, unlocks_of
from scoring.services.ruling import rule_item
from scoring.services.unlock import unlock_item
from tests.people import Town
from tests.scoring.month import (
    at,
    close_month,
    item_of,
    not_applicable,
    on,
    open_month,
    report_all,
    review,
    review_all,
    settle_month,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def period(town: Town) -> Period:
    """Items at every step, a gap, a claim, a return."""
    found = open_month(town)
    report_all(town, found, organisations=[town.fuhou, town.jindi], entries={3: not_applicable()})
    report_all(town, found, organisations=[town.fangou])
    review_all(town, found, axes=[Axis.STREET], organisations=[town.fuhou])
    review_all(town, found, axes=[Axis.TASK_FORCE], organisations=[town.fuhou], numbers=[1, 2])
    review(town, item_of(found, town.jindi, 2), Axis.STREET)
    review(town, item_of(found, town.jindi, 2), Axis.TASK_FORCE, Outcome.SET, "6.00", "缺档案。")
    review(town, item_of(found, town.jindi, 5), Axis.STREET, Outcome.RETURN, reason="日期有误。")
    return found


def four(counts: ClosingCounts) -> tuple[int, ...]:
    return counts.not_reported, counts.at_street, counts.at_task_force, counts.settled


def test_every_item_counts_once_by_street_and_by_star(town: Town, period: Period) -> None:
    found = desk(period)
    assert found.counts.total == AssessmentItem.objects.filter(assessment__period=period).count() == 30
    assert four(found.counts) == (9, 13, 6, 2)
    assert found.counts == closing_counts(period)
    for lines in (found.streets, found.stars):
        assert [sum(each) for each in zip(*(four(line.counts) for line in lines), strict=True)] == [9, 13, 6, 2]
    assert (found.counts.gaps, found.counts.claims, found.unlocked) == (1, 2, 0)
    assert [line.name for line in found.unsigned] == ["西大街道"]


def test_behind_every_number_stands_the_list_of_its_items(town: Town, period: Period) -> None:
    found = desk(period)
    for step in Step.values:
        assert len(places_of(period, Wish(step=step))) == getattr(found.counts, step)
        for street in found.streets:
            assert len(places_of(period, Wish(step=step, street=street.code))) == getattr(street.counts, step)
        for star in found.stars:
            wish = Wish(step=step, star=star.code, track=star.track)
            assert len(places_of(period, wish)) == getattr(star.counts, step)
    (row,) = month_items(places_of(period, Wish(step="gap")))
    assert (row.community, row.reported, row.street, row.task_force, row.step, row.is_gap) == (
        *("金地社区", "10", "10", "6", "待专班核验", True),
    )


def test_each_star_names_its_task_force(town: Town, period: Period) -> None:
    named = serving_names(period)
    assert {named[line.track, line.code] for line in desk(period).stars} == {
        *("支部过硬专班", "共建共享专班", "平安法治专班", "幸福和谐专班", "宜业兴业专班"),
    }
    assert named["agricultural", "industry_prosperity"] == "宜业兴业专班"


def test_the_checklist_and_its_lists_take_few_queries(town: Town, period: Period, client: Any) -> None:
    close_month(town, period)
    client.force_login(town.wang.user)
    for path in ("close/", "items/?step=at_street&street=411002001&star=safety_law&track=urban", "unlocks/"):
        client.get(f"/periods/2026-09/{path}")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/periods/2026-09/{path}").status_code == 200
        assert (path, len(captured) <= 12) == (path, True), [one["sql"][:90] for one in captured]


# -- unlocking by the clock


def unlock(town: Town, period: Period, number: int = 5) -> AssessmentItem:
    close_month(town, period)
    item = item_of(period, town.jindi, number)
    with on("2026-09", 43):
        unlock_item(actor=town.wang, item=item, until=at("2026-09", 44, 18), reason="补材料。")
    return item


def test_whoever_works_on_an_unlocked_item_finds_it_until_the_clock_locks_it(town: Town, period: Period) -> None:
    unlock(town, period)
    concerned = (town.jindi, town.xida, town.task_forces[2])
    with on("2026-09", 44, 17, 59):
        assert [[row.task for row in unlocked_for(one)] for one in concerned] == [["第5项“网格巡查和矛盾调解”"]] * 3
        assert [unlocked_for(one) for one in (town.fuhou, town.wuyi, town.task_forces[0])] == [[], [], []]
        assert (desk(period).unlocked, [row.is_open for row in unlocks_of(period)]) == (1, [True])
    with on("2026-09", 44, 18):
        assert [unlocked_for(one) for one in concerned] == [[], [], []]
        assert (desk(period).unlocked, [row.is_open for row in unlocks_of(period)]) == (0, [False])


def test_the_community_reads_on_its_home_page_until_when_and_why(town: Town, period: Period, client: Any) -> None:
    unlock(town, period)
    client.force_login(town.chen.user)
    with on("2026-09", 43, 12):
        text = client.get("/").text
    assert ("限时解锁的事项" in text, "10月14日 18:00 以前可以改" in text, "王立" in text, "补材料。" in text) == (
        True,
    ) * 4
    with on("2026-09", 45):
        assert "限时解锁的事项" not in client.get("/").text


# -- nothing moved


def test_nothing_moved_since_the_close(town: Town, period: Period) -> None:
    settle_month(town, period)
    close_month(town, period)
    found = after_closing(Period.objects.get(pk=period.pk))
    assert (found.has_moved, found.since) == (False, [])
    assert found.last is not None
    assert (found.last.title, found.last.place, found.last.by) == ("批量认定", "16 项", "王立")


def test_what_was_done_since_the_close_is_listed(town: Town, period: Period) -> None:
    item = unlock(town, period)
    closed = Period.objects.get(pk=period.pk)
    with on("2026-09", 43, 11):
        assert (after_closing(closed).has_moved, [act.title for act in after_closing(closed).since]) == (
            False,
            ["限时解锁"],
        )
        rule_item(actor=town.wang, item=item, points="14", reason="现场看过。")
    found = after_closing(closed)
    assert found.has_moved
    assert [(act.title, act.place, act.reason) for act in found.since] == [
        ("认定", "金地社区第5项“网格巡查和矛盾调解”", "现场看过。"),
        ("限时解锁", "金地社区第5项“网格巡查和矛盾调解”", "补材料。"),
    ]
