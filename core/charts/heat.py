"""A heat table: rows by columns, each cell with its value and a bar of its share; what has no value has a sign.

Four kinds tell apart without colour: a full cell is framed, a part has a bar as long as its share, an empty one is
blank with a dot, one that is out is struck through; or a short word stands in place of dot and stroke.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from core.charts.marks import Label, box, plain

NAME, SIDE, HIGH, HEAD = 84.0, 25.0, 21.0, 40.0
BAR, INSET = 3.0, 1.5
OUT, EMPTY = "out", "empty"


class Cell(NamedTuple):
    """`share` from 0 to 1, or None with `kind` `out` (does not apply) or `empty` (nothing there); `text` fits in, or
    `word` does in its place.
    """

    share: float | None
    text: str
    kind: str = ""
    word: str = ""

    @property
    def drawn(self) -> str:
        return self.word or (self.text if self.share is not None else "")


class Column(NamedTuple):
    """A column and the group that stands over it."""

    label: str
    group: str = ""


class Row(NamedTuple):
    """A row without cells is a heading of those below it."""

    label: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class HeatTable:
    """One path a kind of cell; `texts` are the rows' values as (y, ((x, text), …))."""

    width: str
    height: str
    name_width: str
    head: str
    low: str
    middle: str
    high: str
    full: str
    bars: str
    out: str
    dots: str
    lines: str
    groups: tuple[Label, ...]
    columns: tuple[Label, ...]
    names: tuple[Label, ...]
    texts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    heads: tuple[Column, ...]
    rows: tuple[Row, ...]
    summary: str


class _Placed(NamedTuple):
    x: float
    y: float
    cell: Cell


def heat_table(columns: Sequence[Column], rows: Sequence[Row], side: float = SIDE) -> HeatTable:
    """`side` is the width of a cell; every row that has cells has one a column."""
    placed = [
        _Placed(NAME + side * across, HEAD + HIGH * down, cell)
        for down, row in enumerate(rows)
        for across, cell in enumerate(row.cells)
    ]
    width, height = NAME + side * len(columns), HEAD + HIGH * len(rows)
    return HeatTable(
        width=plain(width + 1),
        height=plain(height + 1),
        name_width=plain(NAME),
        head=plain(HEAD),
        low=_boxes(placed, side, 0.0, 0.5),
        middle=_boxes(placed, side, 0.5, 0.8),
        high=_boxes(placed, side, 0.8, 1.0),
        full=_boxes(placed, side, 1.0, 2.0),
        bars="".join(_bar(one, side) for one in placed if one.cell.share),
        out="".join(_struck(one, side) for one in placed if one.cell.kind == OUT and not one.cell.word),
        dots="".join(_dot(one, side) for one in placed if one.cell.kind == EMPTY and not one.cell.word),
        lines=_lines(columns, len(rows), side, width, height),
        groups=_groups(columns, side),
        columns=tuple(
            Label(plain(NAME + side * (across + 0.5)), plain(HEAD - 6), column.label, "middle")
            for across, column in enumerate(columns)
        ),
        names=tuple(Label("0", plain(HEAD + HIGH * down + 14), row.label) for down, row in enumerate(rows)),
        texts=tuple(_texts(row, down, side) for down, row in enumerate(rows)),
        heads=tuple(columns),
        rows=tuple(rows),
        summary=_summary(rows),
    )


def _boxes(placed: Sequence[_Placed], side: float, least: float, below: float) -> str:
    return "".join(
        box(one.x, one.y, side, HIGH)
        for one in placed
        if one.cell.share is not None and least <= one.cell.share < below
    )


def _bar(one: _Placed, side: float) -> str:
    share = min(one.cell.share or 0.0, 1.0)
    return box(one.x + INSET, one.y + HIGH - BAR - INSET, (side - 2 * INSET) * share, BAR)


def _struck(one: _Placed, side: float) -> str:
    return f"M{plain(one.x)} {plain(one.y + HIGH)}l{plain(side)} {plain(-HIGH)}"


def _dot(one: _Placed, side: float) -> str:
    return box(one.x + side / 2 - 1.5, one.y + HIGH / 2 - 1.5, 3, 3)


def _lines(columns: Sequence[Column], rows: int, side: float, width: float, height: float) -> str:
    """Lines under the head and every row, uprights where a group begins."""
    across = "".join(f"M0 {plain(HEAD + HIGH * down)}h{plain(width)}" for down in range(rows + 1))
    starts = [place for place in range(len(columns)) if place == 0 or columns[place].group != columns[place - 1].group]
    return across + "".join(f"M{plain(NAME + side * place)} 4v{plain(height - 4)}" for place in [*starts, len(columns)])


def _groups(columns: Sequence[Column], side: float) -> tuple[Label, ...]:
    found, at = [], 0
    for group, members in groupby(columns, key=lambda column: column.group):
        count = len(list(members))
        found.append(Label(plain(NAME + side * (at + count / 2)), "15", group, "middle"))
        at += count
    return tuple(found)


def _texts(row: Row, down: int, side: float) -> tuple[str, tuple[tuple[str, str], ...]]:
    shown = [(across, cell.drawn) for across, cell in enumerate(row.cells) if cell.drawn]
    return plain(HEAD + HIGH * down + 13), tuple((plain(NAME + side * (across + 0.5)), text) for across, text in shown)


def _summary(rows: Sequence[Row]) -> str:
    cells = [cell for row in rows for cell in row.cells]
    full = sum(cell.share is not None and cell.share >= 1 for cell in cells)
    none = sum(cell.share == 0 for cell in cells)
    out, empty = (sum(cell.kind == kind for cell in cells) for kind in (OUT, EMPTY))
    part = len(cells) - full - none - out - empty
    return f"共 {len(cells)} 格：满 {full}，部分 {part}，零 {none}，不计 {out}，空 {empty}"
