"""Which month and whose documents an officer may print as 送审稿 now."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import F, Q

from branches.acting import Officer
from branches.choices import Right
from branches.models import Organisation
from scoring.choices import PeriodState
from scoring.models import Period


class DraftChoice(NamedTuple):
    """An organisation whose 送审稿 may be printed."""

    code: str
    name: str


def period_to_draft() -> Period | None:
    """The newest month that runs or is closed, but not published."""
    rows = Period.objects.filter(state__in=[PeriodState.OPEN, PeriodState.CLOSED], programme__is_practice=False)
    return rows.order_by("-month").first()


def draft_choices(officer: Officer, period: Period) -> list[DraftChoice]:
    """All for the office: communities, streets, task forces; a street's own and its communities'; else one's own."""
    wanted = _wanted(officer, period)
    rows = (
        Organisation.objects.filter(wanted)
        .distinct()
        .as_of(period.last_day)
        .order_by(F("level").desc(nulls_last=True), "code")
    )
    return [DraftChoice(row.code, row.name or row.code) for row in rows]


def _wanted(officer: Officer, period: Period) -> Q:
    community, street = Q(assessments__period=period), Q(street_assessments__period=period)
    task_force = Q(star_responsibilities__from_month__lte=period.month)
    if officer.has(Right.DIRECT):
        return community | street | task_force
    own = Q(pk=officer.organisation.pk)
    if officer.has(Right.REVIEW_THEME):
        return own & task_force
    if officer.has(Right.READ):
        return own & (community | street) | community & Q(assessments__street=officer.organisation)
    return Q(pk__in=[])
