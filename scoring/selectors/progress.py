"""Who has not reported and who has not reviewed yet, set-based over a month: for reminders and the list to paste.

Organisation names and counts only; no points, no order by them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q

from branches.models import Organisation
from scoring.choices import Axis, ItemState
from scoring.models import AssessmentItem, Period, Review, Ruling
from scoring.selectors.current import serving_task_force
from scoring.selectors.explain import organisation_names


@dataclass(frozen=True, slots=True)
class CommunityProgress:
    """One community: items not reported, returned and not sent again, waiting for its street."""

    assessment_id: int
    subject_id: int
    name: str
    missing: int
    returned: int
    at_street: int

    @property
    def is_late(self) -> bool:
        return bool(self.missing or self.returned)


@dataclass(slots=True)
class StreetProgress:
    street_id: int
    name: str
    communities: list[CommunityProgress] = field(default_factory=list)

    @property
    def late(self) -> list[CommunityProgress]:
        return [one for one in self.communities if one.is_late]

    @property
    def at_street(self) -> int:
        return sum(one.at_street for one in self.communities)


@dataclass(frozen=True, slots=True)
class MonthProgress:
    """Streets in the order of their codes; items waiting for a task force, by its id and name."""

    period: Period
    streets: list[StreetProgress]
    task_forces: list[tuple[int, str, int]]


def month_progress(period: Period, street: Organisation | None = None) -> MonthProgress:
    """Of the whole month, or of one street (without task forces): three queries whatever its size."""
    items = AssessmentItem.objects.filter(assessment__period=period).annotate(
        is_ruled=Exists(Ruling.objects.filter(item=OuterRef("pk"))), is_seen=_reviewed(Axis.STREET)
    )
    if street is not None:
        items = items.filter(assessment__street=street)
    rows = list(
        items.values_list(
            *("assessment__street_id", "assessment_id", "assessment__subject_id", "assessment__placement__name")
        )
        .annotate(
            missing=Count("pk", filter=Q(state=ItemState.OPEN, is_ruled=False)),
            returned=Count("pk", filter=Q(state=ItemState.RETURNED, is_ruled=False)),
            at_street=Count("pk", filter=Q(state=ItemState.SUBMITTED, is_ruled=False, is_seen=False)),
        )
        .order_by("assessment__street__code", "assessment__subject__code")
    )
    waiting = _waiting_for_task_forces(period) if street is None else {}
    names = organisation_names({row[0] for row in rows} | waiting.keys())
    return MonthProgress(
        period=period,
        streets=_by_street(rows, names),
        task_forces=[(pk, names.get(pk, ""), count) for pk, count in waiting.items()],
    )


def _by_street(rows: list[tuple], names: dict[int, str]) -> list[StreetProgress]:  # type: ignore[type-arg]
    found: dict[int, StreetProgress] = {}
    for street_id, *community in rows:
        street = found.setdefault(street_id, StreetProgress(street_id, names.get(street_id, "")))
        street.communities.append(CommunityProgress(*community))
    return list(found.values())


def _waiting_for_task_forces(period: Period) -> dict[int, int]:
    """Items that lie with each task force, those with none left out; in the order of their codes."""
    waiting = (
        AssessmentItem.objects.filter(assessment__period=period, state=ItemState.SUBMITTED)
        .annotate(is_ruled=Exists(Ruling.objects.filter(item=OuterRef("pk"))), is_seen=_reviewed(Axis.TASK_FORCE))
        .filter(is_ruled=False, is_seen=False)
        .annotate(serving=serving_task_force())
    )
    rows = waiting.order_by("serving").values_list("serving").annotate(items=Count("pk"))
    return {pk: count for pk, count in rows if pk is not None}


def _reviewed(axis: str) -> Exists:
    return Exists(Review.objects.filter(item=OuterRef("pk"), round=OuterRef("round"), axis=axis))
