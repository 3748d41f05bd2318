"""The norms as they stood on a day: figures that the district edits, never constants."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from grids.choices import NormKey
from grids.models import Norm


def norm(key: str, day: date) -> Decimal | None:
    """The value in force on `day`, None where the district has set none by then."""
    return norms_on(day).get(key)


def norms_on(day: date) -> dict[str, Decimal]:
    """Every norm in force on `day` by its key; one query."""
    rows = Norm.objects.filter(starts_on__lte=day).order_by("starts_on", "revision")
    return dict(rows.values_list("key", "value"))


def norm_history() -> list[tuple[NormKey, list[Norm]]]:
    """All norms in the order of the list, each with its values, newest first."""
    found: dict[str, list[Norm]] = {key: [] for key in NormKey.values}
    for row in Norm.objects.order_by("-starts_on", "-revision"):
        found[row.key].append(row)
    return [(NormKey(key), rows) for key, rows in found.items()]
