"""Where every item stands, as communities × tasks: one table a track, each cell a sign and a short word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from branches.choices import Track
from scoring.selectors.review_list import ReviewRow, Status

_MARKS = {
    Status.MISSING: ("－", "未报", "mark-missing"),
    Status.WAITING: ("○", "待审", "mark-waiting"),
    Status.DONE: ("✓", "已审", "mark-done"),
    Status.RETURNED: ("↺", "退回", "mark-returned"),
}
_SET = ("≠", "改分", "mark-set")
_GAP = ("！", "差距", "mark-gap")


class Mark(NamedTuple):
    """One cell, ready to be written: the item, its look, sign and word, and the whole of it for the pointer."""

    pk: int
    look: str
    sign: str
    word: str
    number: int
    hint: str


class Column(NamedTuple):
    number: int
    title: str


class Line(NamedTuple):
    community: str
    code: str
    open: int
    marks: list[Mark | None]


@dataclass(frozen=True)
class Board:
    """One track: stars with the number of their columns, the columns, a line a community."""

    track: str
    stars: list[tuple[str, int]]
    columns: list[Column]
    lines: list[Line]


def boards_of(rows: Sequence[ReviewRow]) -> list[Board]:
    """The boards of the tracks among the rows, urban first."""
    return [board for track in (Track.URBAN, Track.AGRICULTURAL) if (board := _board(rows, track)) is not None]


def _board(rows: Iterable[ReviewRow], track: Track) -> Board | None:
    own = [row for row in rows if row.current.assessment.track == track]
    if not own:
        return None
    tasks = {row.current.task.number: row for row in own}
    order = sorted(tasks, key=lambda number: (tasks[number].current.item.task.star.order, number))
    stars = [(name, len(list(found))) for name, found in groupby(order, key=lambda number: tasks[number].star_name)]
    columns = [Column(number, tasks[number].current.task.title) for number in order]
    lines = [_line(list(found), order) for _, found in groupby(own, key=lambda row: row.community_code)]
    return Board(track.label, stars, columns, lines)


def _line(rows: list[ReviewRow], order: Sequence[int]) -> Line:
    found = {row.current.task.number: _mark(row) for row in rows}
    waiting = sum(row.status != Status.DONE for row in rows)
    return Line(rows[0].community, rows[0].community_code, waiting, [found.get(number) for number in order])


def _mark(row: ReviewRow) -> Mark:
    sign, word, look = _look(row)
    hint = f"{row.community}，{row.task}：{word}，自评 {row.reported}"
    return Mark(row.pk, look, sign, word, row.current.task.number, hint)


def _look(row: ReviewRow) -> tuple[str, str, str]:
    if row.current.counted.is_gap:
        return _GAP
    return _SET if row.status == Status.DONE and row.was_set else _MARKS[row.status]
