"""What hangs on a place: rows that hold on a day or later, and what is still open there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from grids.models import (
    CentreState,
    Committee,
    CourtyardGrid,
    Coverage,
    GroundContact,
    PartnerUnit,
    Rectification,
    ServiceContract,
)
from grids.models.base import GroundRow, dated_models
from grids.models.grid import Standing

SHOWN = 5
FETCHED: dict[type[GroundRow], tuple[str, ...]] = {
    CourtyardGrid: ("courtyard", "grid"),
    Coverage: ("organisation",),
    ServiceContract: ("company",),
}


@dataclass(frozen=True)
class Hanging:
    """Rows of one kind that hang on a place: how many, and the names of the first."""

    label: str
    count: int
    names: tuple[str, ...]

    def __str__(self) -> str:
        more = "等" if self.count > len(self.names) else ""
        return f"{self.label} {self.count} 条（{'、'.join(self.names)}{more}）"


def rows_reaching(column: str, ids: Iterable[int], day: date) -> list[Any]:
    """Standing rows on these places that hold on `day` or later, those without an end first."""
    found: list[Any] = []
    for model in dated_models(column):
        rows = model.objects.standing().filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
        rows = rows.filter(**{f"{column}__in": list(ids)}).select_related(*FETCHED.get(model, ()))
        found += sorted(rows.order_by("pk"), key=lambda row: (row.ends_on is not None, row.pk))
    return found


def hanging_on(place: Standing, day: date) -> list[Hanging]:
    """Everything that forbids to close a place on `day`: dated rows, open rectifications, stations in the grid."""
    column = str(place._meta.model_name)
    if column not in ("grid", "courtyard"):
        return []
    rows = rows_reaching(column, [place.pk], day)
    rows += list(Rectification.objects.standing().filter(struck_off_on__isnull=True, **{column: place}))
    names: dict[str, list[str]] = {}
    for row in rows:
        names.setdefault(str(row._meta.verbose_name), []).append(name_of(row, place))
    if column == "grid":
        stations = [str(state) for state in stations_in([place.pk], day)]
        names |= {"网格工作站": stations} if stations else {}
    return [Hanging(label, len(found), tuple(found[:SHOWN])) for label, found in names.items()]


def stations_in(grid_ids: Iterable[int], day: date) -> list[CentreState]:
    """The latest states of centres that lie in these grids and stand on `day` or later."""
    latest = CentreState.objects.latest_ones().filter(grid__in=list(grid_ids)).select_related("centre", "organisation")
    return list(latest.filter(Q(centre__closed_on__isnull=True) | Q(centre__closed_on__gt=day)))


def name_of(row: GroundRow, place: Standing | None = None) -> str:
    """What a row is called in a list of what hangs on `place`."""
    if isinstance(row, CourtyardGrid):
        return row.grid.code if row.courtyard == place else row.courtyard.code
    if isinstance(row, Coverage):
        return row.organisation.code
    if isinstance(row, ServiceContract):
        return row.company.name
    if isinstance(row, GroundContact):
        return str(row.get_kind_display())
    if isinstance(row, Committee | PartnerUnit):
        return row.name
    return str(row)
