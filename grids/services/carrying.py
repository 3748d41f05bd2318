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
from grids.models import Committee, CourtyardGrid, Coverage, GroundContact, PartnerUnit, Rectification, ServiceContract
from grids.models.base import Dated, GroundRow
from grids.models.centre import CentreState
from grids.models.grid import Standing
from grids.services.kinds import kind_of
from grids.services.rows import name_rows

Values = dict[str, Any]
Model = type[GroundRow]
SHOWN = 5
REPLACED = "随网格调整改登"
# Two such rows with the same values say the same thing twice: the second is not carried over.
SAME: dict[Model, tuple[str, ...]] = {
    CourtyardGrid: ("courtyard_id", "grid_id"),
    Coverage: ("organisation_id", "grid_id", "courtyard_id"),
}
FETCHED: dict[Model, tuple[str, ...]] = {
    CourtyardGrid: ("courtyard", "grid"),
    Coverage: ("organisation",),
    ServiceContract: ("company",),
}


@dataclass(frozen=True)
class Hanging:
    """Rows of one kind that hang on a place: how many, and the names of the first."""

    label: str
    count: int
    names: tuple[str, ...]

    def __str__(self) -> str:
        more = "等" if self.count > len(self.names) else ""
        return f"{self.label} {self.count} 条（{'、'.join(self.names)}{more}）"


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


def dated_models(column: str) -> list[Model]:
    """Registers whose rows hold from a day to a day and name a place in `column`."""
    return [
        model
        for model in apps.get_app_config("grids").get_models()
        if issubclass(model, GroundRow) and issubclass(model, Dated) and hasattr(model, column)
    ]


def rows_reaching(column: str, ids: Iterable[int], day: date) -> list[Any]:
    """Standing rows on these places that hold on `day` or later, those without an end first."""
    found: list[Any] = []
    for model in dated_models(column):
        rows = model.objects.standing().filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
        rows = rows.filter(**{f"{column}__in": list(ids)}).select_related(*FETCHED.get(model, ()))
        found += sorted(rows.order_by("pk"), key=lambda row: (row.ends_on is not None, row.pk))
    return found


def hanging_on(place: Standing, day: date) -> list[Hanging]:
    """Everything that forbids to close a place on `day`: dated rows, open rectifications, stations in the grid."""
    column = kind_of(place).subject
    if column not in ("grid", "courtyard"):
        return []
    rows = rows_reaching(column, [place.pk], day)
    rows += list(Rectification.objects.standing().filter(struck_off_on__isnull=True, **{column: place}))
    names: dict[str, list[str]] = {}
    for row in rows:
        names.setdefault(str(row._meta.verbose_name), []).append(name_of(row, place))
    if column == "grid":
        stations = [str(state) for state in stations_in([place.pk], day)]
        names |= {"网格工作站": stations} if stations else {}
    return [Hanging(label, len(found), tuple(found[:SHOWN])) for label, found in names.items()]


def stations_in(grid_ids: Iterable[int], day: date) -> list[CentreState]:
    """The latest states of centres that lie in these grids and stand on `day` or later."""
    latest = CentreState.objects.latest_ones().filter(grid__in=list(grid_ids)).select_related("centre", "organisation")
    return list(latest.filter(Q(centre__closed_on__isnull=True) | Q(centre__closed_on__gt=day)))


def name_of(row: GroundRow, place: Standing | None = None) -> str:
    """What a row is called in a list of what hangs on `place`."""
    if isinstance(row, CourtyardGrid):
        return row.grid.code if row.courtyard == place else row.courtyard.code
    if isinstance(row, Coverage):
        return row.organisation.code
    if isinstance(row, ServiceContract):
        return row.company.name
    if isinstance(row, GroundContact):
        return str(row.get_kind_display())
    if isinstance(row, Committee | PartnerUnit):
        return row.name
    return str(row)


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
