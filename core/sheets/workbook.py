"""Sheets to print and keep: A4 landscape, the head repeated on every page, the same bytes for the same content.

`writing` makes the workbooks that people fill in and send back.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from core.sheets.shape import Cell, Sheet

A4 = 9
LONGEST_NAME = 31
# Points: a line of ten-point text, and the tallest row that a workbook may have.
LINE, TALLEST = 13.5, 409.0
# Both stand in the file and may not tell when it was made.
NO_TIME = (1980, 1, 1, 0, 0, 0)
_TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")

_EDGE = Side(style="thin", color="FF000000")
_FRAME = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_TITLE = Font(name="黑体", size=14)
_HEAD = Font(name="黑体", size=10)
_TEXT = Font(name="宋体", size=10)
_GREY = PatternFill("solid", fgColor="FFE6E6E6")
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(vertical="center", wrap_text=True)
_PLAIN = Alignment(vertical="center")


def workbook_bytes(sheets: Iterable[Sheet], *, foot: str = "") -> bytes:
    """The workbook; `foot` stands at the bottom of every printed page beside the page number."""
    book = Workbook()
    book.remove(book.worksheets[0])
    names: set[str] = set()
    for sheet in sheets:
        _write(book.create_sheet(_name_of(sheet.name, names)), sheet, foot)
    written = io.BytesIO()
    book.save(written)
    return _without_times(written.getvalue())


def _name_of(wanted: str, taken: set[str]) -> str:
    """A name a workbook takes: no marks of a path, at most 31 characters, no second one of the same letters."""
    plain = _FORBIDDEN.sub("", _clean(wanted)).strip("'")[:LONGEST_NAME] or "表"
    name, number = plain, 1
    while name.lower() in taken:
        number += 1
        name = f"{plain[: LONGEST_NAME - len(str(number))]}{number}"
    taken.add(name.lower())
    return name


def _write(page: Any, sheet: Sheet, foot: str) -> None:
    _put(page.cell(1, 1), sheet.title, _TITLE, _PLAIN)
    for row, line in enumerate(sheet.lines, 2):
        _put(page.cell(row, 1), line, _TEXT, _PLAIN)
    head = len(sheet.lines) + 2
    widths = [column.width for column in sheet.columns]
    page.row_dimensions[head].height = _height([column.head for column in sheet.columns], widths)
    for place, column in enumerate(sheet.columns, 1):
        cell = page.cell(head, place)
        _put(cell, column.head, _HEAD, _CENTRE)
        cell.border, cell.fill = _FRAME, _GREY
        page.column_dimensions[get_column_letter(place)].width = column.width
    for row, values in enumerate(sheet.rows, head + 1):
        page.row_dimensions[row].height = _height(values, widths)
        for place, value in enumerate(values, 1):
            cell = page.cell(row, place)
            _put(cell, value, _TEXT, _LEFT if isinstance(value, str) else _CENTRE)
            cell.border = _FRAME
    for row, note in enumerate(sheet.notes, head + len(sheet.rows) + 1):
        _put(page.cell(row, 1), note, _TEXT, _PLAIN)
    _prepare_print(page, head, foot)


def _height(values: Iterable[Cell], widths: Iterable[int]) -> float:
    """In points, of a row whose longest text is wrapped: not every program finds that out by itself."""
    lines = max(_lines(str(value), width) for value, width in zip(values, widths, strict=True))
    return min(TALLEST, LINE * lines + 4)


def _lines(text: str, width: int) -> int:
    """How many lines a text takes; a Chinese character is as wide as two of a column's."""
    room = max(1, width - 1)
    lengths = [sum(2 if ord(character) > 0x2000 else 1 for character in part) for part in text.split("\n")]
    return sum(max(1, -(-length // room)) for length in lengths)


def _put(cell: Any, value: Cell, font: Font, alignment: Alignment) -> None:
    cell.font, cell.alignment = font, alignment
    if isinstance(value, str):
        cell.value = _clean(value)
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    else:
        cell.value = value
        cell.number_format = _format_of(value)


def _format_of(value: int | Decimal) -> str:
    """As many decimals as the number has: 3.50 stays 3.50."""
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return f"0.{'0' * places}" if places else "0"


def _clean(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def _prepare_print(page: Any, head: int, foot: str) -> None:
    page.freeze_panes = page.cell(head + 1, 1)
    page.print_title_rows = f"1:{head}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_options.horizontalCentered = True
    page.oddFooter.left.text, page.oddFooter.left.size = foot.replace("&", "&&"), 7
    page.oddFooter.right.text, page.oddFooter.right.size = "第 &P 页 共 &N 页", 9


def _without_times(content: bytes) -> bytes:
    """The same archive with fixed times."""
    steady = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            text = source.read(entry)
            if entry.filename == "docProps/core.xml":
                text = _TIMES.sub(rb"\g<1>2000-01-01T00:00:00Z\g<3>", text)
            target.writestr(zipfile.ZipInfo(entry.filename, NO_TIME), text, zipfile.ZIP_DEFLATED)
    return steady.getvalue()
