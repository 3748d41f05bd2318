"""What hangs on a place, and how it goes over to another one: each dated row ends on the day and goes on from there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Q

from branches.acting import Officer
from core import clock
from core.models import AuditEntry
from grids.models import CourtyardGrid, Coverage
from grids.models.base import GroundRow
from grids.services.rows import name_rows

Values = dict[str, Any]
Model = type[GroundRow]
REPLACED = "随网格调整改登"
# Two such rows with the same values say the same thing twice: the second is not carried over.
SAME: dict[Model, tuple[str, ...]] = {
    CourtyardGrid: ("courtyard_id", "grid_id"),
    Coverage: ("organisation_id", "grid_id", "courtyard_id"),
}


@dataclass
class Carried:
    """Ids of rows that ended, began and were moved before they begin, by model."""

    ended: dict[str, list[int]] = field(default_factory=dict)
    begun: dict[str, list[int]] = field(default_factory=dict)

    def as_payload(self) -> dict[str, Any]:
        return {"ended": self.ended, "begun": self.begun}

    def name_in(self, entry: AuditEntry) -> None:
        """Lead from every row to the entry of the act."""
        for label in {**self.ended, **self.begun}:
            ids = [*self.ended.get(label, ()), *self.begun.get(label, ())]
            name_rows(entry, apps.get_model(label), ids)


def carry(actor: Officer, rows: Iterable[GroundRow], day: date, to: Callable[[Any], list[Values]]) -> Carried:
    """End each row on `day` and begin it anew with the values `to` gives (one copy a set of values).

    A row that only begins later takes the first set of values itself. No permit, no audit entry: the act has both.
    """
    carried = Carried()
    for row in rows:
        copies = _copies(actor, row, day, to(row))
        _end(row, day)
        label = row._meta.label_lower
        carried.ended.setdefault(label, []).append(row.pk)
        for one in copies:
            if not _is_there(one):
                one.save(force_insert=True)
                carried.begun.setdefault(label, []).append(one.pk)
    return carried


def _end(row: Any, day: date) -> None:
    """A row that would only have begun later is voided: its copy stands for it."""
    row.version += 1
    if row.starts_on < day:
        row.ends_on = day
    else:
        row.voided_at, row.void_reason = clock.now(), REPLACED
    row.save()


def _copies(actor: Officer, row: GroundRow, day: date, wanted: list[Values]) -> list[GroundRow]:
    kept = {"id", "key", "version", "recorded_at", "recorded_by_id", "voided_at", "void_reason"}
    values = {
        name.attname: getattr(row, name.attname) for name in row._meta.concrete_fields if name.attname not in kept
    }
    values["starts_on"] = max(values["starts_on"], day)
    values["recorded_by_id"] = actor.appointment.pk
    return [type(row)(**values | change) for change in wanted]


def _is_there(row: Any) -> bool:
    """Whether a row that says the same already holds."""
    names = SAME.get(type(row))
    if names is None:
        return False
    same = type(row).objects.standing().filter(**{name: getattr(row, name) for name in names})
    there: bool = same.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=row.starts_on)).exists()
    return there
