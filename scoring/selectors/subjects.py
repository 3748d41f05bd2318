"""Whom a month assesses: the subjects standing at opening, with the four facts that will be frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from branches.choices import Level
from branches.models import Ancestry, Organisation
from core import clock
from core.errors import Conflict
from scoring.calc.windows import month_after
from scoring.models import Programme, Rubric


@dataclass(frozen=True, slots=True)
class Subject:
    """One organisation with placement, street, track and edition."""

    organisation_id: int
    placement_id: int
    street_id: int
    track: str
    rubric_id: int


def subjects_of(programme: Programme, month: date) -> list[Subject]:
    """All subjects of a month as of today, held within the month; Conflict names those without street or edition."""
    day = opening_day(month)
    rows = Organisation.objects.standing_on(day).as_of(day).filter(kind="chain", level=programme.subject_level)
    streets = dict(
        Ancestry.objects.in_force(day)
        .filter(ancestor__level=Level.STREET, descendant__level=programme.subject_level)
        .values_list("descendant_id", "ancestor_id")
    )
    editions = editions_in_force(programme, month)
    subjects, faults = [], []
    for row in rows.order_by("code"):
        fault = _fault(row, streets, editions)
        if fault:
            faults.append(fault)
        else:
            subjects.append(Subject(row.pk, row.placement_id, streets[row.pk], row.track, editions[row.track].pk))
    if faults:
        raise Conflict("不能开启本月考评：" + "；".join(faults[:10]))
    return subjects


def opening_day(month: date) -> date:
    """The day whose chain is frozen: today, held within the month."""
    last = month_after(month) - timedelta(days=1)
    return min(max(clock.today(), month), last)


def editions_in_force(programme: Programme, month: date) -> dict[str, Rubric]:
    """The published edition of each track with the latest first month not after `month`."""
    rows = Rubric.objects.published().filter(programme=programme, first_month__lte=month).order_by("first_month")
    return {rubric.track: rubric for rubric in rows}


def _fault(row: Organisation, streets: Mapping[int, int], editions: Mapping[str, Rubric]) -> str:
    if row.pk not in streets:
        return f"{row}没有所属街道"
    if not row.track:
        return f"{row}没有类别（城市或涉农）"
    return "" if row.track in editions else f"{row}的类别没有已发布的评星标准"
