"""Places by an ordered list of keys; true ties share a place (1, 2, 2, 4). Rule 10 of the month."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Entrant:
    """One complete assessment: its code, track, total as published, exact share and star level (hundredths)."""

    code: str
    track: str
    total: int
    points: int
    applicable: int
    star_level: int


@dataclass(frozen=True, slots=True)
class Place:
    """A place among `out_of`; `is_tied` when it is shared."""

    code: str
    track: str
    place: int
    out_of: int
    is_tied: bool


RANKING_KEYS: dict[str, Callable[[Entrant], int | Fraction]] = {
    "total": lambda entrant: entrant.total,
    "exact_total": lambda entrant: Fraction(entrant.points, entrant.applicable),
    "star_level": lambda entrant: entrant.star_level,
}


def standings(entrants: Iterable[Entrant], keys: Sequence[str], *, across_tracks: bool) -> list[Place]:
    """Places within each track (or over both), best first; KeyError for an unknown key."""
    tables: dict[str, list[Entrant]] = {}
    for entrant in entrants:
        tables.setdefault("" if across_tracks else entrant.track, []).append(entrant)
    return [place for table in sorted(tables, reverse=True) for place in _table(tables[table], keys)]


def _table(entrants: list[Entrant], keys: Sequence[str]) -> list[Place]:
    getters = [RANKING_KEYS[key] for key in keys]

    def rank(entrant: Entrant) -> tuple[int | Fraction, ...]:
        return tuple(-getter(entrant) for getter in getters)

    ordered = sorted(entrants, key=lambda entrant: (rank(entrant), entrant.code))
    places: list[Place] = []
    for _, group in groupby(ordered, key=rank):
        tied = list(group)
        first = len(places) + 1
        places += [Place(one.code, one.track, first, len(ordered), len(tied) > 1) for one in tied]
    return places
