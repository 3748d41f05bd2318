"""A grid of rows that is typed into: `c-<row>-<column>`, `v-<row>` for its version; `n-<number>-<column>` and
`k-<number>` for new rows; and a block pasted from WPS or Excel as new rows."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from branches.models import Organisation
from core.errors import Invalid
from core.pasting import pasted_lines
from grids.imports.lines import LinePlan, Plan, TypedLine
from grids.registers import Register
from grids.registers.columns import Column, Kind, Option
from grids.registers.options import Options

BLANK = 5
MOST_PASTED = 60
LONGEST = 2000
_FIELD = re.compile(r"([cn])-([0-9]{1,15})-([a-z_]{1,40})")
_TOTALS = ("合计", "总计", "小计")


@dataclass(slots=True)
class GridCell:
    """One control: its name, what is in it, what may be chosen, what is wrong with it."""

    name: str
    heading: str
    value: str
    choices: list[tuple[str, str]]
    is_day: bool
    is_number: bool
    errors: list[str] = field(default_factory=list)


@dataclass(slots=True)
class GridRow:
    """One line of the grid; `hidden` is the field that carries its version or key."""

    title: str
    hidden: tuple[str, str]
    cells: list[GridCell]
    errors: list[str] = field(default_factory=list)


def typed_lines(post: Mapping[str, str], register: Register, community: Organisation | None) -> list[TypedLine]:
    """The lines of a posted grid; new ones in which nothing was written are left out."""
    cells: dict[str, dict[str, str]] = {}
    known = {column.name for column in register.sheet_columns}
    for name in post:
        part = _FIELD.fullmatch(name)
        if part and part[3] in known:
            cells.setdefault(f"{part[1]}-{part[2]}", {})[part[3]] = str(post[name])[: LONGEST + 1]
    return [
        line for place, typed in cells.items() if (line := _line(post, place, typed, register, community)) is not None
    ]


def _line(
    post: Mapping[str, str], place: str, typed: dict[str, str], register: Register, community: Organisation | None
) -> TypedLine | None:
    kind, _, number = place.partition("-")
    if kind == "c":
        version = str(post.get(f"v-{number}", ""))
        known = int(version) if re.fullmatch(r"[0-9]{1,9}", version) else -1
        return TypedLine(place, typed, pk=int(number), version=known, community=community)
    if not _says_something(register, typed):
        return None
    return TypedLine(place, typed, community=community, key=_key(str(post.get(f"k-{number}", ""))))


def _says_something(register: Register, typed: dict[str, str]) -> bool:
    """Flags and closed lists start filled in: they alone say nothing."""
    idle = {column.name for column in register.sheet_columns if column.kind is Kind.FLAG}
    return any(text.strip() for name, text in typed.items() if name not in idle)


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()


def pasted_cells(register: Register, text: str) -> list[dict[str, str]]:
    """New rows of a pasted block: by its heading, or without one in the order of the grid's columns."""
    lines = pasted_lines(text, max_rows=MOST_PASTED)
    by_heading = {"".join(column.heading.split()): column.name for column in register.sheet_columns}
    names: Sequence[str | None] = [column.name for column in register.sheet_columns]
    if sum("".join(cell.split()) in by_heading for cell in lines[0][1]) > len(lines[0][1]) // 2:
        names = [by_heading.get("".join(cell.split())) for cell in lines.pop(0)[1]]
    found = []
    for number, cells in lines:
        if len(cells) > len(names) and any(cells[len(names) :]):
            raise Invalid(f"第 {number} 行有 {len(cells)} 列，登记簿只有 {len(names)} 列。")
        if cells[0] not in _TOTALS:
            found.append({name: cell for name, cell in zip(names, cells, strict=False) if name})
    return found


# -- showing it


def shown_rows(
    register: Register, rows: Sequence[Any], options: Options, community: Organisation | None, plan: Plan | None
) -> list[GridRow]:
    """The stored rows with what was typed over them."""
    planned = {one.line.place: one for one in plan.lines} if plan else {}
    found = []
    for number, row in enumerate(rows, 1):
        place = f"c-{row.pk}"
        typed = planned.get(place)
        version = str(typed.line.version if typed else row.version)
        cells = [
            _cell(place, column, options.of(column, community.pk if community else None), _value(row, column), typed)
            for column in register.sheet_columns
        ]
        found.append(GridRow(str(number), (f"v-{row.pk}", version), cells, _row_errors(typed)))
    return found


def new_rows(
    register: Register,
    options: Options,
    community: Organisation | None,
    plan: Plan | None,
    pasted: Sequence[dict[str, str]] = (),
) -> list[GridRow]:
    """Lines for new rows: those that were typed, those that were pasted, some blank ones."""
    typed = [one for one in plan.lines if one.line.pk is None] if plan else []
    lines: list[tuple[dict[str, str], LinePlan | None, str]] = [
        (one.line.cells, one, str(one.line.key)) for one in typed
    ]
    lines += [(cells, None, str(uuid.uuid4())) for cells in pasted]
    lines += [({}, None, str(uuid.uuid4())) for _ in range(BLANK)]
    found = []
    for number, (values, plan_of_line, key) in enumerate(lines, 1):
        cells = [
            _new_cell(number, column, options.of(column, community.pk if community else None), values, plan_of_line)
            for column in register.sheet_columns
        ]
        found.append(GridRow(f"新 {number}", (f"k-{number}", key), cells, _row_errors(plan_of_line)))
    return found


def _new_cell(
    number: int, column: Column, options: list[Option], values: dict[str, str], plan: LinePlan | None
) -> GridCell:
    default = column.write(column.field.get_default()) if column.kind is Kind.FLAG else ""
    cell = _cell(f"n-{number}", column, options, default, None)
    if column.name in values:
        cell.value = _chosen(column, values[column.name], options)
    cell.errors = plan.faults.get(column.name, []) if plan else []
    return cell


def _cell(place: str, column: Column, options: list[Option], value: Any, typed: LinePlan | None) -> GridCell:
    text = value if isinstance(value, str) else column.write(value)
    if column.kind is Kind.LINK:
        text = next((one.code for one in options if one.pk == value), "") if value else ""
    if column.kind is Kind.CHOICE:
        text = str(value or "")
    if typed and column.name in typed.line.cells:
        text = typed.line.cells[column.name]
    is_number = column.kind in (Kind.WHOLE, Kind.AMOUNT)
    errors = typed.faults.get(column.name, []) if typed else []
    choices = _choices(column, options)
    return GridCell(
        f"{place}-{column.name}", column.heading, text, choices, column.kind is Kind.DAY, is_number, list(errors)
    )


def _chosen(column: Column, text: str, options: list[Option]) -> str:
    """A pasted word as the choice it names, where it names one."""
    if column.kind not in (Kind.LINK, Kind.CHOICE, Kind.FLAG):
        return text
    try:
        read = column.read(text, options)
    except ValueError:
        return text
    if isinstance(read, Option):
        return read.code
    return column.write(read) if column.kind is Kind.FLAG else str(read or "")


def _choices(column: Column, options: list[Option]) -> list[tuple[str, str]]:
    if column.kind is Kind.FLAG:
        return [("是", "是"), ("否", "否")]
    if column.kind is Kind.CHOICE:
        return [("", ""), *column.choices.items()]
    return [("", ""), *((one.code, one.name) for one in options)] if column.kind is Kind.LINK else []


def _value(row: Any, column: Column) -> Any:
    return getattr(row, column.field.attname)


def _row_errors(plan: LinePlan | None) -> list[str]:
    return plan.faults.get("", []) if plan else []
