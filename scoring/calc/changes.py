"""What moved between two publications of a community, and which items moved it, by how many points.

Amounts are whole hundredths (int). A star's points are the sum of its items, so the causes of a star add up to its
change exactly: in points, and in the full points that apply (不涉及 takes an item's full points out).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class ItemState(NamedTuple):
    """One item as published: `applicable` are its full points, 0 once 不涉及 is confirmed. `key` outlives editions."""

    key: str
    number: int
    star: str
    points: int
    applicable: int


class StarState(NamedTuple):
    """One star as published. `barred` says in words why it is withheld although its points suffice, or besides."""

    code: str
    name: str
    won: bool | None
    pass_percent: int
    barred: tuple[str, ...]


class Snapshot(NamedTuple):
    """One community in one publication; `place` is None where it is not ranked. `edition` is the rubric's digest."""

    organisation: str
    name: str
    edition: str
    is_complete: bool
    star_level: int
    points: int
    applicable: int
    total: int | None
    place: int | None
    stars: tuple[StarState, ...]
    items: tuple[ItemState, ...]


class Cause(NamedTuple):
    """What one item adds to the change. `is_gone`: its task is not in the newer edition, `number` is the old one."""

    key: str
    number: int
    star: str
    points: int
    applicable: int
    is_gone: bool


@dataclass(frozen=True, slots=True)
class StarChange:
    """A star won (+1), lost (-1), or only moved in points (0), with the items that moved it, the largest first.

    `notes`: what moved it beside points, in words: another pass line, a veto, a star it presupposes.
    """

    code: str
    name: str
    step: int
    points: int
    applicable: int
    causes: tuple[Cause, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One community between two publications; levels, totals and places before and now."""

    organisation: str
    name: str
    levels: tuple[int, int]
    totals: tuple[int | None, int | None]
    places: tuple[int | None, int | None]
    points: int
    applicable: int
    stars: tuple[StarChange, ...]
    is_new_edition: bool
    is_complete: bool

    @property
    def causes(self) -> tuple[Cause, ...]:
        """All items that moved, star by star."""
        return tuple(cause for star in self.stars for cause in star.causes)

    @property
    def turned(self) -> tuple[StarChange, ...]:
        """The stars won or lost."""
        return tuple(star for star in self.stars if star.step)

    @property
    def places_up(self) -> int | None:
        """How many places up (+) or down (-); None where it had or has no place."""
        before, now = self.places
        return None if before is None or now is None else before - now

    @property
    def has_moved(self) -> bool:
        return bool(self.stars or self.levels[0] != self.levels[1] or self.places[0] != self.places[1])


def compare(before: Iterable[Snapshot], now: Iterable[Snapshot]) -> list[Change]:
    """The change of every community that stands in both, in the order of `now`."""
    earlier = {one.organisation: one for one in before}
    return [change_of(earlier[one.organisation], one) for one in now if one.organisation in earlier]


def change_of(before: Snapshot, now: Snapshot) -> Change:
    """The causes of all stars add up to `points` and `applicable`."""
    return Change(
        organisation=now.organisation,
        name=now.name,
        levels=(before.star_level, now.star_level),
        totals=(before.total, now.total),
        places=(before.place, now.place),
        points=now.points - before.points,
        applicable=now.applicable - before.applicable,
        stars=tuple(_stars(before, now)),
        is_new_edition=before.edition != now.edition,
        is_complete=now.is_complete,
    )


def _stars(before: Snapshot, now: Snapshot) -> Iterable[StarChange]:
    """Stars in the order of the newer edition, those it dropped after them."""
    had, has = {star.code: star for star in before.stars}, {star.code: star for star in now.stars}
    for code in [*has, *(code for code in had if code not in has)]:
        causes = _causes(_under(before.items, code), _under(now.items, code))
        change = _star(had.get(code), has.get(code), causes)
        if change.step or change.causes or change.notes:
            yield change


def _star(before: StarState | None, now: StarState | None, causes: Sequence[Cause]) -> StarChange:
    star = now or before
    assert star is not None, "a star stands in one of the two"
    return StarChange(
        code=star.code,
        name=star.name,
        step=int(bool(now and now.won)) - int(bool(before and before.won)),
        points=sum([cause.points for cause in causes]),
        applicable=sum([cause.applicable for cause in causes]),
        causes=tuple(causes),
        notes=tuple(_notes(before, now)),
    )


def _notes(before: StarState | None, now: StarState | None) -> Iterable[str]:
    if before is None:
        yield "本月新设此星"
    elif now is None:
        yield "本月不设此星"
    else:
        if before.pass_percent != now.pass_percent:
            yield f"达标线由{_percent(before.pass_percent)}改为{_percent(now.pass_percent)}"
        yield from (reason for reason in now.barred if reason not in before.barred)
        yield from (f"不再有：{reason}" for reason in before.barred if reason not in now.barred)


def _under(items: Iterable[ItemState], star: str) -> dict[str, ItemState]:
    return {item.key: item for item in items if item.star == star}


def _causes(before: Mapping[str, ItemState], now: Mapping[str, ItemState]) -> list[Cause]:
    """The items of one star that moved, the largest step first."""
    found = [_cause(before.get(key), now.get(key)) for key in [*now, *(key for key in before if key not in now)]]
    moved = [cause for cause in found if cause.points or cause.applicable]
    return sorted(moved, key=lambda cause: (-abs(cause.points), cause.number))


def _cause(before: ItemState | None, now: ItemState | None) -> Cause:
    item = now or before
    assert item is not None, "an item stands in one of the two"
    points = (now.points if now else 0) - (before.points if before else 0)
    applicable = (now.applicable if now else 0) - (before.applicable if before else 0)
    return Cause(item.key, item.number, item.star, points, applicable, now is None)


def _percent(hundredths: int) -> str:
    return f"{hundredths / 100:g}%"
