"""What the lines of a sheet would do to the counts of 5+3 posts: one series a community and post."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from branches.acting import Officer
from core.errors import Conflict
from core.permit import Permit
from grids.calc.cells import Unreadable
from grids.imports.lines import NEW, LinePlan, Plan, TypedLine
from grids.imports.states import StatePlanner
from grids.models import PostCount
from grids.permissions import can_keep_ground
from grids.services.bulk import Kept
from grids.services.posts import WantedCount, keep_post_counts, series_of


def plan_posts(officer: Officer, book: Any, lines: Sequence[TypedLine]) -> Plan:
    """Read every line against what is stored; nothing is written. A fixed number of queries."""
    return PostPlanner(officer, book, lines).plan()


def apply_posts(officer: Officer, plan: Plan, source: str) -> Kept:
    """Record what the plan says, all of it or nothing."""
    wanted = [WantedCount(one.line.place, one.row, one.line.version) for one in plan.moving]
    return keep_post_counts(actor=officer, wanted=wanted, source=source)


class PostPlanner(StatePlanner):
    """Counts by community and post."""

    state, holder_field = PostCount, "community"

    def stored(self) -> dict[Any, list[Any]]:
        communities = {line.community.pk for line in self.lines if line.community}
        found: dict[Any, list[Any]] = defaultdict(list)
        counts = PostCount.objects.current().filter(community__in=communities).select_related("community")
        for count in counts.order_by("starts_on"):
            found[series_of(count.community, count.kind)].append(count)
        return dict(found)

    def key_of(self, plan: LinePlan) -> Any:
        kind = next(column for column in self.columns if column.name == "kind")
        try:
            post = kind.read(plan.line.cells.get("kind", ""), [])
        except Unreadable:
            return None  # told with the other cells of the line
        return series_of(plan.line.community, post) if plan.line.community else None

    def state_on(self, key: Any, day: date) -> Any:
        history = self.histories[key]
        if day < history[0].starts_on:
            raise Conflict(f"{history[0].starts_on:%Y-%m-%d} 已有较新的登记，请从那一天起改。")
        return [count for count in history if count.starts_on <= day][-1]

    def called(self, state: Any) -> str:
        return f"{self.names.get(state.community_id, '')}{state.get_kind_display()}"

    def permit(self, row: Any) -> Permit:
        return can_keep_ground(self.officer, row.community)

    def accept_new(self, plan: LinePlan, key: Any) -> None:
        plan.verdict = NEW
