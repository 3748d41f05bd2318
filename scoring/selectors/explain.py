"""The sentences of `calc.explain` for what is live: the same rows as a publication would carry, made now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from branches.models import Organisation
from core import clock
from core.canonical import canonical_text
from scoring.calc import explain
from scoring.models import Rating
from scoring.selectors.content_items import appointments_on, item_row, positions_of
from scoring.selectors.current import CurrentItem

Names = Mapping[int, str]


def explain_item(current: CurrentItem, names: Names | None = None) -> str:
    """Why the item counts as it does: who said what, when and with which reason, and what of it is in force.

    `names` gives the organisations that acted by id; without it posts and names are left out.
    """
    positions = None if names is None else positions_of(appointments_on([current]), names)
    row = _as_published(item_row(current, positions))
    width = fixed_hundredths(current.gap_width)
    return explain.explain_item(row, current.task.title, gap_width=width, with_who=names is not None)


def explain_rating(rating: Rating, decimals: int) -> str:
    """How total (with the places of the year's rules) and stars came about."""
    fields = ("points", "applicable_points", "total", "stars", "empty_items", "provisional_items")
    return explain.explain_total(_as_published({name: getattr(rating, name) for name in fields}), decimals)


def organisation_names(organisation_ids: set[int], day: date | None = None) -> dict[int, str]:
    """Names on a day (today) by id, one query; those of a month's last day are the ones it is published with."""
    rows = Organisation.objects.as_of(day or clock.today()).filter(pk__in=organisation_ids)
    return {row.pk: row.name or row.code for row in rows}


def fixed_hundredths(amount: int) -> str:
    """Hundredths as content writes them: 150 is `1.50`."""
    return f"{amount // 100}.{amount % 100:02d}"


def _as_published(row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(canonical_text({"schema": 1, "row": row}))["row"]
    return found
