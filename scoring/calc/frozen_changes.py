"""Changes as a publication freezes them, and back: whatever prints them later needs no other publication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from scoring.calc.changes import Cause, Change, StarChange
from scoring.calc.frozen import hundredths

Row = dict[str, Any]


def freeze(changes: Iterable[Change]) -> list[Row]:
    """What moved, as plain values; amounts are Decimals with two places."""
    return [_row(change) for change in changes if change.has_moved or change.points]


def thaw(rows: Iterable[Mapping[str, Any]]) -> list[Change]:
    """The same changes read from frozen content."""
    return [_change(row) for row in rows]


def _row(change: Change) -> Row:
    return {
        "organisation": change.organisation,
        "name": change.name,
        "before": _side(change, 0),
        "now": _side(change, 1),
        "points": _amount(change.points),
        "applicable": _amount(change.applicable),
        "is_new_edition": change.is_new_edition,
        "is_complete": change.is_complete,
        "stars": [_star_row(star) for star in change.stars],
    }


def _side(change: Change, at: int) -> Row:
    total = change.totals[at]
    return {
        "star_level": change.levels[at],
        "total": None if total is None else _amount(total),
        "place": change.places[at],
    }


def _star_row(star: StarChange) -> Row:
    return {
        "code": star.code,
        "name": star.name,
        "step": star.step,
        "points": _amount(star.points),
        "applicable": _amount(star.applicable),
        "notes": list(star.notes),
        "causes": [_cause_row(cause) for cause in star.causes],
    }


def _cause_row(cause: Cause) -> Row:
    row = cause._asdict()
    return {**row, "points": _amount(cause.points), "applicable": _amount(cause.applicable)}


def _change(row: Mapping[str, Any]) -> Change:
    before, now = row["before"], row["now"]
    return Change(
        organisation=row["organisation"],
        name=row["name"],
        levels=(before["star_level"], now["star_level"]),
        totals=(_read(before["total"]), _read(now["total"])),
        places=(before["place"], now["place"]),
        points=hundredths(row["points"]),
        applicable=hundredths(row["applicable"]),
        stars=tuple(_star(star) for star in row["stars"]),
        is_new_edition=row["is_new_edition"],
        is_complete=row["is_complete"],
    )


def _star(row: Mapping[str, Any]) -> StarChange:
    return StarChange(
        code=row["code"],
        name=row["name"],
        step=row["step"],
        points=hundredths(row["points"]),
        applicable=hundredths(row["applicable"]),
        causes=tuple(_cause(cause) for cause in row["causes"]),
        notes=tuple(row["notes"]),
    )


def _cause(row: Mapping[str, Any]) -> Cause:
    return Cause(**{**row, "points": hundredths(row["points"]), "applicable": hundredths(row["applicable"])})


def _amount(value: int) -> Decimal:
    return Decimal(value).scaleb(-2)


def _read(text: str | None) -> int | None:
    return None if text is None else hundredths(text)
