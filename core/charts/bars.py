"""Bars, one under the other: a name, a bar, the value in words. A marked bar is solid, the others are hatched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.charts.marks import Label, box, hatching, plain

WIDTH, ROW, THICK = 320.0, 22.0, 12.0
LETTER, GAP = 12.0, 6.0


class Bar(NamedTuple):
    """`value` None: nothing to draw, `words` say why; `line`: a mark the value is measured against."""

    label: str
    value: float | None
    words: str
    is_marked: bool = False
    line: float | None = None


@dataclass(frozen=True, slots=True)
class BarChart:
    """All solid bars are one path, all hatched another, all rims a third; `ticks` are the lines measured against."""

    width: str
    height: str
    rims: str
    solid: str
    hatched: str
    ticks: str
    names: tuple[Label, ...]
    values: tuple[Label, ...]
    rows: tuple[Bar, ...]
    summary: str


def bar_chart(bars: Sequence[Bar], top: float) -> BarChart:
    """`top` is the value of a bar that fills its room. Names and values get the room their longest needs."""
    left = min(150.0, max((_length(bar.label) for bar in bars), default=0) + GAP)
    room = WIDTH - left - max((_length(bar.words) for bar in bars), default=0) - GAP
    drawn = [(place, bar, room * min(bar.value / top, 1.0)) for place, bar in enumerate(bars) if bar.value is not None]
    ticks = [(place, room * min(bar.line / top, 1.0)) for place, bar in enumerate(bars) if bar.line is not None]
    return BarChart(
        width=plain(WIDTH),
        height=plain(ROW * len(bars)),
        rims="".join(box(left, _y(place), long, THICK) for place, _, long in drawn if long),
        solid="".join(box(left, _y(place), long, THICK) for place, bar, long in drawn if bar.is_marked and long),
        hatched="".join(hatching(left, _y(place), long, THICK) for place, bar, long in drawn if not bar.is_marked),
        ticks="".join(f"M{plain(left + at)} {plain(_y(place) - 2)}v{plain(THICK + 4)}" for place, at in ticks),
        names=tuple(Label("0", plain(_y(place) + THICK - 2), bar.label) for place, bar in enumerate(bars)),
        values=tuple(
            Label(plain(WIDTH), plain(_y(place) + THICK - 2), bar.words, "end") for place, bar in enumerate(bars)
        ),
        rows=tuple(bars),
        summary="；".join(f"{bar.label} {bar.words}" for bar in bars),
    )


def _y(place: int) -> float:
    return ROW * place + (ROW - THICK) / 2


def _length(text: str) -> float:
    """About how long a word is at the letter size: an ASCII letter takes little more than half."""
    return sum(LETTER if ord(letter) > 0x2E7F else LETTER * 0.58 for letter in text)
