"""Registers as a workbook that can be changed and loaded again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from core.errors import Invalid
from core.models import User
from core.sheets.child import MOST_ROWS
from core.sheets.writing import SheetColumn, SheetOut, workbook_of
from grids.imports.workbook import COMMUNITY, NUMBER, row_number
from grids.permissions import own_organisations
from grids.registers import REGISTERS, Register
from grids.registers.columns import Column, Kind, Option
from grids.registers.options import Options, labels_of
from grids.selectors.keeping import community_names
from grids.selectors.registers import Asked, own_community_ids, rows_asked

WIDE, NARROW = 26, 12


def export_registers(user: User, asked: Sequence[tuple[Register, Asked]]) -> bytes:
    """An .xlsx file with one sheet a register; Invalid when a sheet would hold more rows than can be loaded."""
    return workbook_of([_sheet(register, user, which) for register, which in asked])


def everything() -> list[tuple[Register, Asked]]:
    """All registers, whatever stands."""
    return [(register, Asked()) for register in REGISTERS]


def _sheet(register: Register, user: User, asked: Asked) -> SheetOut:
    found = _of_own_ground(register, user, rows_asked(register, user, asked))
    rows = list(found.order_by("pk")[: MOST_ROWS + 1])
    if len(rows) > MOST_ROWS:
        raise Invalid(f"“{register.title}”超过 {MOST_ROWS} 行，请先按社区筛选再下载。")
    return SheetOut(register.title, _columns(register, rows), _lines(register, rows))


def _of_own_ground(register: Register, user: User, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Contacts leave only for those who see them plain: a masked one could not be loaded again."""
    if not register.personal:
        return rows
    own = own_community_ids(user, rows.values_list("community", flat=True)) if own_organisations(user) else set()
    return rows.filter(community__in=own)


def _columns(register: Register, rows: Sequence[Any]) -> list[SheetColumn]:
    communities = {row.community_id for row in rows} if register.is_of_community else set()
    # Places differ from community to community: offered only where there is one.
    options = Options(register, communities if len(communities) == 1 else [])
    own = next(iter(communities), None)
    head = [SheetColumn(NUMBER, NARROW), *([SheetColumn(COMMUNITY, 16)] if register.is_of_community else [])]
    return head + [
        SheetColumn(one.heading, _width(one), _choices(one, options.of(one, own))) for one in register.sheet_columns
    ]


def _choices(column: Column, options: list[Option]) -> list[str]:
    if column.kind is Kind.FLAG:
        return ["是", "否"]
    return list(column.choices.values()) if column.kind is Kind.CHOICE else [one.label for one in options]


def _width(column: Column) -> int:
    return WIDE if column.kind in (Kind.TEXT, Kind.LINK) else NARROW


def _lines(register: Register, rows: Sequence[Any]) -> Iterable[list[str]]:
    columns = register.sheet_columns
    labels = {
        one.name: labels_of(one, {getattr(row, one.field.attname) for row in rows} - {None})
        for one in columns
        if one.kind is Kind.LINK
    }
    names = community_names({row.community_id for row in rows}) if register.is_of_community else {}
    for row in rows:
        scope = [names[row.community_id]] if register.is_of_community else []
        yield [row_number(row), *scope, *(_text(row, column, labels) for column in columns)]


def _text(row: Any, column: Column, labels: dict[str, dict[int, Option]]) -> str:
    value = getattr(row, column.field.attname)
    return column.write(labels[column.name].get(value) if column.kind is Kind.LINK else value)
