"""What the lines of a sheet would do to the grids, courtyards or centres of the district."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from branches.acting import Officer
from branches.services import words
from core import clock
from core.permit import Permit
from grids.imports.lines import GONE, NEW, SAME, LinePlan, Plan, TypedLine
from grids.imports.states import StatePlanner
from grids.models import CourtyardGrid, Grid
from grids.models.grid import Standing
from grids.services.bulk import Kept, parts
from grids.services.bulk_places import WantedState, keep_places
from grids.services.kinds import PlaceKind, can_keep_place
from grids.services.places import histories_of, state_on
from grids.services.there import There, values_of

LINKS_ELSEWHERE = "已设立的庭院换网格，请在“庭院与网格”登记簿里登记起止日期；这一格请改回原样。"


def plan_places(officer: Officer, book: Any, lines: Sequence[TypedLine]) -> Plan:
    """Read every line against what is stored; nothing is written. A fixed number of queries."""
    return PlacePlanner(officer, book, lines).plan()


def apply_places(officer: Officer, kind: PlaceKind, plan: Plan, source: str) -> Kept:
    """Set up and change what the plan says, all of it or nothing."""
    moving = plan.moving
    grids = Grid.objects.in_bulk({option.pk for one in moving for option in one.links})
    wanted = [
        WantedState(
            one.line.place,
            one.row,
            one.line.code,
            one.line.version,
            [grids[option.pk] for option in one.links],
        )
        for one in moving
    ]
    return keep_places(actor=officer, kind=kind, wanted=wanted, source=source)


class PlacePlanner(StatePlanner):
    """Places by their codes; a line without a code is a new place, unless one says just the same on its day."""

    def __init__(self, officer: Officer, book: Any, lines: Sequence[TypedLine]) -> None:
        self.kind: PlaceKind = book.kind
        self.state, self.holder_field = self.kind.state, self.kind.holder
        self.places: dict[str, Standing] = {}
        self.hidden: set[str] = set()
        super().__init__(officer, book, lines)
        self.there = There(self.kind, {one.community.pk for one in lines if one.community and not one.code})
        self.lying = _lying(self.kind, [place.pk for place in self.places.values()])

    def stored(self) -> dict[Any, list[Any]]:
        codes = sorted({line.code for line in self.lines if words.is_organisation_code(line.code)})
        every: Any = self.kind.model.objects
        for part in parts(codes):
            self.places |= {one.code: one for one in every.visible_to(self.officer.user).filter(code__in=part)}
            self.hidden |= set(every.filter(code__in=part).values_list("code", flat=True))
        self.hidden -= set(self.places)
        histories = histories_of(self.kind, [place.pk for place in self.places.values()])
        return {code: histories[place.pk] for code, place in self.places.items()}

    def key_of(self, plan: LinePlan) -> Any:
        code = plan.line.code
        if code in self.hidden or (code not in self.histories and plan.line.version is not None):
            plan.refuse("", GONE)
            return None
        return code or None

    def state_on(self, key: Any, day: date) -> Any:
        history = self.histories[key]
        place = self.places.get(key) or self.kind.model(code=key, opened_on=history[0].starts_on)
        return state_on(place, history, day)

    def permit(self, row: Any) -> Permit:
        return can_keep_place(self.officer, self.kind, self.kind.organisation_of(row), getattr(row, "grid", None))

    def accept_new(self, plan: LinePlan, key: Any) -> None:
        row = plan.row
        said = self.there.saying(row) if key is None else ""
        if said:
            plan.note = f"已有同样的一处（{said}），不重复设立"
            return
        plan.verdict = NEW
        if key is None:
            self.only_once(plan, ("new", row.starts_on, values_of(self.kind, row)), None)
        if plan.verdict != SAME and (named := self.there.named(row)):
            plan.note += f"；注意：已有同名的 {named}"

    def compare_links(self, plan: LinePlan, present: Any) -> None:
        place_id = getattr(present, f"{self.kind.subject}_id")
        for column in self._several():
            text = plan.line.cells.get(column.name)
            if text is None or place_id is None:
                continue
            before = len(plan.changes)
            self.read_links(plan)
            del plan.changes[before:]
            if {option.pk for option in plan.links} != self.lying[place_id] and column.name not in plan.faults:
                plan.refuse(column.name, LINKS_ELSEWHERE)


def _lying(kind: PlaceKind, ids: list[int]) -> dict[int, set[int]]:
    """The grids of today, by courtyard."""
    found: dict[int, set[int]] = defaultdict(set)
    if kind.subject == "courtyard":
        links = CourtyardGrid.objects.in_force(clock.today())
        for part in parts(ids):
            for courtyard_id, grid_id in links.filter(courtyard__in=part).values_list("courtyard_id", "grid_id"):
                found[courtyard_id].add(grid_id)
    return found
