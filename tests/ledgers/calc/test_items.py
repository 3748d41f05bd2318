"""The table of items: the whole district task by task, in the body, as a picture and in the workbook."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.canonical import digest
from core.charts import Cell, heat_table
from ledgers.calc.frame import is_read_by_all
from ledgers.calc.items_body import items_body
from ledgers.calc.pictures import FIRST_SHEET, SHEET, item_sheets
from ledgers.calc.sheets import sheets_of
from tests.ledgers import content as sample

NONE = {"none": "无，上月没有公布考评。"}


def body(content: dict[str, Any] | None = None) -> dict[str, Any]:
    return items_body(content or sample.publication_content(), sample.DISTRICT, NONE)


def test_the_digest_of_the_frozen_example_never_changes() -> None:
    assert digest(body()) == "a7b0b4832070428bbaec5581cb014fd6e51016b8a9fd986a0d8476d2bd771127"


def test_every_community_stands_in_the_table_of_its_edition_with_what_counts() -> None:
    tables = body()["tables"]
    assert [(one["name"], one["count"], [row["name"] for row in one["rows"]]) for one in tables] == [
        ("城市社区", 2, ["金地社区", "府后社区"]),
        ("涉农社区", 1, ["樊沟社区"]),
    ]
    jindi, fuhou = tables[0]["rows"]
    assert (jindi["finals"], jindi["total"]) == (["3.00"] * 29, "85.50")
    assert fuhou["finals"] == ["3.00", "3.00", "1.50", "0.00", "不涉及", *["3.00"] * 24]
    (fangou,) = tables[1]["rows"]
    assert [fangou["finals"][number - 1] for number in (4, 9, 11)] == ["未报", "未报", "不涉及（待确认）"]
    assert fangou["total"] == "—"


def test_it_is_numbered_like_every_ledger_and_a_draft_is_not() -> None:
    assert body()["number"] == "items-411002-2026-10-1"
    draft = items_body(sample.trial(), sample.DISTRICT, {})
    assert (draft["number"], draft["tables"]) == ("", body()["tables"])


@pytest.mark.parametrize("visibility", ["off", "bands", "order", "with_points"])
def test_whatever_is_shown_of_places_items_are_not_for_everybody(visibility: str) -> None:
    content = sample.publication_content()
    content["rules"]["visibility"] = visibility
    assert is_read_by_all("items", content) is False


def test_each_cell_says_its_value_in_figures_or_a_word() -> None:
    heading, jindi, fuhou = item_sheets(body()["tables"])[0].rows
    assert (heading.label, heading.cells) == ("西大街道", [])
    assert jindi.cells == [Cell(1.0, "3")] * 29
    assert fuhou.cells[2:5] == [Cell(0.5, "1.5"), Cell(0.0, "0"), Cell(None, "不涉及", "out", "不涉")]
    fangou = item_sheets(body()["tables"])[1].rows[1]
    assert [fangou.cells[number - 1].drawn for number in (4, 9, 11)] == ["未报", "未报", "待确"]
    chart = heat_table(item_sheets(body()["tables"])[0].columns, [heading, jindi, fuhou])
    assert [len(texts) for _, texts in chart.texts] == [0, 29, 29]


def test_sheets_hold_whole_streets_and_no_more_than_there_is_room_for() -> None:
    table = body()["tables"][0]
    row = table["rows"][0]
    rows = [row | {"street_name": f"街道{number}"} for number in range(12) for _ in range(6)]
    sheets = item_sheets([table | {"rows": rows}])
    assert [len(sheet.rows) for sheet in sheets] == [14, 21, 21, 21, 7]
    assert (FIRST_SHEET, SHEET) == (17, 22)
    assert [sheet.is_first for sheet in sheets] == [True, False, False, False, False]
    assert [row.label for sheet in sheets for row in sheet.rows if not row.cells] == [f"街道{n}" for n in range(12)]


def test_a_street_longer_than_a_sheet_goes_on_under_its_name() -> None:
    table = body()["tables"][0]
    rows = [table["rows"][0] | {"street_name": "大街道"}] * 40 + [table["rows"][0] | {"street_name": "小街道"}] * 3
    sheets = item_sheets([table | {"rows": rows}])
    assert [len(sheet.rows) for sheet in sheets] == [17, 22, 8]
    headings = [[row.label for row in sheet.rows if not row.cells] for sheet in sheets]
    assert headings == [["大街道"], ["大街道（续）"], ["大街道（续）", "小街道"]]
    assert sum(len(sheet.rows) for sheet in sheets) == 40 + 3 + 4


def test_the_workbook_has_a_sheet_an_edition_with_numbers_as_numbers() -> None:
    overview, urban, agricultural, signatures = sheets_of(body())
    assert (overview.name, urban.name, agricultural.name, signatures.name) == (
        "概况", "逐项得分 城市社区", "逐项得分 涉农社区", "签批",
    )  # fmt: skip
    assert [column.head for column in urban.columns[:3]] == ["街道", "社区", "1. 争当好支书（3.00）"]
    full = Decimal("3.00")
    assert urban.rows[1] == (
        *("西大街道", "府后社区", full, full, Decimal("1.50"), Decimal("0.00"), "不涉及"),
        *([full] * 24),
        Decimal("85.50"),
    )
