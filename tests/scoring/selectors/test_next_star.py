"""The way to each star not won: on the page, at the item, over the API; the same words, for the same readers."""

from __future__ import annotations

import pytest
from django.test import Client

from scoring.choices import Axis, Outcome
from scoring.models import Rating
from scoring.selectors.next_star import advices_of
from scoring.services.ruling import rule_item
from tests.queries import queries_of
from tests.scoring.month import Month, close_month, level, month, not_applicable, on, points, report_all, review

__all__ = ["month"]

SENTENCE = "共建共享星还差 4 分：第 3 项“物业服务覆盖”从 8 分提高到 12 分，即可达标。"


def advice(month: Month) -> dict[str, str]:
    rows = Rating.objects.filter(assessment=month.assessment()).select_related(
        "assessment__period", "assessment__rubric"
    )
    return {one.code: one.text for one in advices_of(rows)[month.assessment().pk]}


@pytest.fixture
def short(month: Month) -> Month:
    """府后 lacks 共建共享星 (8 of 12, 4 of 8 points) and 平安法治星 (0 of 20)."""
    town = month.town
    fallen = {3: level(1), 4: points("4.00"), 5: level(2)}
    report_all(town, month.period, organisations=[town.fuhou], entries=fallen)
    return month


def test_without_peers_full_points_are_the_bound(short: Month) -> None:
    assert advice(short) == {
        "joint_sharing": SENTENCE,
        "safety_law": "平安法治星还差 16 分：第 5 项“网格巡查和矛盾调解”从 0 分提高到 20 分，即可达标。",
    }


def test_peers_bound_what_is_within_reach(short: Month) -> None:
    town = short.town
    report_all(town, short.period, organisations=[town.jindi], entries={3: level(1), 4: points("7"), 5: level(1)})
    assert advice(short) == {
        "joint_sharing": "共建共享星本月没有办法达到：最多还能增加 3 分，还差 4 分。",
        "safety_law": "平安法治星本月没有办法达到：最多还能增加 14 分，还差 16 分。",
    }


def test_peers_of_the_other_track_say_nothing(short: Month) -> None:
    report_all(short.town, short.period, organisations=[short.town.fangou], entries={5: level(1)})
    assert advice(short)["joint_sharing"] == SENTENCE
    assert "20 分" in advice(short)["safety_law"]


def test_a_claim_is_taken_for_confirmed(month: Month) -> None:
    entries = {3: not_applicable(), 4: points("4.00")}
    report_all(month.town, month.period, organisations=[month.town.fuhou], entries=entries)
    assert advice(month) == {
        "joint_sharing": "共建共享星还差 2.4 分（按第 3 项“不涉及”获确认计算）："
        "第 4 项“共建联席会议”从 4 分提高到 7 分，即可达标。"
    }


def test_what_the_office_has_ruled_is_not_advised(short: Month) -> None:
    with on("2026-09", 35):
        rule_item(actor=short.town.wang, item=short.item(3), points="8.00", reason="现场核实。")
    assert advice(short)["joint_sharing"] == (
        "共建共享星还差 4 分：第 4 项“共建联席会议”从 4 分提高到 8 分，即可达标。"
    )


def test_the_page_shows_it_once_everything_is_reported(client: Client, short: Month) -> None:
    client.force_login(short.town.lin.user)
    assert SENTENCE in client.get(f"/assessments/{short.assessment().pk}/").content.decode()
    client.force_login(short.town.chen.user)
    assert "怎样再得一星" not in client.get(f"/assessments/{short.assessment(short.town.jindi).pk}/").content.decode()


@pytest.mark.parametrize(("key", "sees"), [("lin", True), ("zhou", True), ("wang", True), ("zheng2", False)])
def test_the_item_shows_it_to_whoever_sees_the_result(client: Client, short: Month, key: str, sees: bool) -> None:
    client.force_login(short.town.everybody[key].user)
    answer = client.get(f"/items/{short.item(4).pk}/")
    assert (answer.status_code, SENTENCE in answer.content.decode()) == (200, sees)


def test_a_lowered_item_shows_in_the_advice(short: Month) -> None:
    review(short.town, short.item(7), Axis.TASK_FORCE, Outcome.SET, "0", "没有场所。")
    assert advice(short)["happiness_harmony"] == (
        "幸福和谐星还差 6 分：第 7 项“文化活动场所”从 0 分提高到 10 分，即可达标。"
    )


def test_the_api_says_it_until_the_month_is_closed(client: Client, short: Month) -> None:
    client.force_login(short.town.lin.user)
    own = client.get("/api/v1/ratings/").json()["results"][0]["next_stars"]
    assert own[0] == {
        "code": "joint_sharing",
        "name": "共建共享星",
        "is_reachable": True,
        "missing": "4.00",
        "gain": "4.00",
        "tasks": [{"number": 3, "title": "物业服务覆盖", "now": "8.00", "to": "12.00"}],
        "text": SENTENCE,
    }
    close_month(short.town, short.period)
    assert client.get("/api/v1/ratings/").json()["results"][0]["next_stars"] is None


def test_pages_with_advice_keep_to_twelve_queries(short: Month) -> None:
    pages = [f"/assessments/{short.assessment().pk}/", f"/items/{short.item(4).pk}/", "/api/v1/ratings/"]
    costs = [queries_of(short.town.lin, page) for page in pages]
    assert all(cost <= limit for cost, limit in zip(costs, (12, 12, 8), strict=True)), costs
