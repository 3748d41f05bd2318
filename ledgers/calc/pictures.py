"""Figures of a body as charts draw them; decimals are text in a body, a share is only for the eye."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.charts import Bar, Spoke
from ledgers.calc import words

Star = Mapping[str, Any]


def star_bars(stars: Iterable[Star]) -> list[Bar]:
    """The stars of a community's body as bars of a hundred, those won solid; `pass_percent` is drawn if it is there."""
    return [
        Bar(star["name"], share_of(star), _bar_words(star), star["verdict"] == words.WON, _line(star)) for star in stars
    ]


def star_spokes(stars: Iterable[Star]) -> list[Spoke]:
    """The same around a centre, from 0 to 1."""
    return [
        Spoke(
            star["name"], None if share is None else share / 100, _figures(star), None if line is None else line / 100
        )
        for star, share, line in ((star, share_of(star), _line(star)) for star in stars)
    ]


def share_of(star: Star) -> float | None:
    """Points in a hundred of what applies; None for a star that is not rated."""
    applicable = float(star["applicable_points"])
    return 100 * float(star["points"]) / applicable if applicable else None


def _bar_words(star: Star) -> str:
    return " ".join(dict.fromkeys((_figures(star), star["verdict"])))


def _figures(star: Star) -> str:
    return f"{star['points']} / {star['applicable_points']}" if float(star["applicable_points"]) else words.NOT_RATED


def _line(star: Star) -> float | None:
    line = star.get("pass_percent")
    return None if line is None else float(line)


def level_bars(body: Mapping[str, Any]) -> list[Bar]:
    """How many communities hold each level, of a 简报."""
    return [Bar(level["level_words"], level["count"], f"{level['count']} 个", True) for level in body["levels"]]


def won_bars(stars: Iterable[Star]) -> list[Bar]:
    """How many in a hundred won each star, with those new to it and those that lost it."""
    return [
        Bar(star["name"], 100 * star["won"] / star["rated"] if star["rated"] else None, _won_words(star))
        for star in stars
    ]


def _won_words(star: Star) -> str:
    moved = f"（+{star['gained']} −{star['lost']}）" if star["gained"] or star["lost"] else ""
    return f"{star['won']}／{star['rated']}{moved}"
