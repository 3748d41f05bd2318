"""What the lines of a table would do to a register: new, changed, the same, or faulty with every reason."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from branches.acting import Officer
from branches.models import Organisation
from core.errors import PortalError
from grids.calc.cells import Unreadable
from grids.models.base import KeptRow
from grids.permissions import can_keep_row
from grids.registers import Register
from grids.registers.columns import Column, Kind, Option
from grids.registers.options import Options, labels_of
from grids.selectors.keeping import keepable_grids
from grids.services.bulk import STALE, Kept, Wanted, keep_rows

NEW, CHANGED, SAME, FAULTY = "new", "changed", "same", "faulty"
KEYS = uuid.UUID("8d7b3c52-6a0f-4a57-9b5c-5f2b1d0e9a41")
GONE = "没有这个编号的行，或者不在您的查看范围内。"


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A line as texts by column; a column that is not there is left as it is. `place` names the line in faults.

    `pk` and `version` are of an existing row. A new one has a `key` of its own, or one made of what it says: the same
    line loaded twice is one row.
    """

    place: str
    cells: dict[str, str]
    pk: int | None = None
    version: int | None = None
    community: Organisation | None = None
    key: uuid.UUID | None = None
    fault: str = ""


@dataclass(slots=True)
class LinePlan:
    """What one line would do; `faults` by column, the empty one for the whole line."""

    line: TypedLine
    row: KeptRow | None = None
    verdict: str = SAME
    note: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, column: str, message: str) -> None:
        self.faults.setdefault(column, []).append(message)
        self.verdict = FAULTY


@dataclass(slots=True)
class Plan:
    """All lines of one register."""

    register: Register
    lines: list[LinePlan]

    def count(self, verdict: str) -> int:
        return sum(line.verdict == verdict for line in self.lines)

    @property
    def wanted(self) -> list[Wanted]:
        """What is new or changed, for the service."""
        return [
            Wanted(one.line.place, one.row, one.line.version if one.verdict == CHANGED else None)
            for one in self.lines
            if one.row is not None and one.verdict in (NEW, CHANGED)
        ]

    @property
    def is_faulty(self) -> bool:
        return any(line.faults for line in self.lines)


def plan_lines(officer: Officer, register: Register, lines: Sequence[TypedLine]) -> Plan:
    """Read every line against what is stored; nothing is written. A fixed number of queries."""
    return _Planner(officer, register, lines).plan()


def check_plan(officer: Officer, plan: Plan) -> None:
    """Add what the rules say of the rows together: they are written, asked and taken back."""
    try:
        with transaction.atomic():
            keep_rows(actor=officer, wanted=plan.wanted, source="")
            raise _TakeBack
    except _TakeBack:
        return
    except PortalError as refusal:
        add_refusal(plan, refusal)


def apply_plan(officer: Officer, plan: Plan, source: str) -> Kept:
    """Keep what the plan says, all of it or nothing."""
    return keep_rows(actor=officer, wanted=plan.wanted, source=source)


def add_refusal(plan: Plan, refusal: PortalError) -> None:
    """The faults a service found, at their lines and columns."""
    by_place = {one.line.place: one for one in plan.lines}
    errors: dict[str, list[str]] = getattr(refusal, "errors", {})
    for name, messages in errors.items():
        place, _, column = name.partition(":")
        for message in messages:
            by_place[place].refuse(column, message)
    if not errors and plan.lines:
        plan.lines[0].refuse("", refusal.message)


class _TakeBack(Exception):
    """Rolls a trial back."""


class _Planner:
    def __init__(self, officer: Officer, register: Register, lines: Sequence[TypedLine]) -> None:
        self.officer, self.register, self.lines = officer, register, lines
        self.stored = self._stored()
        self.columns = register.sheet_columns
        self.labels = {c.name: labels_of(c, self._ids(c)) for c in self.columns if c.kind is Kind.LINK}
        communities = {one.community.pk for one in lines if one.community}
        communities |= {getattr(row, "community_id", 0) for row in self.stored.values()}
        self.options = Options(register, communities, keepable_grids(officer))
        self.known = self._known(communities)
        self.seen: dict[Any, LinePlan] = {}
        self.permits: dict[Any, Any] = {}

    def plan(self) -> Plan:
        return Plan(self.register, [self._line(line) for line in self.lines])

    def _stored(self) -> dict[int, Any]:
        ids = [line.pk for line in self.lines if line.pk is not None]
        visible: Any = self.register.model.objects.visible_to(self.officer.user)
        if self.register.is_of_community:
            visible = visible.select_related("community")
        parts = [ids[start : start + 500] for start in range(0, len(ids), 500)]
        return {row.pk: row for part in parts for row in visible.filter(pk__in=part)}

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

    def _line(self, line: TypedLine) -> LinePlan:
        plan = LinePlan(line)
        if line.fault:
            plan.refuse("", line.fault)
        elif line.pk is not None:
            self._existing(plan, self.stored.get(line.pk))
        else:
            self._new(plan)
        return plan

    def _existing(self, plan: LinePlan, row: Any) -> None:
        if row is None:
            plan.refuse("", GONE)
            return
        plan.row = row
        for column in self.columns:
            self._set(plan, column, self._text(row, column))
        if not plan.faults and plan.changes:
            self._accept_change(plan, row)
        self._only_once(plan, ("pk", row.pk), tuple(plan.line.cells.items()))

    def _accept_change(self, plan: LinePlan, row: Any) -> None:
        if row.voided_at is not None:
            plan.refuse("", "这一行已作废，不能再改。")
        elif plan.line.version != row.version:
            plan.refuse("", STALE)
        elif self._may(plan, row):
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
            self._set(plan, column, None)
        if not plan.faults and self._may(plan, row):
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
                self._only_once(plan, ("key", row.key), values)

    def _only_once(self, plan: LinePlan, which: Any, said: Any) -> None:
        first = self.seen.setdefault(which, plan)
        if first is plan:
            self.seen[(which, "said")] = said
        elif self.seen[(which, "said")] == said:
            plan.verdict, plan.note = SAME, f"与第 {first.line.place} 行相同，只算一次"
        else:
            plan.refuse("", f"与第 {first.line.place} 行编号相同，内容却不同。")

    def _may(self, plan: LinePlan, row: Any) -> bool:
        scope = (getattr(row, "community_id", None), getattr(row, "grid_id", None))
        if scope not in self.permits:
            self.permits[scope] = can_keep_row(self.officer, row)
        if not self.permits[scope]:
            plan.refuse("", self.permits[scope].reason)
        return bool(self.permits[scope])

    def _set(self, plan: LinePlan, column: Column, before: str | None) -> None:
        """Put a cell into the row; one that says what is stored is left alone. `before` is None for a new row."""
        text = plan.line.cells.get(column.name)
        if text is None:
            text = "" if before is None else before
        if before is not None and text.strip() == before:
            return
        try:
            read = column.read(text, self.options.of(column, getattr(plan.row, "community_id", None)))
        except Unreadable as error:
            plan.refuse(column.name, error.message)
            return
        value = read.pk if isinstance(read, Option) else read
        if value != getattr(plan.row, column.field.attname) or before is None:
            plan.changes.append((column.heading, before or "", column.write(read)))
        setattr(plan.row, column.field.attname, value)

    def _text(self, row: Any, column: Column) -> str:
        value = getattr(row, column.field.attname)
        if column.kind is Kind.LINK:
            option = self.labels[column.name].get(value)
            return option.label if option else ""
        return column.write(value)

    def _values(self, row: Any) -> tuple[Any, ...]:
        names = [column.field.attname for column in self.columns]
        scope = ["community_id"] if self.register.is_of_community else []
        return tuple(getattr(row, name) for name in (*scope, *names))
