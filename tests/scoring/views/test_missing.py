"""谁还没报、没审: names and counts to paste, no points; the office all streets, a street its own."""

from __future__ import annotations

import pytest
from django.test import Client

from scoring.choices import Axis, Outcome
from tests.queries import queries_of
from tests.scoring.month import Month, month, on, report_all, review

__all__ = ["month"]
pytestmark = pytest.mark.django_db


def page(month: Month, key: str) -> str:
    client = Client()
    client.force_login(month.town.everybody[key].user)
    with on("2026-09", 34):
        return client.get("/periods/2026-09/missing/").content.decode()


@pytest.fixture
def half(month: Month) -> Month:
    """金地 reported and had one returned, 府后 reported five; nobody at 五一路 reported."""
    town = month.town
    report_all(town, month.period, organisations=[town.jindi])
    report_all(town, month.period, organisations=[town.fuhou], numbers=range(1, 6))
    review(town, month.item(1, town.jindi), Axis.STREET, Outcome.RETURN, reason="请补材料。")
    return month


def test_the_office_gets_every_street_by_name_and_count(half: Month) -> None:
    text = page(half, "wang")
    assert "西大街道（2个）：金地社区退回1项、府后社区3项" in text
    assert "五一路街道（2个）：光明社区8项、樊沟社区6项" in text
    assert "西大街道：12项待审" in text
    assert "支部过硬专班：3项待核验" in text
    assert "分数" not in text.partition("<textarea")[2].rpartition("</textarea>")[0]


def test_a_street_gets_its_own_communities(half: Month) -> None:
    text = page(half, "zhou")
    assert "金地社区退回1项、府后社区3项" in text
    assert "府后社区：5项待审" in text
    assert "光明社区" not in text
    assert "专班：" not in text


def test_when_all_is_done_it_says_so(month: Month) -> None:
    report_all(month.town, month.period)
    text = page(month, "wang")
    assert "各社区都报完了，谢谢。" in text
    assert "没有了" in text


def test_the_page_asks_the_same_whoever_is_missing(half: Month) -> None:
    before = queries_of(half.town.wang, "/periods/2026-09/missing/")
    report_all(half.town, half.period)
    assert queries_of(half.town.wang, "/periods/2026-09/missing/") == before <= 12
