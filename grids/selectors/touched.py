"""What an act on grids would touch: shown before it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from grids.models import Activity, Grid, Project, Rectification
from grids.selectors.hanging import rows_reaching, stations_in


@dataclass(frozen=True)
class Touched:
    """How many rows go over to the new grid, and how many events stay where they happened, by kind."""

    goes: list[tuple[str, int]]
    stays: list[tuple[str, int]]


def touched_by_merge(grids: Sequence[Grid], day: date) -> Touched:
    """Of these grids on that day; kinds without any are left out."""
    ids = [grid.pk for grid in grids]
    going = Counter(str(row._meta.verbose_name) for row in rows_reaching("grid", ids, day))
    going["网格工作站"] = len(stations_in(ids, day))
    staying = {
        "活动": Activity.objects.standing().filter(grid__in=ids).count(),
        "民生实事（项目）": Project.objects.standing().filter(grid__in=ids).count(),
        "隐患和环境问题整改": Rectification.objects.standing().filter(grid__in=ids).count(),
    }
    return Touched(goes=_with_any(going.items()), stays=_with_any(staying.items()))


def _with_any(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(label, count) for label, count in counts if count]
