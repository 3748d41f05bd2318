"""The 通报 that publishes a month: the text as signed, and the tables as far as the publication lets everybody see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ledgers.calc import words
from ledgers.calc.chain import published_link
from ledgers.calc.frame import Body, Content, Previous, frame
from ledgers.calc.rows import standing_tables

NOTICE = "notice"
_TEXT = ("basis", "scope", "method")


def notice_body(content: Content, organisation_code: str, previous: Previous) -> Body:
    """What the 通报 prints; `organisation_code` is the district's. A 送审稿 shows what would be published."""
    notice, visibility = content["notice"], content["rules"]["visibility"]
    return {
        **frame(content, NOTICE, organisation_code, previous),
        "title": notice["title"],
        "label": content["label"],
        "organisation": {"code": organisation_code, "name": words.WHOLE_DISTRICT},
        "addressees": paragraphs(notice["addressees"]),
        "text": [line for part in _TEXT for line in paragraphs(notice[part])],
        "closing": paragraphs(notice["closing"]),
        "issuer": notice["issuer"],
        "visibility": visibility,
        "tables": _tables(content) if visibility in ("order", "with_points") else [],
        "bands": _bands(content) if visibility == "bands" else [],
        "incomplete": [] if visibility == "off" else [_unit(row) for row in content["incomplete"]],
        "signatures": [published_link(content)],
        "rule": "" if visibility == "off" else content["rules"]["sentence"],
    }


def paragraphs(text: str) -> list[str]:
    """The lines somebody typed, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _tables(content: Content) -> list[dict[str, Any]]:
    """名次 and 单位, a table a track; 总分 and the level beside where points are shown."""
    shows_points = content["rules"]["visibility"] == "with_points"
    decimals = content["rules"]["total_decimals"]
    return [
        {
            "name": name,
            "shows_points": shows_points,
            "rows": [_standing(row, decimals if shows_points else None) for row in rows],
        }
        for name, rows in standing_tables(content)
    ]


def _standing(row: dict[str, Any], decimals: int | None) -> dict[str, Any]:
    found = {"place": row["place"], "is_tied": row["is_tied"], **_unit(row)}
    if decimals is None:
        return found
    total = words.total_words(row["total"], decimals)
    return {**found, "total": total, "level_words": words.level_words(row["star_level"])}


def _bands(content: Content) -> list[dict[str, Any]]:
    """Levels with those that hold them, by code: the order tells no place."""
    return [
        {"name": name, "rows": [_band(level, rows) for level in sorted(_levels(rows), reverse=True)]}
        for name, rows in standing_tables(content)
    ]


def _levels(rows: Iterable[dict[str, Any]]) -> set[int]:
    return {row["star_level"] for row in rows}


def _band(level: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
    held = sorted((row for row in rows if row["star_level"] == level), key=lambda row: row["organisation"])
    return {"level_words": words.level_words(level), "units": [row["name"] for row in held]}


def _unit(row: dict[str, Any]) -> dict[str, str]:
    return {"organisation": row["organisation"], "name": row["name"], "street_name": row["street_name"]}
