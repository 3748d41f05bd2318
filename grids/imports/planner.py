"""What planning a line for a register and for a place have in common: reading cells, asking permits, equal lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from branches.acting import Officer
from core.permit import Permit
from grids.calc.cells import Unreadable
from grids.imports.lines import SAME, LinePlan, Plan, TypedLine
from grids.registers.columns import Column, Kind, Option
from grids.registers.options import Options


class Planner:
    """Reads every line against what is stored; nothing is written."""

    officer: Officer
    options: Options
    labels: dict[str, dict[int, Option]]

    def __init__(self, officer: Officer, book: Any, lines: Sequence[TypedLine]) -> None:
        self.officer, self.book, self.lines = officer, book, lines
        self.seen: dict[Any, LinePlan] = {}
        self.permits: dict[Any, Permit] = {}

    def plan(self) -> Plan:
        return Plan(self.book, [self._line(line) for line in self.lines])

    def _line(self, line: TypedLine) -> LinePlan:
        plan = LinePlan(line)
        if line.fault:
            plan.refuse("", line.fault)
        else:
            self.take(plan)
        return plan

    def take(self, plan: LinePlan) -> None:
        """Work out what the line would do."""
        raise NotImplementedError

    def holder_id(self, row: Any) -> int | None:
        """The organisation whose places and projects linked columns offer."""
        raise NotImplementedError

    def permit(self, row: Any) -> Permit:
        """Whether the officer may keep this."""
        raise NotImplementedError

    def may(self, plan: LinePlan, row: Any) -> bool:
        """Asked once an organisation and grid; a refusal is a fault of the line."""
        scope = (self.holder_id(row), getattr(row, "grid_id", None))
        if scope not in self.permits:
            self.permits[scope] = self.permit(row)
        if not self.permits[scope]:
            plan.refuse("", self.permits[scope].reason)
        return bool(self.permits[scope])

    def only_once(self, plan: LinePlan, which: Any, said: Any) -> None:
        """The first line about `which` counts; one that says the same is left out, one that says other is a fault."""
        first = self.seen.setdefault(which, plan)
        if first is plan:
            self.seen[(which, "said")] = said
        elif self.seen[(which, "said")] == said:
            plan.verdict, plan.note = SAME, f"与第 {first.line.place} 行相同，只算一次"
        else:
            plan.refuse("", f"与第 {first.line.place} 行编号相同，内容却不同。")

    def set_cell(self, plan: LinePlan, column: Column, before: str | None) -> None:
        """Put a cell into the row; one that says what is stored is left alone. `before` is None for a new row."""
        text = plan.line.cells.get(column.name)
        if text is None:
            text = "" if before is None else before
        if before is not None and text.strip() == before:
            return
        try:
            read = column.read(text, self.options.of(column, self.holder_id(plan.row)))
        except Unreadable as error:
            plan.refuse(column.name, error.message)
            return
        value = read.pk if isinstance(read, Option) else read
        after = column.write(read)
        if value != getattr(plan.row, column.field.attname) or (before is None and after):
            plan.changes.append((column.heading, before or "", after))
        setattr(plan.row, column.field.attname, value)

    def text_of(self, row: Any, column: Column) -> str:
        value = getattr(row, column.field.attname)
        if column.kind is Kind.LINK:
            option = self.labels[column.name].get(value)
            return option.label if option else ""
        return column.write(value)
