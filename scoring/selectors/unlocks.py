"""Items that a timed unlock holds open now, and those it held. Rule 7: the clock locks them again, no job does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from branches.models import Organisation
from core import clock
from scoring.choices import PeriodState
from scoring.models import ItemUnlock, Period
from scoring.selectors.current import serving_task_force


@dataclass(frozen=True, slots=True)
class Unlocked:
    """One unlock in words: which item, until when, by whom and why."""

    item_id: int
    assessment_id: int
    month: str
    community: str
    task: str
    until: datetime
    reason: str
    by: str
    at: datetime
    is_open: bool


def unlocks_of(period: Period) -> list[Unlocked]:
    """All unlocks of a month, the newest first; of an item unlocked twice the longest one holds."""
    return _rows(ItemUnlock.objects.filter(item__assessment__period=period))


def open_unlocks(periods: Iterable[Period]) -> QuerySet[ItemUnlock]:
    """The unlocks that hold items of these months open at this moment: one an item."""
    longest = ItemUnlock.objects.filter(item=OuterRef("item")).order_by("-expires_at", "-pk")
    rows = ItemUnlock.objects.filter(item__assessment__period__in=periods, expires_at__gt=clock.now())
    return rows.filter(item__assessment__period__state=PeriodState.CLOSED, pk=Subquery(longest.values("pk")[:1]))


def unlocked_for(organisation: Organisation) -> list[Unlocked]:
    """What is open now for a community, for a street's communities, or under a task force's stars; one query."""
    in_hand = Period.objects.filter(state=PeriodState.CLOSED, programme__is_practice=False)
    here = organisation.pk
    is_mine = Q(item__assessment__subject=here) | Q(item__assessment__street=here) | Q(task_force=here)
    return _rows(open_unlocks(in_hand).annotate(task_force=serving_task_force("item__")).filter(is_mine))


def _rows(unlocks: QuerySet[ItemUnlock]) -> list[Unlocked]:
    joined = unlocks.select_related("by", "item__task", "item__assessment__placement", "item__assessment__period")
    return [_row(row) for row in joined.defer("item__task__criterion").order_by("-at", "-pk")]


def _row(row: ItemUnlock) -> Unlocked:
    item, task = row.item, row.item.task
    return Unlocked(
        item_id=item.pk,
        assessment_id=item.assessment_id,
        month=item.assessment.period.code,
        community=item.assessment.placement.name,
        task=f"第{task.number}项“{task.title}”",
        until=row.expires_at,
        reason=row.reason,
        by=row.by.name,
        at=row.at,
        is_open=row.expires_at > clock.now() and item.assessment.period.state == PeriodState.CLOSED,
    )
