"""What happened to a row, told from the audit: who in which post, when, before and after."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from core.audit_words import act_word
from core.models import AuditEntry
from grids.calc.cells import text_of_value
from grids.models import ActRow
from grids.models.base import KeptRow
from grids.registers import Register
from grids.registers.columns import Column, Kind, Option
from grids.registers.options import labels_of

HIDDEN = "（不显示）"
MOST = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One column before and after, as texts."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryAct:
    """One act on a row."""

    at: datetime
    by: str
    act: str
    changes: list[Change]
    note: str


def history_of_row(register: Register, row: KeptRow) -> list[HistoryAct]:
    """Every act on the row, newest first; a fixed number of queries."""
    label = row._meta.label_lower
    named = ActRow.objects.filter(model=label, row_id=row.pk).values_list("entry_seq", flat=True)
    entries = AuditEntry.objects.filter(Q(object_type=label, object_id=str(row.pk)) | Q(seq__in=list(named)))
    told = [(entry, _own_part(entry, row.pk)) for entry in entries.order_by("-seq")[:MOST]]
    names = _names(register, [payload for _entry, payload in told])
    return [_act(register, entry, payload, names) for entry, payload in told]


def _own_part(entry: AuditEntry, pk: int) -> dict[str, Any]:
    """What the entry says of this row."""
    try:
        payload: dict[str, Any] = json.loads(entry.payload)
    except ValueError:
        return {}
    rows = payload.get("rows")
    return next((one for one in rows if one.get("id") == pk), {}) if isinstance(rows, list) else payload


def _act(register: Register, entry: AuditEntry, payload: dict[str, Any], names: dict[str, Any]) -> HistoryAct:
    before, after = payload.get("before") or {}, payload.get("after") or {}
    changes = []
    for column in register.columns:
        key = column.field.attname
        if key in before or after.get(key) not in (None, ""):
            told = [_text(register, column, side.get(key), names) for side in (before, after)]
            changes.append(Change(column.heading, *told))
    note = str(payload.get("reason") or payload.get("on") or "")
    return HistoryAct(entry.at, entry.actor_label, act_word(entry.verb), changes, note)


def _text(register: Register, column: Column, value: Any, names: dict[str, dict[int, Option]]) -> str:
    if value in (None, ""):
        return ""
    if column.name in register.personal:
        return HIDDEN
    if column.kind is Kind.LINK:
        option = names[column.name].get(int(value))
        return option.name if option else str(value)
    if column.kind is Kind.FILE:
        return "有文件"
    return column.write(_value(column, value))


def _value(column: Column, stored: Any) -> Any:
    """The audit keeps amounts and days as text."""
    if column.kind is Kind.AMOUNT:
        return Decimal(stored)
    return text_of_value(date.fromisoformat(stored)) if column.kind is Kind.DAY else stored


def _names(register: Register, payloads: Iterable[dict[str, Any]]) -> dict[str, dict[int, Option]]:
    sides = [side for payload in payloads for side in (payload.get("before") or {}, payload.get("after") or {})]
    found = {}
    for column in register.columns:
        if column.kind is Kind.LINK:
            ids = {int(side[column.field.attname]) for side in sides if side.get(column.field.attname)}
            found[column.name] = labels_of(column, ids)
    return found
