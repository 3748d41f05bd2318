"""Dated figures, a measure a line: what counts otherwise is another measure and never joined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from branches.models import Organisation
from core.charts import Point
from core.models import User
from grids.models import Measure, Statistic


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure with its newest figure and how many days have one."""

    measure: Measure
    latest: Statistic
    days: int


def figures(user: User) -> QuerySet[Statistic]:
    """The figures in force: of each day the newest revision."""
    return Statistic.objects.visible_to(user).in_force().select_related("measure", "organisation")


def measure_lines(user: User, organisation: Organisation) -> list[MeasureLine]:
    """Every measure that has a figure of the organisation, by name; one query."""
    rows: dict[int, list[Statistic]] = {}
    for row in figures(user).filter(organisation=organisation).order_by("measure__name", "measure_id", "on"):
        rows.setdefault(row.measure_id, []).append(row)
    return [MeasureLine(found[-1].measure, found[-1], len(found)) for found in rows.values()]


def series(user: User, measure: Measure, organisation: Organisation) -> list[Statistic]:
    """The figures of one measure by day."""
    return list(figures(user).filter(measure=measure, organisation=organisation).order_by("on"))


def points_of(rows: Iterable[Statistic]) -> list[Point]:
    """The same for a chart."""
    return [Point(f"{row.on:%Y-%m}", float(row.value), f"{row.value.normalize():f}") for row in rows]


def revisions(measure: Measure, organisation: Organisation) -> QuerySet[Statistic]:
    """Everything ever recorded, newest first: what was corrected stays readable."""
    return (
        Statistic.objects.filter(measure=measure, organisation=organisation)
        .select_related("recorded_by__person", "recorded_by__position")
        .order_by("-on", "-revision")
    )
