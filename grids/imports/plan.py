"""What the lines of a table would do to a register: new, changed, the same, or faulty with every reason."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from branches.acting import Officer
from core.permit import Permit
from grids.imports.lines import CHANGED, GONE, NEW, LinePlan, Plan, TypedLine
from grids.imports.planner import Planner
from grids.models.base import KeptRow
from grids.permissions import can_keep_row
from grids.registers import Register
from grids.registers.columns import Column, Kind
from grids.registers.options import Options, labels_of
from grids.selectors.keeping import keepable_grids
from grids.services.bulk import STALE, Kept, Wanted, keep_rows, parts

ELSEWHERE = "已登记的一行不能改社区，请作废后重新登记。"
KEYS = uuid.UUID("8d7b3c52-6a0f-4a57-9b5c-5f2b1d0e9a41")


def plan_lines(officer: Officer, register: Register, lines: Sequence[TypedLine]) -> Plan:
    """Read every line against what is stored; nothing is written. A fixed number of queries."""
    return _RowPlanner(officer, register, lines).plan()


def apply_plan(officer: Officer, plan: Plan, source: str) -> Kept:
    """Keep what the plan says, all of it or nothing."""
    wanted = [
        Wanted(one.line.place, one.row, one.line.version if one.verdict == CHANGED else None) for one in plan.moving
    ]
    return keep_rows(actor=officer, wanted=wanted, source=source)


class _RowPlanner(Planner):
    def __init__(self, officer: Officer, register: Register, lines: Sequence[TypedLine]) -> None:
        super().__init__(officer, register, lines)
        self.register = register
        self.stored = self._stored()
        self.columns = register.sheet_columns
        self.labels = {c.name: labels_of(c, self._ids(c)) for c in self.columns if c.kind is Kind.LINK}
        communities = {one.community.pk for one in lines if one.community}
        communities |= {getattr(row, "community_id", 0) for row in self.stored.values()}
        self.options = Options(register, communities, keepable_grids(officer))
        self.known = self._known(communities)

    def holder_id(self, row: Any) -> int | None:
        return getattr(row, "community_id", None)

    def permit(self, row: Any) -> Permit:
        return can_keep_row(self.officer, row)

    def _stored(self) -> dict[int, Any]:
        ids = [line.pk for line in self.lines if line.pk is not None]
        visible: Any = self.register.model.objects.visible_to(self.officer.user)
        if self.register.is_of_community:
            visible = visible.select_related("community")
        return {row.pk: row for part in parts(ids) for row in visible.filter(pk__in=part)}

    def _ids(self, column: Column) -> set[int]:
        return {getattr(row, column.field.attname) for row in self.stored.values()} - {None}

    def _known(self, communities: set[int]) -> tuple[dict[Any, int], set[uuid.UUID]]:
        """Standing rows by what they say, and the keys of all that were ever recorded."""
        if not any(line.pk is None for line in self.lines):
            return {}, set()
        rows: Any = self.register.model.objects.all()
        rows = rows.filter(community__in=communities) if self.register.is_of_community else rows
        names = [column.field.attname for column in self.columns]
        scope = ["community_id"] if self.register.is_of_community else []
        said = rows.standing().values_list("pk", *scope, *names)
        return {tuple(row[1:]): row[0] for row in said}, set(rows.values_list("key", flat=True))

    # -- one line

    def take(self, plan: LinePlan) -> None:
        if plan.line.holder_fault and (plan.line.holder or plan.line.pk is None):
            plan.refuse("", plan.line.holder_fault)
        elif plan.line.pk is not None:
            self._existing(plan, self.stored.get(plan.line.pk))
        else:
            self._new(plan)

    def _existing(self, plan: LinePlan, row: Any) -> None:
        if row is None:
            plan.refuse("", GONE)
            return
        plan.row = row
        if plan.line.holder and plan.line.community is not None and plan.line.community.pk != self.holder_id(row):
            plan.refuse("community", ELSEWHERE)
        for column in self.columns:
            self.set_cell(plan, column, self.text_of(row, column))
        if not plan.faults and plan.changes:
            self._accept_change(plan, row)
        self.only_once(plan, ("pk", row.pk), tuple(plan.line.cells.items()))

    def _accept_change(self, plan: LinePlan, row: Any) -> None:
        if row.voided_at is not None:
            plan.refuse("", "这一行已作废，不能再改。")
        elif plan.line.version != row.version:
            plan.refuse("", STALE)
        elif self.may(plan, row):
            plan.verdict = CHANGED

    def _new(self, plan: LinePlan) -> None:
        community = plan.line.community
        row = self.register.model()
        if self.register.is_of_community:
            if community is None:
                plan.refuse("", "没有写社区，或者不是您可以登记的社区。")
                return
            row.community = community  # type: ignore[attr-defined]
        plan.row = row
        for column in self.columns:
            self.set_cell(plan, column, None)
        if not plan.faults and self.may(plan, row):
            self._accept_new(plan, row)

    def _accept_new(self, plan: LinePlan, row: KeptRow) -> None:
        said, keys = self.known
        values = self._values(row)
        row.key = plan.line.key or uuid.uuid5(KEYS, repr((self.register.slug, [str(value) for value in values])))
        if values in said:
            plan.note = "已有同样的一行，不重复登记"
        elif row.key in keys:
            plan.note = "已经登记过，不重复登记"
        else:
            plan.verdict = NEW
            if plan.line.key is None:
                self.only_once(plan, ("key", row.key), values)

    def _values(self, row: Any) -> tuple[Any, ...]:
        names = [column.field.attname for column in self.columns]
        scope = ["community_id"] if self.register.is_of_community else []
        return tuple(getattr(row, name) for name in (*scope, *names))
