"""Which months and communities an officer may print as 送审稿 now."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from branches.acting import Officer
from branches.choices import Right
from scoring.choices import PeriodState
from scoring.models import Assessment, Period


def period_to_draft() -> Period | None:
    """The newest month that runs or is closed, but not published."""
    rows = Period.objects.filter(state__in=[PeriodState.OPEN, PeriodState.CLOSED], programme__is_practice=False)
    return rows.order_by("-month").first()


def assessments_to_draft(officer: Officer, period: Period) -> QuerySet[Assessment]:
    """All for the office; a street's and a community's own; nothing for others."""
    rows = Assessment.objects.filter(period=period).select_related("subject", "placement").order_by("subject__code")
    if officer.has(Right.DIRECT):
        return rows
    if not officer.has(Right.READ):
        return rows.none()
    return rows.filter(Q(subject=officer.organisation) | Q(street=officer.organisation))
