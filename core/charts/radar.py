"""A radar: some shares of a whole around a centre, each against its own line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from core.charts.marks import Label, Place, plain, points_of

WIDTH, HEIGHT, RADIUS = 320.0, 220.0, 76.0
CENTRE = (WIDTH / 2, 112.0)
RINGS = (0.25, 0.5, 0.75, 1.0)
LABEL_OUT, LINE_HEIGHT = 14.0, 14.0


class Spoke(NamedTuple):
    """One axis: `share` and `line` from 0 to 1, None where there is none; `words` tell the figures."""

    label: str
    share: float | None
    words: str
    line: float | None = None


@dataclass(frozen=True, slots=True)
class Radar:
    """`area` is closed and filled only when every spoke has a share; else `parts` join neighbours that have one."""

    width: str
    height: str
    rings: tuple[str, ...]
    axes: tuple[tuple[str, str, str, str], ...]
    area: str
    parts: tuple[str, ...]
    dots: tuple[tuple[str, str], ...]
    pass_line: str
    labels: tuple[Label, ...]
    rows: tuple[Spoke, ...]
    summary: str


def radar(spokes: Sequence[Spoke]) -> Radar:
    """Three spokes or more, the first at the top, clockwise."""
    turns = [2 * math.pi * place / len(spokes) for place in range(len(spokes))]
    places = [None if one.share is None else _at(turn, one.share) for one, turn in zip(spokes, turns, strict=True)]
    lines = [_at(turn, one.line) for one, turn in zip(spokes, turns, strict=True) if one.line is not None]
    is_whole = all(place is not None for place in places)
    return Radar(
        width=plain(WIDTH),
        height=plain(HEIGHT),
        rings=tuple(points_of(_at(turn, ring) for turn in turns) for ring in RINGS),
        axes=tuple(tuple(map(plain, (*CENTRE, *_at(turn, 1)))) for turn in turns),  # type: ignore[misc]
        area=points_of(place for place in places if place) if is_whole else "",
        parts=() if is_whole else tuple(_parts(places)),
        dots=tuple((plain(place[0]), plain(place[1])) for place in places if place),
        pass_line=points_of(lines) if len(lines) == len(spokes) else "",
        labels=tuple(label for one, turn in zip(spokes, turns, strict=True) for label in _labels(one, turn)),
        rows=tuple(spokes),
        summary="；".join(f"{one.label} {one.words}" for one in spokes),
    )


def _at(turn: float, share: float) -> Place:
    reach = RADIUS * min(max(share, 0.0), 1.0)
    return CENTRE[0] + reach * math.sin(turn), CENTRE[1] - reach * math.cos(turn)


def _parts(places: Sequence[Place | None]) -> list[str]:
    """Lines between neighbours, the last and the first among them; a missing one leaves a gap on both sides."""
    return [points_of((one, other)) for one, other in pairwise([*places, places[0]]) if one and other]


def _labels(spoke: Spoke, turn: float) -> tuple[Label, Label]:
    """Name over figures, outside the rim, away from the centre."""
    x, y = _at(turn, 1)
    side = math.sin(turn)
    anchor = "middle" if abs(side) < 0.1 else "start" if side > 0 else "end"
    out = LABEL_OUT * side * 0.6
    if math.cos(turn) > 0.9:
        first = y - LABEL_OUT - 6
    elif math.cos(turn) < -0.5:
        first = y + LABEL_OUT + 4
    else:
        first = y - 2
    return (
        Label(plain(x + out), plain(first), spoke.label, anchor),
        Label(plain(x + out), plain(first + LINE_HEIGHT), spoke.words, anchor),
    )
