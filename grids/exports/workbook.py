"""Registers, places and post counts as a workbook that can be changed and loaded again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core import clock
from core.errors import Invalid
from core.models import User
from core.sheets.child import MOST_ROWS
from core.sheets.writing import SheetColumn, SheetOut, workbook_of
from grids.imports.books import BOOKS, Book
from grids.models import Project
from grids.registers.columns import Column, Kind, Option
from grids.registers.options import Options, labels_of
from grids.selectors.keeping import holder_labels
from grids.selectors.place_lists import grids_by_courtyard

WIDE, NARROW = 26, 12


@dataclass(frozen=True, slots=True)
class Part:
    """What goes on one sheet: rows (or states) of a book, without the columns `left_out`.

    `is_fresh`: for a portal that has none of them, so without what names a row or state here; codes of places stay.
    """

    book: Book
    rows: Any
    left_out: frozenset[str] = frozenset()
    is_fresh: bool = False


def export_parts(parts: Iterable[Part], *, in_pieces: bool = False) -> bytes:
    """An .xlsx file with one sheet a part; Invalid when a sheet would hold more rows than can be loaded.

    `in_pieces`: such a part goes on sheets of its own instead, 活动, 活动（2）, …, which are read as one.
    """
    return workbook_of([sheet for part in parts for sheet in _sheets(part, in_pieces)])


def everything(user: User) -> list[Part]:
    """All books, whatever stands. Where courtyards lie stands on a sheet of its own, with days."""
    return [Part(book, book.visible(user), frozenset({"grid"} if book.slug == "courtyards" else ())) for book in BOOKS]


def everything_afresh(user: User) -> tuple[list[Part], int]:
    """All that fills an empty portal with the same chain, and how many rows are left out.

    Standing places with all their states, one line each. Places that were closed are not set up again, so rows that
    point at one stay behind.
    """
    parts, left_behind = [], 0
    for book in BOOKS:
        rows, missing = book.whole(user)
        parts.append(Part(book, rows, frozenset({"grid"} if book.slug == "courtyards" else ()), is_fresh=True))
        left_behind += missing
    return parts, left_behind


def _sheets(part: Part, in_pieces: bool) -> Iterable[SheetOut]:
    rows = list(part.rows if in_pieces else part.rows[: MOST_ROWS + 1])
    if len(rows) > MOST_ROWS and not in_pieces:
        raise Invalid(f"“{part.book.title}”超过 {MOST_ROWS} 行，请先按社区筛选再下载。")
    columns = [one for one in part.book.sheet_columns if one.name not in part.left_out]
    for start in range(0, max(len(rows), 1), MOST_ROWS):
        piece = rows[start : start + MOST_ROWS]
        name = f"{part.book.title}（{start // MOST_ROWS + 1}）" if start else part.book.title
        yield SheetOut(name, _head(part.book, columns, piece), _lines(part, columns, piece))


def _head(book: Book, columns: Sequence[Column], rows: Sequence[Any]) -> list[SheetColumn]:
    holders = {_holder_id(book, row) for row in rows} if book.holder else set()
    # Places differ from community to community: offered only where there is one.
    options = Options(book, holders if len(holders) == 1 else [])
    own = next(iter(holders), None)
    marks = [SheetColumn(heading, NARROW) for heading in book.marks]
    holder = [SheetColumn(book.holder, 16)] if book.holder else []
    rest = [SheetColumn(one.heading, _width(one), _choices(one, options.of(one, own))) for one in columns]
    return [*marks, *holder, *rest]


def _choices(column: Column, options: list[Option]) -> list[str]:
    if column.kind is Kind.FLAG:
        return ["是", "否"]
    if column.kind is Kind.LINKS:
        return []
    return list(column.choices.values()) if column.kind is Kind.CHOICE else [one.label for one in options]


def _width(column: Column) -> int:
    return WIDE if column.kind in (Kind.TEXT, Kind.LINK, Kind.LINKS) else NARROW


def _lines(part: Part, columns: Sequence[Column], rows: Sequence[Any]) -> Iterable[list[str]]:
    book = part.book
    texts = [_texts(column, rows, part.is_fresh) for column in columns]
    names = holder_labels({_holder_id(book, row) for row in rows}) if book.holder else {}
    for number, (row, marks) in enumerate(zip(rows, book.marks_of(rows), strict=True)):
        if part.is_fresh:
            marks = [text if name == "code" else "" for name, text in zip(book.marks.values(), marks, strict=True)]
        holder = [names[_holder_id(book, row)]] if book.holder else []
        yield [*marks, *holder, *(cells[number] for cells in texts)]


def _texts(column: Column, rows: Sequence[Any], is_fresh: bool) -> list[str]:
    """The cells of one column; at most one query. Why something changed is asked anew with each change."""
    if column.kind is Kind.LINKS:
        found = grids_by_courtyard([row.courtyard_id for row in rows], clock.today())
        lying = {pk: [Option(0, *grid) for grid in grids] for pk, grids in found.items()}
        return [column.write(lying.get(row.courtyard_id)) for row in rows]
    values = [getattr(row, column.field.attname) for row in rows]
    if column.kind is not Kind.LINK:
        return ["" if column.name == "reason" and not is_fresh else column.write(value) for value in values]
    labels = labels_of(column, set(values) - {None})
    if is_fresh and column.target is Project:  # its code is its id here, which means nothing elsewhere
        return [labels[value].name if value in labels else "" for value in values]
    return [column.write(labels.get(value)) for value in values]


def _holder_id(book: Book, row: Any) -> int:
    found: int = getattr(row, f"{book.holder_field}_id")
    return found
