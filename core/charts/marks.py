"""What the charts have in common: numbers as SVG writes them, words that stand at a place, hatching."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

Place = tuple[float, float]


class Label(NamedTuple):
    """A word at a place; `anchor` is SVG's: start, middle, end."""

    x: str
    y: str
    text: str
    anchor: str = "start"


def plain(number: float) -> str:
    """One decimal at most, never `-0`: the same text on every machine."""
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def points_of(places: Iterable[Place]) -> str:
    """The `points` of a polygon or polyline."""
    return " ".join(f"{plain(x)},{plain(y)}" for x, y in places)


def box(x: float, y: float, width: float, height: float) -> str:
    """A rectangle as a piece of path data: many of them make one path."""
    return f"M{plain(x)} {plain(y)}h{plain(width)}v{plain(height)}h{plain(-width)}z"


def hatching(x: float, y: float, width: float, height: float, step: float = 4) -> str:
    """Slanting lines that fill a rectangle, as path data: a pattern that needs no <pattern>."""
    lines: list[str] = []
    at = -height + step if width else width
    while at < width:
        start, end = max(at, 0.0), min(at + height, width)
        lines.append(
            f"M{plain(x + start)} {plain(y + height - (start - at))}L{plain(x + end)} {plain(y + height - (end - at))}"
        )
        at += step
    return "".join(lines)
