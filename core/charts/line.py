"""A line through a row of months or the like: gaps stay gaps, and what is measured otherwise is not joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.charts.marks import Label, Place, plain, points_of

WIDTH, HEIGHT = 320.0, 170.0
LEFT, RIGHT, TOP, BOTTOM = 26.0, 8.0, 22.0, 30.0
STEPS = 4


class Point(NamedTuple):
    """One place on the row: `value` None where there is nothing, `words` the value as written, `series` what it is
    measured by: points of different series are not joined."""

    label: str
    value: float | None
    words: str
    series: str = ""


@dataclass(frozen=True, slots=True)
class LineChart:
    """`lines` are polylines of two points or more; `breaks` are x of dashed uprights where another series begins."""

    width: str
    height: str
    left: str
    right: str
    top: str
    bottom: str
    scale: tuple[Label, ...]
    lines: tuple[str, ...]
    dots: tuple[tuple[str, str], ...]
    values: tuple[Label, ...]
    names: tuple[Label, ...]
    breaks: tuple[str, ...]
    rows: tuple[Point, ...]
    summary: str


def line_chart(points: Sequence[Point], top: float) -> LineChart:
    """`top` is the highest value there can be; the scale begins at a round number under the lowest there is."""
    low, high = _scale([one.value for one in points if one.value is not None], top)
    places = [_at(place, len(points), one.value, low, high) for place, one in enumerate(points)]
    columns = [_x(place, len(points)) for place in range(len(points))]
    seen = [(place, one) for place, one in zip(places, points, strict=True) if place is not None]
    return LineChart(
        width=plain(WIDTH),
        height=plain(HEIGHT),
        left=plain(LEFT),
        right=plain(WIDTH - RIGHT),
        top=plain(TOP),
        bottom=plain(HEIGHT - BOTTOM),
        scale=tuple(_scale_label(low + (high - low) * step / STEPS, low, high) for step in range(STEPS + 1)),
        lines=tuple(points_of(run) for run in _runs(places, points) if len(run) > 1),
        dots=tuple((plain(place[0]), plain(place[1])) for place, _ in seen),
        values=tuple(Label(plain(x), plain(y - 7), one.words, "middle") for (x, y), one in seen),
        names=tuple(
            Label(plain(x), plain(HEIGHT - BOTTOM + 16), one.label, "middle")
            for x, one in zip(columns, points, strict=True)
        ),
        breaks=tuple(plain((x + before) / 2) for before, x in _breaks(columns, points)),
        rows=tuple(points),
        summary="；".join(f"{one.label} {one.words or '无'}" for one in points),
    )


def _scale(values: Sequence[float], top: float) -> tuple[float, float]:
    """From a multiple of twenty at least five under the lowest up to the top."""
    if not values:
        return 0.0, top
    low = max(0.0, (min(values) - 5) // 20 * 20)
    return low, max(top, *values)


def _x(place: int, count: int) -> float:
    room = WIDTH - LEFT - RIGHT
    return LEFT + room * (place + 0.5) / count


def _y(value: float, low: float, high: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low)


def _at(place: int, count: int, value: float | None, low: float, high: float) -> Place | None:
    return None if value is None else (_x(place, count), _y(value, low, high))


def _scale_label(value: float, low: float, high: float) -> Label:
    return Label(plain(LEFT - 5), plain(_y(value, low, high)), plain(value), "end")


def _runs(places: Sequence[Place | None], points: Sequence[Point]) -> list[list[Place]]:
    """What may be joined: neighbours that both have a value of the same series."""
    runs: list[list[Place]] = []
    series = None
    for place, point in zip(places, points, strict=True):
        if place is None:
            series = None
        elif series == point.series and runs:
            runs[-1].append(place)
        else:
            runs.append([place])
            series = point.series
    return runs


def _breaks(columns: Sequence[float], points: Sequence[Point]) -> list[tuple[float, float]]:
    """Where the series changes between one value and the next, whatever lies between them."""
    found, before = [], None
    for x, point in zip(columns, points, strict=True):
        if point.value is None:
            continue
        if before is not None and before[1] != point.series:
            found.append((before[0], x))
        before = (x, point.series)
    return found
