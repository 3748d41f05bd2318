"""Figures of a body as charts draw them; decimals are text in a body, a share is only for the eye."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from core.charts import Bar, Cell, Column, Row, Spoke
from ledgers.calc import words
from scoring.calc.explain import plain

Star = Mapping[str, Any]
# Rows of a table of items on a sheet across, headings of streets among them; the title takes room of the first.
FIRST_SHEET, SHEET = 17, 22
GOES_ON = "（续）"
_WORDS = {
    words.NOT_APPLICABLE: ("不涉", "out"),
    words.CLAIMED: ("待确", "empty"),
    words.NOT_REPORTED: ("未报", "empty"),
}


class ItemSheet(NamedTuple):
    """A piece of the table of items that fits on a sheet."""

    name: str
    communities: int
    is_first: bool
    columns: list[Column]
    rows: list[Row]


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


def item_sheets(tables: Iterable[Mapping[str, Any]]) -> list[ItemSheet]:
    """The tables of items sheet by sheet: whole streets, as many as fit."""
    return [sheet for place, table in enumerate(tables) for sheet in _sheets(table, SHEET if place else FIRST_SHEET)]


def _sheets(table: Mapping[str, Any], room: int) -> list[ItemSheet]:
    columns = [Column(str(task["number"]), task["star"]) for task in table["tasks"]]
    streets = [_street(table["tasks"], name, list(rows)) for name, rows in groupby(table["rows"], _street_name)]
    filled: list[list[Row]] = [[]]
    for rows in streets:
        most = room if len(filled) == 1 else SHEET
        if filled[-1] and len(filled[-1]) + len(rows) > most:
            filled.append([])
            most = SHEET
        while len(filled[-1]) + len(rows) > most:
            filled[-1] += rows[:most]
            rows = [Row(f"{rows[0].label.removesuffix(GOES_ON)}{GOES_ON}", []), *rows[most:]]
            filled.append([])
            most = SHEET
        filled[-1] += rows
    return [ItemSheet(table["name"], table["count"], place == 0, columns, rows) for place, rows in enumerate(filled)]


def _street_name(row: Mapping[str, Any]) -> str:
    return str(row["street_name"])


def _street(tasks: list[Mapping[str, Any]], name: str, rows: list[Mapping[str, Any]]) -> list[Row]:
    fulls = [float(task["full_points"]) for task in tasks]
    cells = ([_cell(final, full) for final, full in zip(row["finals"], fulls, strict=True)] for row in rows)
    return [Row(name, []), *(Row(row["name"], own) for row, own in zip(rows, cells, strict=True))]


def _cell(final: str, full: float) -> Cell:
    if final in _WORDS:
        word, kind = _WORDS[final]
        return Cell(None, final, kind, word)
    return Cell(float(final) / full if full else 1.0, plain(final))
