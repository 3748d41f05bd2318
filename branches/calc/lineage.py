"""Who stood above an organisation and when, as plain intervals; knows neither Django nor the clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

FAR = date.max


class Line(NamedTuple):
    """`ancestor_id` stood `depth` levels above in [starts_on, ends_on); an open end is None."""

    ancestor_id: int
    depth: int
    starts_on: date
    ends_on: date | None

    def as_columns(self) -> dict[str, Any]:
        return self._asdict()


class Parenthood(NamedTuple):
    """From this day on the parent was this one; the next entry ends it."""

    starts_on: date
    parent_id: int | None


def lines_of(
    organisation_id: int,
    life: tuple[date, date | None],
    parenthoods: list[Parenthood],
    lines: Mapping[int, Iterable[Line]],
) -> list[Line]:
    """All lines of one organisation from those of its parents; neighbours that say the same are joined.

    `life` is [opened_on, closed_on); `parenthoods` is sorted by day.
    """
    own = Line(organisation_id, 0, *life)
    above = [
        Line(line.ancestor_id, line.depth + 1, starts_on, ends_on)
        for parent_id, first, last in _spans(parenthoods, life)
        for line in lines.get(parent_id, ())
        for starts_on, ends_on in _overlap(line, first, last)
    ]
    return [own, *_joined(above)]


def _spans(parenthoods: list[Parenthood], life: tuple[date, date | None]) -> Iterator[tuple[int, date, date]]:
    opened, closed = life[0], life[1] or FAR
    for step, following in pairwise([*parenthoods, Parenthood(FAR, None)]):
        first, last = max(step.starts_on, opened), min(following.starts_on, closed)
        if step.parent_id is not None and first < last:
            yield step.parent_id, first, last


def _overlap(line: Line, first: date, last: date) -> Iterator[tuple[date, date | None]]:
    starts_on, ends_on = max(line.starts_on, first), min(line.ends_on or FAR, last)
    if starts_on < ends_on:
        yield starts_on, None if ends_on == FAR else ends_on


def _joined(lines: list[Line]) -> Iterator[Line]:
    open_line: Line | None = None
    for line in sorted(lines, key=lambda one: (one.ancestor_id, one.depth, one.starts_on)):
        if open_line and open_line[:2] == line[:2] and open_line.ends_on == line.starts_on:
            open_line = open_line._replace(ends_on=line.ends_on)
            continue
        if open_line:
            yield open_line
        open_line = line
    if open_line:
        yield open_line
