"""How far a month is: the four counts over all its items. Pages, home, API and the closing itself count by this."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from scoring.calc.counted import CLAIMED, Counted
from scoring.calc.steps import step_of
from scoring.models import Assessment, AssessmentItem, Period
from scoring.selectors.facts import counted_by_assessment, editions_of


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

    def add(self, one: Counted) -> None:
        """Count one item: the only place where the four are told apart."""
        step = step_of(one)
        setattr(self, step, getattr(self, step) + 1)
        self.total += 1
        self.gaps += one.is_gap
        self.claims += one.kind == CLAIMED
        self.provisional += one.is_provisional

    @property
    def percent(self) -> int:
        return self.settled * 100 // self.total if self.total else 0

    def as_payload(self) -> dict[str, object]:
        return asdict(self)


def closing_counts(period: Period) -> ClosingCounts:
    """The four counts of a period with gaps, unconfirmed 不涉及 and provisional items beside them; two queries."""
    counts = ClosingCounts()
    items = AssessmentItem.objects.filter(assessment__period=period)
    for _, counted in counted_by_assessment(items, editions_of(Assessment.objects.filter(period=period))):
        for one in counted.values():
            counts.add(one)
    return counts
