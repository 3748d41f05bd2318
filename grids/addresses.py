"""Where a row that an indicator looked at is kept: the address of its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse

# model → register by its slug; model → name of the route and which part of the row it takes.
_REGISTERS = {
    **{"activity": "activities", "rectification": "rectifications", "project": "projects", "milestone": "milestones"},
    **{"collectiveeconomy": "collective-economies", "idleasset": "idle-assets", "team": "teams"},
    **{"serviceitem": "service-items"},
}
_PLACES = {
    "grid": ("grids:grid", "code"),
    "courtyard": ("grids:courtyard", "code"),
    "centre": ("grids:centre", "code"),
}


def address_of(row: Mapping[str, Any]) -> str:
    """The page of a row as `Behind.as_row` gives it; empty where it has none of its own."""
    try:
        if row["model"] in _PLACES:
            name, part = _PLACES[row["model"]]
            return reverse(name, args=[row[part]])
        if row["model"] in _REGISTERS:
            return reverse("grids:row", args=[_REGISTERS[row["model"]], row["id"]])
    except NoReverseMatch:
        pass
    return ""
