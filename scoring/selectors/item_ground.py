"""The ground behind one item as its page shows it: today's rows and those a report froze."""

from __future__ import annotations

from dataclasses import dataclass

from core.models import User
from grids.calc.indicators import LATER, WINDOWS, Indicator
from grids.permissions import sees_ground_of
from grids.selectors.indicators import INDICATORS
from grids.selectors.rows_behind import Rows, rows_of
from scoring.models import AssessmentItem, GroundBasis
from scoring.selectors.content_items import ground_words
from scoring.selectors.current import CurrentItem, current_items
from scoring.selectors.proposals import contradiction, propose_for_entry


@dataclass(frozen=True, slots=True)
class ItemGround:
    """What follows from the ground now (`sentence`, `given`), and what was kept with the report."""

    current: CurrentItem
    indicator: Indicator | None
    is_later: bool
    window: str
    sentence: str
    given: str
    now: Rows
    reported: str
    frozen: Rows | None
    against: str
    opens: bool


def item_ground(item: AssessmentItem, user: User) -> ItemGround:
    """Live and frozen ground of an item in scope."""
    rows = AssessmentItem.objects.filter(pk=item.pk).select_related("prefilled_from")
    [current] = current_items(rows)
    propose_for_entry([current])
    opens = sees_ground_of(user, current.assessment.subject)
    measured, report = current.measured, current.report
    basis = GroundBasis.objects.filter(report=report).first() if report is not None else None
    return ItemGround(
        current=current,
        indicator=INDICATORS.get(current.task.indicator),
        is_later=current.task.indicator in LATER,
        window=WINDOWS.get(current.task.window, ""),
        sentence=current.proposal.sentence if current.proposal else measured.sentence if measured else "",
        given=current.proposal.proposed.text if current.proposal else "",
        now=rows_of((row.as_row() for row in measured.rows) if measured else (), opens),
        reported=ground_words(report) if report is not None else "",
        frozen=rows_of(basis.rows, opens) if basis is not None else None,
        against=contradiction(report, current.proposal) if report is not None else "",
        opens=opens,
    )
