"""A grid secretary's own grids: what happened this week, what is open, what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from branches.acting import Officer
from grids.models import Activity, Grid, GridState, Rectification
from grids.permissions import covered_grids

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class OwnGrid:
    """A grid her branch covers today, with its name and community."""

    grid: Grid
    state: GridState

    @property
    def name(self) -> str:
        return f"{self.state.name}（{self.state.households} 户）" if self.state.households else self.state.name


def own_grids(officer: Officer, day: date) -> list[OwnGrid]:
    """Those the officer's organisation covers on `day`, by code."""
    states = (
        GridState.objects.in_force(day)
        .filter(grid__in=covered_grids([officer.organisation], day))
        .select_related("grid", "community")
        .order_by("grid__code")
    )
    return [OwnGrid(state.grid, state) for state in states]


def done_since(grids: list[OwnGrid], since: date) -> list[Activity]:
    """Activities of these grids from a day on, newest first."""
    rows = Activity.objects.standing().filter(grid__in=[one.grid for one in grids], on__gte=since)
    return list(rows.order_by("-on", "-pk"))


def open_findings(grids: list[OwnGrid]) -> list[Rectification]:
    """What was found there and is not struck off, the most urgent first."""
    rows = Rectification.objects.standing().filter(grid__in=[one.grid for one in grids], struck_off_on__isnull=True)
    return list(rows.order_by("due_on", "pk"))
