"""Drawing a sample to be checked on site: partly what is doubtful, partly at random, the same again from the same seed.

Chance comes from digests of the seed with what is drawn, so that neither the order of rows nor the version of a
random generator moves it.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple


class Candidate(NamedTuple):
    """One item that may be drawn; `doubts` counts the reasons to look at it, 0 for none."""

    place: str
    number: int
    doubts: int


class Drawn(NamedTuple):
    """One item of a sample; `is_doubtful`: drawn for its doubts, not by chance."""

    place: str
    number: int
    is_doubtful: bool


class Size(NamedTuple):
    """How many places, how many items in each, and which part of both (in percent) goes by doubts."""

    places: int
    items_each: int
    doubtful_percent: int


def draw(candidates: Iterable[Candidate], size: Size, seed: str) -> list[Drawn]:
    """The sample, by place and number. Where doubts do not suffice chance fills up; no more than there is."""
    ordered = sorted(candidates)
    places = {place: list(found) for place, found in groupby(ordered, key=lambda one: one.place)}
    chosen = _places(places, size, seed)
    return [drawn for place in sorted(chosen) for drawn in _items(places[place], size, seed)]


def _places(places: dict[str, list[Candidate]], size: Size, seed: str) -> list[str]:
    """Those with the most doubts first, the rest by chance."""
    by_chance = sorted(places, key=lambda place: _chance(seed, place))
    doubts = {place: sum(one.doubts for one in found) for place, found in places.items()}
    doubtful = [place for place in sorted(by_chance, key=lambda place: -doubts[place]) if doubts[place]]
    first = doubtful[: _part(size.places, size.doubtful_percent)]
    return [*first, *(place for place in by_chance if place not in first)][: size.places]


def _items(found: list[Candidate], size: Size, seed: str) -> list[Drawn]:
    by_chance = sorted(found, key=lambda one: _chance(seed, one.place, one.number))
    doubtful = [one for one in sorted(by_chance, key=lambda one: -one.doubts) if one.doubts]
    first = doubtful[: _part(size.items_each, size.doubtful_percent)]
    rest = [one for one in by_chance if one not in first][: size.items_each - len(first)]
    drawn = [Drawn(one.place, one.number, True) for one in first]
    return sorted([*drawn, *(Drawn(one.place, one.number, False) for one in rest)], key=lambda one: one.number)


def _part(whole: int, percent: int) -> int:
    """So many percent, rounded up."""
    return -(-whole * percent // 100)


def _chance(seed: str, *parts: object) -> str:
    return sha256(":".join([seed, *map(str, parts)]).encode()).hexdigest()
