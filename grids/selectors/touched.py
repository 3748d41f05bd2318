"""What an act on grids would touch: shown before it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from grids.models import Activity, Grid, Project, Rectification
from grids.selectors.hanging import rows_reaching, stations_in
from grids.selectors.places import GridFacts

STAYING: dict[str, Any] = {"活动": Activity, "民生实事（项目）": Project, "隐患和环境问题整改": Rectification}


@dataclass(frozen=True)
class Touched:
    """How many rows go over to the new grid, and how many events stay where they happened, by kind."""

    goes: list[tuple[str, int]]
    stays: list[tuple[str, int]]


def touched_by_merge(grids: Sequence[Grid], day: date) -> Touched:
    """Of these grids on that day; kinds without any are left out."""
    return touched_by_merges([grids], day)[0]


def touched_by_merges(groups: Sequence[Sequence[Grid]], day: date) -> list[Touched]:
    """The same for each of several groups; as many queries as for one."""
    group_of = {grid.pk: number for number, grids in enumerate(groups) for grid in grids}
    goes, stays = [Counter[str]() for _ in groups], [Counter[str]() for _ in groups]
    for row in rows_reaching("grid", group_of, day):
        goes[group_of[row.grid_id]][str(row._meta.verbose_name)] += 1
    for station in stations_in(group_of, day):
        goes[group_of[station.grid_id]]["网格工作站"] += 1  # type: ignore[index]
    for label, model in STAYING.items():
        for grid_id in model.objects.standing().filter(grid__in=group_of).values_list("grid_id", flat=True):
            stays[group_of[grid_id]][label] += 1
    return [Touched(list(going.items()), list(staying.items())) for going, staying in zip(goes, stays, strict=True)]


def households_together(grids: Iterable[GridFacts]) -> int | None:
    """Of several grids as one; None when one of them is not known."""
    known = [one.counted_households for one in grids]
    return None if None in known else sum(one or 0 for one in known)
