"""The ledgers of a street and of a task force: the same content as the communities', looked at from the side."""

from __future__ import annotations

import pytest

from ledgers.calc.frame import NotInContent
from ledgers.calc.street_body import street_body
from ledgers.calc.task_force_body import task_force_body
from tests.ledgers import content as sample

NONE = {"none": "无，上月没有公布考评。"}
FUHOU_CHANGES = [("府后社区", 3, "3.00", "1.50"), ("府后社区", 4, "3.00", "0.00")]


def street(content: dict | None = None) -> dict:
    return street_body(content or sample.publication_content(), sample.STREET, NONE)


def task_force(code: str = sample.TASK_FORCE) -> dict:
    return task_force_body(sample.publication_content(), code, NONE)


def changes(body: dict) -> list[tuple]:
    return [(one["name"], one["number"], one["reported"], one["final"]) for one in body["changes"]]


def test_a_street_has_the_communities_frozen_under_it() -> None:
    body = street()
    assert (body["number"], body["organisation"]) == (
        "street-411002001-2026-10-1",
        {"code": "411002001", "name": "西大街道"},
    )
    assert [[row["name"] for row in table["rows"]] for table in body["tables"]] == [["金地社区", "府后社区"]]
    assert body["summary"] == {"communities": 2, "complete": 2, "items": 58, "late": 1, "empty": 0, "changed": 2}


def test_a_streets_row_has_stars_total_and_place() -> None:
    row = street()["tables"][0]["rows"][0]
    assert [star["verdict"] for star in row["stars"]] == ["得星", "得星", "未得", "得星", "得星"]
    assert (row["total"], row["level_words"], row["place"]) == ("85.50", "四星", "1（并列）")


def test_places_stay_off_paper_where_the_publication_does_not_show_them() -> None:
    content = sample.publication_content()
    content["rules"]["visibility"] = "bands"
    assert street(content)["tables"][0]["shows_places"] is False
    assert street_body(sample.trial(), sample.STREET, {})["tables"][0]["shows_places"] is False


def test_the_matrix_says_what_counts_for_every_task_and_community() -> None:
    matrix = street()["matrices"][0]
    assert (matrix["communities"], len(matrix["rows"])) == (["金地社区", "府后社区"], 29)
    assert [row["finals"] for row in matrix["rows"][2:5]] == [["3.00", "1.50"], ["3.00", "0.00"], ["3.00", "不涉及"]]
    assert [row["voices"] for row in matrix["rows"][2:5]] == [["", "3/1/3"], ["", "3/3/0"], ["", ""]]


def test_what_was_changed_on_the_way_stands_apart_with_its_reason() -> None:
    assert changes(street()) == FUHOU_CHANGES
    assert [one["reason"] for one in street()["changes"]] == ["现场核实一次有效", "未开展"]


def test_a_signature_is_printed_only_if_it_covers_the_whole_street() -> None:
    assert street()["sign_off"] == {"who": "西大街道书记 周正", "on": "2026年11月6日"}
    content = sample.publication_content()
    content["assessments"][0]["sign_off"] = None
    assert street(content)["sign_off"] is None


def test_a_task_force_has_a_table_for_each_star_and_track_it_serves() -> None:
    body = task_force()
    assert body["number"] == "task_force-411002-zb1-2026-10-1"
    assert [(table["star"], table["track_name"], table["count"], table["won"]) for table in body["tables"]] == [
        ("支部过硬星", "城市社区", 2, 2),
        ("支部过硬星", "涉农社区", 1, 0),
    ]
    assert [task["number"] for task in body["tables"][0]["tasks"]] == [1, 2, 3, 4, 5, 6, 7]
    assert body["tables"][0]["rows"][1]["finals"] == ["3.00", "3.00", "1.50", "0.00", "不涉及", "3.00", "3.00"]
    assert body["tables"][0]["rows"][1]["voices"] == ["", "", "3/1/3", "3/3/0", "", "", ""]
    assert (body["tables"][1]["not_won"], body["tables"][1]["not_rated"]) == (1, 0)


def test_silence_is_no_voice_and_a_claim_is_one() -> None:
    rows = [
        table["rows"][0] for table in (task_force("411002-zb1")["tables"][1], task_force("411002-zb2")["tables"][1])
    ]
    assert (rows[0]["finals"][3], rows[0]["voices"][3]) == ("未报", "")
    assert (rows[1]["finals"][3], rows[1]["voices"][3]) == ("不涉及（待确认）", "不涉及/—/—")


def test_a_task_force_prints_the_changes_of_its_own_stars() -> None:
    assert changes(task_force()) == FUHOU_CHANGES
    assert changes(task_force("411002-zb3")) == []


def test_a_star_nobody_could_win_is_not_rated() -> None:
    assert task_force("411002-zb5")["tables"][1]["rows"][0]["verdict"] == "不评"


@pytest.mark.parametrize("code", ["411002999", ""])
def test_who_is_not_in_the_content_has_no_ledger(code: str) -> None:
    with pytest.raises(NotInContent):
        street_body(sample.publication_content(), code, NONE)
    with pytest.raises(NotInContent):
        task_force_body(sample.publication_content(), code, NONE)


def test_a_task_force_whose_stars_are_not_in_the_month_has_no_ledger() -> None:
    content = sample.publication_content()
    content["task_forces"][0]["stars"] = []
    with pytest.raises(NotInContent):
        task_force_body(content, sample.TASK_FORCE, NONE)
