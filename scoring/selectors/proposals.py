"""What the ground yields for items: proposed values, live ones beside frozen ones, and where they contradict.

The one way in which the month looks at the ground. A fixed number of queries, however many items and communities; none
where no task names an indicator.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core import clock
from core.canonical import digest, fixed
from core.fields import to_hundredths
from grids.selectors.indicators import INDICATORS, Measured, measure
from scoring.calc.proposing import Proposed, propose
from scoring.choices import ItemState
from scoring.models import Report
from scoring.selectors.current import CurrentItem

CHANGED = "底数已变"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an item's indicator yields as of a day, and the entry that follows from it."""

    measured: Measured
    proposed: Proposed
    is_running: bool

    @property
    def sentence(self) -> str:
        """The figure and where it comes from; a month that still runs is said."""
        return self.measured.sentence + ("，本月未结束" if self.is_running else "")

    @property
    def as_of(self) -> str:
        """Which day was looked at, for many rows at once."""
        day = self.measured.on
        return f"底数截至{day.month}月{day.day}日" + ("，本月未结束" if self.is_running else "")

    @property
    def points_words(self) -> str:
        """推算 3 分, or 不涉及."""
        points = self.proposed.points
        return "不涉及" if points is None else f"{points.normalize():f} 分"

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [row.as_row() for row in self.measured.rows]

    @property
    def digest(self) -> str:
        """Of the rows behind and what follows from them."""
        content = {"schema": 1, "kind": self.proposed.kind, "value": self.proposed.value, "rows": self.rows}
        return digest(content)

    @property
    def ticket(self) -> str:
        """Enough of the digest of what follows to tell another proposal from this one."""
        return digest({"schema": 1, "kind": self.proposed.kind, "value": self.proposed.value})[:12]

    def frozen(self, *, is_followed: bool) -> dict[str, Any]:
        """What a report keeps of it; the rows themselves stand in its `GroundBasis`."""
        return {
            "indicator": self.measured.indicator.name,
            "window": self.measured.window,
            "on": self.measured.on.isoformat(),
            "kind": self.proposed.kind,
            "value": self.proposed.value,
            "points": None if self.proposed.points is None else fixed(self.proposed.points),
            "text": self.sentence,
            "followed": is_followed,
            "rows_sha256": self.digest,
        }


def looked_at_on(month_ends_on: date) -> date:
    """As of which day the ground is looked at: the month's last day, or today while it still runs."""
    return min(month_ends_on - timedelta(days=1), clock.today())


def attach_proposals(found: Iterable[CurrentItem]) -> None:
    """Give each item what its indicator yields now."""
    for items in _by_month(found).values():
        _attach(items)


def propose_for_entry(found: Iterable[CurrentItem]) -> None:
    """The same for whoever enters: an unchanged state whose ground changed asks for a look (rule 3).

    The items come with `prefilled_from`.
    """
    items = list(found)
    attach_proposals(items)
    for current in items:
        if _rests_on_other_ground(current):
            current.item.look_reason = CHANGED


def _by_month(items: Iterable[CurrentItem]) -> dict[int, list[CurrentItem]]:
    found: dict[int, list[CurrentItem]] = defaultdict(list)
    for current in items:
        if current.task.indicator in INDICATORS:
            found[current.assessment.period_id].append(current)
    return found


def _attach(items: list[CurrentItem]) -> None:
    """Items of one month."""
    ends_on = items[0].assessment.period.ends_on
    day = looked_at_on(ends_on)
    keys = {(one.task.indicator, one.task.window) for one in items}
    measured = measure(keys, sorted({one.assessment.subject_id for one in items}), day)
    for current in items:
        figure = measured[current.assessment.subject_id].get((current.task.indicator, current.task.window))
        current.measured = figure
        entry = propose(current.task, figure) if figure is not None else None
        if figure is not None and entry is not None:
            current.proposal = Proposal(figure, entry, is_running=day < ends_on - timedelta(days=1))


def _rests_on_other_ground(current: CurrentItem) -> bool:
    """Whether last month's state would be confirmed over a ground that yields something else than it did then."""
    item, last = current.item, current.item.prefilled_from
    if current.proposal is None or last is None or item.look_reason or item.draft is not None:
        return False
    if item.state != ItemState.OPEN:
        return False
    before = last.ground or {"kind": last.kind, "value": last.value}
    return not is_proposed(current.proposal, before["kind"], before["value"])


def is_proposed(proposal: Proposal, kind: str, value: Any) -> bool:
    """Whether an entry says just what is proposed."""
    return (kind, value or {}) == (proposal.proposed.kind, proposal.proposed.value)


# -- contradictions


def contradiction(report: Report, proposal: Proposal | None) -> str:
    """Why a reported item and the ground speak against each other, in words; empty where they agree.

    Disputed when it was sent, or the ground yields other points now than it did then.
    """
    ground = report.ground
    if not ground:
        return ""
    if not ground["followed"]:
        return f"{_against(report, ground)}（底数为 {_words(ground)}）"
    if proposal is not None and _amount(proposal.proposed.points) != _stated(ground):
        return f"报后底数有变，现为 {proposal.points_words}"
    return ""


def _against(report: Report, ground: dict[str, Any]) -> str:
    points, own = _stated(ground), to_hundredths(report.points)
    if points is None or own is None or own == points:
        return "与底数不同"
    return "高于底数" if own > points else "低于底数"


def _words(ground: dict[str, Any]) -> str:
    points = ground["points"]
    return "不涉及" if points is None else f"{Decimal(points).normalize():f} 分"


def _stated(ground: dict[str, Any]) -> int | None:
    points = ground["points"]
    return None if points is None else to_hundredths(Decimal(points))


def _amount(points: Decimal | None) -> int | None:
    return to_hundredths(points)
