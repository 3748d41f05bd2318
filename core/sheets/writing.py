"""Writing workbooks: every text as text (one that begins with = is no formula), long lists on a hidden sheet."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LISTS = "选项"
_SPARE = 500  # rows below the last one in which choices are offered too


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A heading, how wide, and what may be chosen below it (nothing: anything may be typed)."""

    heading: str
    width: int = 14
    choices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SheetOut:
    """A sheet to be written: its name, columns and rows of texts."""

    name: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[str]]
    note: str = field(default="")


def workbook_of(sheets: Iterable[SheetOut]) -> bytes:
    """An .xlsx file of these sheets."""
    workbook = Workbook(write_only=True)
    lists: list[Sequence[str]] = []
    for sheet in sheets:
        _write(workbook, sheet, lists)
    if lists:
        _write_lists(workbook, lists)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _write(workbook: Workbook, sheet: SheetOut, lists: list[Sequence[str]]) -> None:
    page = workbook.create_sheet(sheet.name)
    page.freeze_panes = "B2"
    for number, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(number)].width = column.width
    page.append([_heading(page, column.heading) for column in sheet.columns])
    count = 1
    for row in sheet.rows:
        page.append([_text(page, text) for text in row])
        count += 1
    for number, column in enumerate(sheet.columns, start=1):
        if column.choices:
            _offer(page, get_column_letter(number), column.choices, lists, count + _SPARE)


def _heading(page: object, text: str) -> WriteOnlyCell:
    cell = _text(page, text)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="EEEBE7")
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def _text(page: object, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value=text)  # type: ignore[arg-type]
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _offer(page: object, letter: str, choices: Sequence[str], lists: list[Sequence[str]], last: int) -> None:
    """A drop-down; its list stands on the hidden sheet, for one of more than 255 characters spoils the file."""
    if choices not in lists:
        lists.append(choices)
    place = get_column_letter(lists.index(choices) + 1)
    rule = DataValidation(type="list", formula1=f"'{LISTS}'!${place}$1:${place}${len(choices)}", allow_blank=True)
    rule.showErrorMessage = False
    rule.add(f"{letter}2:{letter}{last}")
    page.data_validations.append(rule)  # type: ignore[attr-defined]


def _write_lists(workbook: Workbook, lists: list[Sequence[str]]) -> None:
    page = workbook.create_sheet(LISTS)
    page.sheet_state = "hidden"
    for number in range(max(map(len, lists))):
        page.append([_text(page, one[number]) if number < len(one) else None for one in lists])
