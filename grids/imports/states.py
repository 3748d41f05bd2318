"""What the lines of a sheet would do to things with dated states: the places of one kind, or post counts.

自何日起 is the day a line speaks of. The day of the state in the file means a correction of what was recorded for that
day, another day a change from then on, an empty cell today: as in the form. 版本 is the state the file was made from.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from branches.acting import Officer
from core import clock
from core.errors import Invalid, PortalError
from grids.calc.cells import Unreadable
from grids.imports.lines import CHANGED, NEW, LinePlan, TypedLine
from grids.imports.planner import Planner
from grids.models.base import State
from grids.registers.columns import Column, Kind, Option
from grids.registers.options import Options, labels_of
from grids.selectors.keeping import community_names, keepable_grids
from grids.services.bulk import STALE
from grids.services.kinds import check_day
from grids.services.places import copy_of, newest_of

UNSEEN = "这是已有的登记：请先下载现有的表格，在里面改，版本一列要留着。"
STARTS_ON, REASON = "starts_on", "reason"


class StatePlanner(Planner):
    """Lines about things that are there are compared with the state of their day, others become new things.

    A subclass says how a thing is found (`key_of`), what is stored (`histories`: the states that count, in the order
    of their days, by key), and what makes a new one.
    """

    state: type[State]
    holder_field: str
    histories: dict[Any, list[Any]]

    def __init__(self, officer: Officer, book: Any, lines: Sequence[TypedLine]) -> None:
        super().__init__(officer, book, lines)
        self.columns = [one for one in book.sheet_columns if one.name not in (STARTS_ON, REASON)]
        self.plain = [one for one in self.columns if one.kind is not Kind.LINKS]
        self.dated = {one.name: one for one in book.sheet_columns if one.name in (STARTS_ON, REASON)}
        self.histories = self.stored()
        self.newest = {key: newest_of(history) for key, history in self.histories.items()}
        states = [state for history in self.histories.values() for state in history]
        holders = {self.holder_id(state) for state in states} | {one.community.pk for one in lines if one.community}
        self.names = community_names(holders)
        self.options = Options(book, holders, keepable_grids(officer))
        links = [one for one in self.plain if one.kind is Kind.LINK]
        self.labels = {c.name: labels_of(c, {getattr(s, c.field.attname) for s in states} - {None}) for c in links}

    def stored(self) -> dict[Any, list[Any]]:
        raise NotImplementedError

    def key_of(self, plan: LinePlan) -> Any:
        """What names the thing; None for a new one without a name of its own. A fault ends the line."""
        raise NotImplementedError

    def state_on(self, key: Any, day: date) -> Any:
        """The state of that day; Invalid or Conflict when there can be none."""
        raise NotImplementedError

    def accept_new(self, plan: LinePlan, key: Any) -> None:
        """NEW, unless there is a thing that says just this."""
        raise NotImplementedError

    def called(self, state: Any) -> str:
        """What people call the thing."""
        return str(state)

    def holder_id(self, row: Any) -> int:
        found: int = getattr(row, f"{self.holder_field}_id")
        return found

    # -- one line

    def take(self, plan: LinePlan) -> None:
        key = self.key_of(plan)
        is_known = not plan.faults
        day = self._day(plan)
        if key in self.histories:
            self._existing(plan, key, day)
        elif is_known:
            self._new(plan, key, day)

    def _existing(self, plan: LinePlan, key: Any, day: date) -> None:
        try:
            present = self.state_on(key, day)
        except PortalError as refusal:
            self._refuse(plan, refusal)
            present = self.histories[key][-1]
        plan.row = copy_of(present, starts_on=day, reason="")
        self._say_holder(plan, present)
        for column in self.plain:
            self.set_cell(plan, column, self.text_of(present, column))
        self.compare_links(plan, present)
        if plan.changes:
            self._say_reason(plan)
        if not plan.faults and plan.changes:
            self._accept_change(plan, key, present)
        self.only_once(plan, (key, day), tuple(plan.line.cells.items()))

    def _accept_change(self, plan: LinePlan, key: Any, present: Any) -> None:
        newest = self.newest.get(key)
        if newest is not None and plan.line.version != newest:
            plan.refuse("", UNSEEN if plan.line.version is None else STALE)
        elif self.may(plan, present):
            plan.verdict = CHANGED
            day = plan.row.starts_on
            act = f"更正 {day} 起的登记" if day == present.starts_on else f"自 {day} 起变更"
            plan.note = f"{self.called(present)}，{act}"
            self._remember(key, plan.row)

    def _new(self, plan: LinePlan, key: Any, day: date) -> None:
        if plan.line.community is None:
            plan.refuse(self.holder_field, plan.line.holder_fault)
            return
        plan.row = self.state(**{self.holder_field: plan.line.community}, starts_on=day)
        for column in self.plain:
            self.set_cell(plan, column, None)
        self.read_links(plan)
        self._say_reason(plan)
        if not plan.faults and self.may(plan, plan.row):
            plan.note = f"{plan.line.community.name or plan.line.community.code}，自 {day} 起"
            self.accept_new(plan, key)
            if plan.verdict == NEW and key is not None:
                self.only_once(plan, (key, day), tuple(plan.line.cells.items()))
                self._remember(key, plan.row)

    def _remember(self, key: Any, state: Any) -> None:
        """What an earlier line of the sheet says is what a later one is compared with."""
        kept = [one for one in self.histories.get(key, ()) if one.starts_on != state.starts_on]
        self.histories[key] = sorted([*kept, state], key=lambda one: one.starts_on)

    # -- cells that are no columns of their own

    def _day(self, plan: LinePlan) -> date:
        text = plan.line.cells.get(STARTS_ON, "")
        if text.strip():
            try:
                found: date = self.dated[STARTS_ON].read(text, [])
                return check_day(found, STARTS_ON)
            except (Unreadable, Invalid) as error:
                plan.refuse(STARTS_ON, error.message)
        return clock.today()

    def _say_reason(self, plan: LinePlan) -> None:
        if REASON in self.dated and plan.line.cells.get(REASON, "").strip():
            self.set_cell(plan, self.dated[REASON], "")

    def _say_holder(self, plan: LinePlan, present: Any) -> None:
        """Nothing said, or what is stored, is no change; the service says whether another may be."""
        holder, said = getattr(present, self.holder_field), plan.line.community
        name = self.names.get(holder.pk, holder.code)
        if plan.line.holder in ("", name, holder.code) or (said is not None and said.pk == holder.pk):
            return
        if said is None:
            plan.refuse(self.holder_field, plan.line.holder_fault)
            return
        setattr(plan.row, self.holder_field, said)
        plan.changes.append((self.book.holder, name, said.name or said.code))

    def read_links(self, plan: LinePlan) -> None:
        """What the columns that name several things say of a new place."""
        for column in self._several():
            try:
                plan.links = column.read(plan.line.cells.get(column.name, ""), self._options(plan, column))
            except Unreadable as error:
                plan.refuse(column.name, error.message)
            else:
                if plan.links:
                    plan.changes.append((column.heading, "", column.write(plan.links)))

    def compare_links(self, plan: LinePlan, present: Any) -> None:
        """Links have days of their own: of a place that is there they change in their register."""

    def _several(self) -> list[Column]:
        return [one for one in self.columns if one.kind is Kind.LINKS]

    def _options(self, plan: LinePlan, column: Column) -> list[Option]:
        return self.options.of(column, self.holder_id(plan.row))

    def _refuse(self, plan: LinePlan, refusal: PortalError) -> None:
        found = refusal.errors if isinstance(refusal, Invalid) else {}
        for name, messages in (found or {"": [refusal.message]}).items():
            for message in messages:
                plan.refuse(name, message)
