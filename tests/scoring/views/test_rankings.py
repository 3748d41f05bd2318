from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from branches.acting import Officer
from branches.models import Organisation
from scoring.choices import Axis, ReportKind, Visibility
from scoring.models import ProgrammeYear, Publication
from scoring.services.correction import Correction, correct_publication
from tests.people import Town
from tests.scoring.month import (
    close_month,
    item_of,
    on,
    open_month,
    play_month,
    publish_month,
    report_all,
    review,
    review_all,
    set_up_programme,
    settle_month,
)

pytestmark = pytest.mark.django_db
RANKING = "/rankings/2026-09/"


def publish(town: Town, visibility: str, lowered: Organisation | None = None) -> Publication:
    """September: 金地 full points, 府后 (or `lowered`) four less, 光明 not complete."""
    programme = set_up_programme(town)
    ProgrammeYear.objects.filter(programme=programme).update(visibility=visibility)
    period = open_month(town)
    report_all(town, period, organisations=[town.fuhou, town.jindi, town.fangou])
    review(town, item_of(period, lowered or town.fuhou, 2), Axis.TASK_FORCE, "set", "6.00", "缺档案。")
    review_all(town, period, axes=[Axis.TASK_FORCE])
    settle_month(town, period)
    close_month(town, period)
    return publish_month(town, period)


def get(officer: Officer, path: str = RANKING) -> Any:
    client = Client()
    client.force_login(officer.user)
    with on("2026-09", 43):
        return client.get(path)


def urban(response: Any) -> list[tuple[str, str, str, bool]]:
    return [
        (row["place"], row["name"], row["total"], bool(row["stars"]))
        for table in response.context["tables"]
        if table["title"] == "城市社区"
        for row in table["rows"]
    ]


@pytest.mark.parametrize(
    ("visibility", "key", "rows", "incomplete"),
    [
        (
            Visibility.WITH_POINTS,
            "lin",
            [("1", "金地社区", "100.00", True), ("2", "府后社区", "96.00", True)],
            ["光明社区"],
        ),
        (Visibility.ORDER, "lin", [("1", "金地社区", "—", False), ("2", "府后社区", "96.00", True)], ["光明社区"]),
        (Visibility.BANDS, "lin", [("—", "金地社区", "—", False), ("2", "府后社区", "96.00", True)], ["光明社区"]),
        (Visibility.OFF, "lin", [("2", "府后社区", "96.00", True)], []),
        (Visibility.OFF, "zheng1", [], []),
        (Visibility.OFF, "zhou", [("1", "金地社区", "100.00", True), ("2", "府后社区", "96.00", True)], []),
        (Visibility.OFF, "wang", [("1", "金地社区", "100.00", True), ("2", "府后社区", "96.00", True)], ["光明社区"]),
        (Visibility.OFF, "reader", [("1", "金地社区", "100.00", True), ("2", "府后社区", "96.00", True)], ["光明社区"]),
    ],
)
def test_visibility_is_what_the_publication_fixed(
    town: Town, visibility: str, key: str, rows: list[tuple[str, str, str, bool]], incomplete: list[str]
) -> None:
    publish(town, visibility)
    response = get(town.everybody[key])
    assert urban(response) == rows
    assert [row["name"] for row in response.context["incomplete"]] == incomplete


def test_what_is_hidden_is_not_in_the_page(town: Town) -> None:
    publish(town, Visibility.OFF)
    text = get(town.lin).text
    assert ("府后社区" in text, "金地社区" in text, "光明社区" in text) == (True, False, False)
    assert "一星 1 个" not in text


def test_bands_hide_the_order(town: Town) -> None:
    """府后 leads and stands behind by code: the order of the rows must not tell the places."""
    publish(town, Visibility.BANDS, lowered=town.jindi)
    assert [row[1] for row in urban(get(town.wang))] == ["府后社区", "金地社区"]
    assert [row[1] for row in urban(get(town.zheng[0]))] == ["金地社区", "府后社区"]


def test_own_rows_are_marked(town: Town) -> None:
    publish(town, Visibility.WITH_POINTS)
    marked = [row["name"] for table in get(town.lin).context["tables"] for row in table["rows"] if row["is_own"]]
    assert marked == ["府后社区"]


def test_a_community_reads_its_own_place_above_the_table(town: Town) -> None:
    publish(town, Visibility.ORDER)
    own = {key: get(town.everybody[key]).context["own_row"] for key in ("lin", "zhou", "wang")}
    assert (own["lin"]["name"], own["lin"]["place"], own["lin"]["out_of"], own["lin"]["total"]) == (
        "府后社区",
        "2",
        2,
        "96.00",
    )
    assert (own["zhou"], own["wang"]) == (None, None)


@pytest.mark.parametrize(
    ("visibility", "seen"),
    [
        (Visibility.WITH_POINTS, [("金地社区", "五星→四星", 1, True), ("府后社区", "", 0, True)]),
        (Visibility.ORDER, [("金地社区", "五星→四星", 0, True), ("府后社区", "", 0, True)]),
        (Visibility.BANDS, [("金地社区", "五星→四星", 0, False), ("府后社区", "", 0, True)]),
        (Visibility.OFF, [("府后社区", "", 0, True)]),
    ],
)
def test_changes_are_shown_as_far_as_the_publication_allows(
    town: Town, visibility: str, seen: list[tuple[str, str, int, bool]]
) -> None:
    """金地 loses a star over its fifth item; 府后 loses four points and no star."""
    play_month(town, "2026-08")
    ProgrammeYear.objects.update(visibility=visibility)
    period = open_month(town)
    report_all(town, period)
    review(town, item_of(period, town.jindi, 5), Axis.TASK_FORCE, "set", "14.00", "巡查不足。")
    review(town, item_of(period, town.fuhou, 4), Axis.TASK_FORCE, "set", "6.00", "少开一次。")
    review_all(town, period, axes=[Axis.TASK_FORCE])
    settle_month(town, period)
    close_month(town, period)
    publish_month(town, period)
    page = get(town.lin)
    rows = [(row.name, row.levels, len(row.stars), bool(row.place)) for row in page.context["changes"]]
    assert rows == seen
    assert ("平安法治星 −1：第5项 −6" in page.text) is (visibility == Visibility.WITH_POINTS)
    assert ("总分 100→98：第4项 −2" in page.text, "给领导的一句话" in page.text) == (True, False)
    whole = get(town.reader)
    assert ("平安法治星 −1：第5项 −6" in whole.text, "主要因平安法治星1 个社区未保住" in whole.text) == (True, True)


@pytest.mark.parametrize("key", ["sysadmin", "secadmin", "auditor"])
def test_administrators_see_no_ranking(town: Town, key: str) -> None:
    publish(town, Visibility.WITH_POINTS)
    assert get(town.everybody[key]).status_code == 404
    assert list(get(town.everybody[key], "/rankings/").context["rows"]) == []


def test_nothing_is_ranked_before_publication(town: Town) -> None:
    open_month(town)
    assert get(town.wang).status_code == 404
    assert get(town.wang, "/rankings/2026-10/").status_code == 404


@pytest.mark.parametrize("number", ["2", "-1", "x", "1" * 400])
def test_a_number_that_was_never_published(town: Town, number: str) -> None:
    publish(town, Visibility.WITH_POINTS)
    assert get(town.wang, f"{RANKING}?number={number}").status_code == (404 if number == "2" else 200)


def test_a_corrected_month_keeps_the_superseded_ranking_readable(town: Town) -> None:
    publication = publish(town, Visibility.WITH_POINTS)
    with on("2026-09", 44):
        correct_publication(
            actor=town.wang,
            second=town.wang2,
            period=publication.period,
            corrections=[Correction(item_of(publication.period, town.fuhou, 2), ReportKind.POINTS, "10.00", "补录。")],
            reason="档案补录。",
        )
    old, new = get(town.lin, f"{RANKING}?number=1"), get(town.lin)
    assert ("已被第 2 次公布更正取代" in old.text, "已被第 2 次公布更正取代" in new.text) == (True, False)
    assert [row[:3] for row in urban(old)] == [("1", "金地社区", "100.00"), ("2", "府后社区", "96.00")]
    assert [row[:3] for row in urban(new)] == [("并列 1", "金地社区", "100.00"), ("并列 1", "府后社区", "100.00")]
    assert "档案补录。" in new.text
    (corrected,) = new.context["corrected"]
    assert (corrected.name, corrected.points, corrected.place) == (
        *("府后社区", "总分 96→100：第2项 +4", "第 2→第 1（升 1 位）"),
    )
    assert (old.context["corrected"], new.context["notice"]["title"][-14:]) == (
        None,
        "情况的通报（第 2 次公布，更正）"[-14:],
    )
    listed = get(town.lin, "/rankings/").text
    assert (listed.count("已被取代"), listed.count("现行")) == (1, 1)


def test_the_rule_and_the_signature_stand_on_the_page(town: Town) -> None:
    publish(town, Visibility.WITH_POINTS)
    text = get(town.lin).text
    assert ("相同的并列，下一名次顺延" in text, "王立" in text, "测算（未定星）" in text) == (True, True, True)
    assert "示例，待区委组织部确认" in text


def test_the_ranking_takes_few_queries(town: Town) -> None:
    publish(town, Visibility.WITH_POINTS)
    client = Client()
    client.force_login(town.lin.user)
    client.get(RANKING)
    with CaptureQueriesContext(connection) as captured:
        client.get(RANKING)
    assert len(captured) <= 12


def test_own_communities_are_marked_but_not_for_who_owns_all(town: Town) -> None:
    publish(town, Visibility.WITH_POINTS)
    marked = {
        key: (
            answer.context["own_word"],
            [row["name"] for table in answer.context["tables"] for row in table["rows"] if row["is_own"]],
        )
        for key in ("lin", "zhou", "wang", "zheng1")
        if (answer := get(town.everybody[key]))
    }
    assert marked["lin"] == ("本社区", ["府后社区"])
    assert marked["zhou"] == ("本街道", ["金地社区", "府后社区"])
    assert (marked["wang"][1], marked["zheng1"][1]) == ([], [])
