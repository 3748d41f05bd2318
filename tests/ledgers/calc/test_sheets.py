"""The workbook shows the numbers of the body, all of them and as numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from core.sheets.shape import Sheet
from ledgers.calc.bodies import body_of
from ledgers.calc.sheets import sheets_of
from tests.ledgers import content as sample

NONE = {"none": "无，上月没有公布考评。"}
KINDS = {
    "community": sample.FUHOU,
    "street": sample.STREET,
    "task_force": sample.TASK_FORCE,
    "ranking": sample.DISTRICT,
    "items": sample.DISTRICT,
}
DECIMAL = re.compile(r"\d+\.\d{2}(?!\d)")


def body(kind: str, **changes: Any) -> dict[str, Any]:
    return body_of(kind, sample.publication_content(**changes), KINDS[kind], NONE)


def cells(sheets: list[Sheet]) -> Iterator[Any]:
    for sheet in sheets:
        yield from (column.head for column in sheet.columns)
        for row in sheet.rows:
            yield from row
        yield from sheet.notes


def decimals_in(values: Iterator[Any]) -> Counter[str]:
    """Numbers with two decimals, whether cells of their own or inside a sentence."""
    return Counter(found for value in values for found in DECIMAL.findall(str(value)))


def printed(part: Any, key: str = "") -> Iterator[Any]:
    """Every leaf of a body that paper shows; a star's reasons stand in its explanation."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name not in ("reasons", "stars_bars"):
                yield from printed(value, name)
    elif isinstance(part, list):
        for value in part:
            yield from printed(value, key)
    elif part is not None and not isinstance(part, bool):
        yield part


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_of_the_body_is_in_the_workbook(kind: str) -> None:
    found = body(kind)
    assert decimals_in(cells(sheets_of(found))) == decimals_in(printed(found))


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_has_a_cell_a_column(kind: str) -> None:
    for sheet in sheets_of(body(kind)):
        assert {len(row) for row in sheet.rows} <= {len(sheet.columns)}, sheet.name


@pytest.mark.parametrize("kind", KINDS)
def test_points_are_numbers_and_the_other_words_are_text(kind: str) -> None:
    texts = [value for sheet in sheets_of(body(kind)) for row in sheet.rows for value in row if isinstance(value, str)]
    assert [text for text in texts if re.fullmatch(r"-?\d+\.\d+", text)] == []


def test_the_items_of_a_community_stand_as_on_paper() -> None:
    sheet = next(sheet for sheet in sheets_of(body("community")) if sheet.name == "逐项认定")
    rows = {row[0]: dict(zip((column.head for column in sheet.columns), row, strict=True)) for row in sheet.rows}
    assert len(rows) == 29
    wanted = {row["number"]: row for row in body("community")["rows"]}
    assert {number: str(row["最终"]) for number, row in rows.items()} == {
        number: row["final"] for number, row in wanted.items()
    }


def test_each_sheet_names_its_ledger() -> None:
    line = "府后社区　编号 community-411002001006-2026-10-1（第1版）　测算（未定星）　示例，待区委组织部确认"
    assert {sheet.lines for sheet in sheets_of(body("community"))} == {(line,)}


def test_a_ranking_of_places_alone_has_no_points() -> None:
    rules = sample.publication_content()["rules"] | {"visibility": "order"}
    sheets = sheets_of(body("ranking", rules=rules))
    assert [column.head for column in sheets[1].columns] == ["名次", "并列", "单位", "街道", "星级"]
    assert decimals_in(cells(sheets)) == Counter()


def test_a_kind_that_is_text_has_its_tables_of_places_alone() -> None:
    notice = {key: value for key, value in body("ranking").items() if key not in ("signatures", "star_levels")}
    sheets = sheets_of(notice | {"kind": "letter"})
    assert [sheet.name for sheet in sheets] == ["概况", "名次 城市社区", "签批"]
    assert [row[:2] for row in sheets[1].rows] == [(1, "金地社区"), (1, "府后社区")]
    assert [sheet.name for sheet in sheets_of(notice | {"kind": "letter", "tables": []})] == ["概况", "签批"]
