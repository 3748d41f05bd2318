"""How far a month is: the four counts over all its items, and what stands in the way of publishing."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from scoring.choices import ItemState
from scoring.models import AssessmentItem, Period
from scoring.selectors.current import CurrentItem, current_items


@dataclass(slots=True)
class ClosingCounts:
    """Every item counts once, by the step it waits for; gaps and claims are part of their step."""

    total: int = 0
    not_reported: int = 0
    at_street: int = 0
    at_task_force: int = 0
    settled: int = 0
    gaps: int = 0
    claims: int = 0
    provisional: int = 0

    def as_payload(self) -> dict[str, object]:
        return asdict(self)


def closing_counts(period: Period) -> ClosingCounts:
    """The four counts of a period with gaps, unconfirmed 不涉及 and provisional items beside them."""
    counts = ClosingCounts()
    for current in current_items(AssessmentItem.objects.filter(assessment__period=period)):
        _count(counts, current)
    return counts


def _count(counts: ClosingCounts, current: CurrentItem) -> None:
    counted = current.counted
    counts.total += 1
    counts.gaps += counted.is_gap
    counts.claims += counted.kind == "claimed"
    counts.provisional += counted.is_provisional
    if current.ruling is None and (current.report is None or current.item.state != ItemState.SUBMITTED):
        counts.not_reported += 1
    elif not counted.is_provisional:
        counts.settled += 1
    elif current.street is None:
        counts.at_street += 1
    else:
        counts.at_task_force += 1
