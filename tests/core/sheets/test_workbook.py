"""A workbook says what it was told, prints on A4 across, and repeats byte by byte."""

from __future__ import annotations

import io
import time
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from core.sheets.shape import Column, Sheet, number
from core.sheets.workbook import workbook_bytes

HEAD = (Column("名称", 20), Column("分", 8))


def sheet(*rows: tuple[Any, ...], name: str = "表") -> Sheet:
    return Sheet(name, "标题", HEAD, rows, lines=("一行说明",), notes=("注：完。",))


def read(content: bytes, name: str = "表") -> Any:
    return load_workbook(io.BytesIO(content))[name]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_what_looks_like_a_formula_is_text(text: str) -> None:
    cell = read(workbook_bytes([sheet((text, 1))]))["A4"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_numbers_are_numbers_and_keep_their_decimals() -> None:
    values = (Decimal("3.50"), Decimal("100"), 7, Decimal("0.1"))
    page = read(workbook_bytes([sheet(*(("甲", value) for value in values))]))
    assert [(cell.value, cell.number_format, cell.data_type) for cell in page["B"][3:7]] == [
        (3.5, "0.00", "n"),
        (100, "0", "n"),
        (7, "0", "n"),
        (0.1, "0.0", "n"),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3.50", Decimal("3.50")),
        ("-0.25", Decimal("-0.25")),
        ("0.00", Decimal("0.00")),
        *((text, text) for text in ("不涉及", "—", "", "NaN", "Infinity", "1e5", "1_0", "12、13", "3.5.1", "１２")),
    ],
)
def test_only_a_plain_number_is_one(text: str, value: Any) -> None:
    assert (number(text), type(number(text))) == (value, type(value))


def test_it_prints_across_with_its_head_on_every_page() -> None:
    page = read(workbook_bytes([sheet(("甲", 1))], foot="编号 A&B"))
    assert (page.page_setup.orientation, int(page.page_setup.paperSize)) == ("landscape", 9)
    assert page.print_title_rows == "$1:$3"
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight, page.freeze_panes) == (1, 0, "A4")
    assert (page.oddFooter.left.text, page.oddFooter.right.text) == ("编号 A&&B", "第 &P 页 共 &N 页")
    assert page.merged_cells.ranges == set()


def test_the_bytes_repeat_on_another_day(monkeypatch: pytest.MonkeyPatch) -> None:
    first = workbook_bytes([sheet(("甲", Decimal("1.00")))])
    moment = time.time() + 40_000_000
    monkeypatch.setattr(time, "time", lambda: moment)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(moment))
    assert workbook_bytes([sheet(("甲", Decimal("1.00")))]) == first
    with zipfile.ZipFile(io.BytesIO(first)) as book:
        assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert book.read("docProps/core.xml").count(b"2000-01-01T00:00:00Z") == 2


def test_any_name_becomes_one_a_workbook_takes() -> None:
    names = ["总表/城市[1]:*?\\", "a" * 40, "A" * 40, "", "'引'"]
    book = load_workbook(io.BytesIO(workbook_bytes([sheet(("甲", 1), name=name) for name in names])))
    assert book.sheetnames == ["总表城市1", "a" * 31, "A" * 30 + "2", "表", "引"]


def test_control_characters_do_not_break_it() -> None:
    assert read(workbook_bytes([sheet(("甲\x00\x0b乙", 1))]))["A4"].value == "甲乙"


def test_a_row_is_as_tall_as_its_longest_text_takes() -> None:
    columns = (Column("序号", 8), Column("说明", 21))
    rows = ((1, "短"), (2, "字" * 11), (3, "第一行\n第二行\n第三行"), (4, "字" * 4000))
    page = read(workbook_bytes([Sheet("表", "标题", columns, rows)]))
    assert [page.row_dimensions[row].height for row in range(3, 7)] == [17.5, 31.0, 44.5, 409.0]
    assert page.row_dimensions[2].height == 17.5


def test_a_head_that_is_wrapped_is_seen_whole() -> None:
    page = read(workbook_bytes([Sheet("表", "标题", (Column("1. 争当好支书（3.00）", 7),), ((1,),))]))
    assert page.row_dimensions[2].height == 17.5 + 3 * 13.5
