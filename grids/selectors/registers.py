"""The rows of a register as its pages, workbooks and interface show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Count, F, Q, QuerySet, Value

from branches.acting import Officer
from branches.models import Organisation, Placement
from branches.permissions import ids_under
from branches.selectors.contacts import masked
from core import clock
from core.models import User
from grids.choices import NormKey
from grids.models import Courtyard, CourtyardState, Grid, GridState, Milestone, Project, PropertyCompany
from grids.models.base import KeptRow
from grids.permissions import own_organisations
from grids.registers import REGISTERS, Register, register_of
from grids.registers.columns import Column, Kind, Option
from grids.registers.options import labels_of
from grids.selectors.keeping import community_names
from grids.selectors.norms import norm

STANDING, STALE, VOIDED = "standing", "stale", "voided"
PHONE = "work_phone"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows are asked for; everything may be left out."""

    community: str = ""
    kind: str = ""
    q: str = ""
    on: date | None = None
    show: str = STANDING


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row ready to be shown: what it is called, and (heading, text) of its other columns."""

    row: Any
    title: str
    cells: list[tuple[str, str]]
    community: str
    is_stale: bool
    has_ended: bool
    is_masked: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """A register in the table of registers: how many rows stand, how many wait to be confirmed."""

    register: Register
    count: int
    stale: int


def rows_asked(register: Register, user: User, asked: Asked) -> QuerySet[Any]:
    """The rows of a register this account sees, as asked for, in the register's order."""
    rows = _shown(register, register.model.objects.visible_to(user), asked)
    if asked.community and register.is_of_community:
        rows = rows.filter(community__code=asked.community)
    if asked.kind and register.kind_column:
        rows = rows.filter(**{register.kind_column.name: asked.kind})
    if asked.q.strip():
        rows = rows.filter(_saying(register, asked.q.strip()))
    return rows


def _shown(register: Register, rows: Any, asked: Asked) -> Any:
    if asked.show == VOIDED:
        return rows.filter(voided_at__isnull=False)
    if asked.on is not None and register.is_dated:
        rows = rows.in_force(asked.on)
    rows = rows.standing()
    return rows.filter(_stale(stale_before(register))) if asked.show == STALE else rows


def _saying(register: Register, text: str) -> Q:
    """Rows with the text in one of their text columns or in the name of a place or company they point at."""
    found = Q(pk__in=[])
    for name in register.searched:
        found |= Q(**{f"{name}__icontains": text})
    for column in register.columns:
        if column.kind is Kind.LINK:
            states, subject = _NAMED_BY[column.target]
            found |= Q(**{f"{column.name}__in": states.filter(name__icontains=text).values(subject)})
    return found


_NAMED_BY: dict[type[Any], tuple[Any, str]] = {
    Grid: (GridState.objects, "grid"),
    Courtyard: (CourtyardState.objects, "courtyard"),
    PropertyCompany: (PropertyCompany.objects, "pk"),
    Organisation: (Placement.objects, "organisation"),
    Project: (Project.objects, "pk"),
}


def stale_before(register: Register) -> date | None:
    """What was confirmed before this day is stale; None for registers of events, or without a norm."""
    return _day_before(register, norm(NormKey.STALE_DAYS, clock.today())) if register.is_lasting else None


def _day_before(register: Register, days: Decimal | None) -> date | None:
    return clock.today() - timedelta(days=int(days)) if register.is_lasting and days is not None else None


def _stale(day: date | None) -> Q:
    return Q(pk__in=[]) if day is None else Q(confirmed_on__isnull=True) | Q(confirmed_on__lt=day)


def listed_rows(
    register: Register, rows: Sequence[Any], user: User, columns: Sequence[Column] | None = None
) -> list[ListedRow]:
    """Rows of a page with the names of what they point at; as many queries as linked columns, however many rows."""
    return _Lister(register, rows, user, columns or register.listed_columns).rows()


@dataclass(slots=True)
class _Lister:
    register: Register
    given: Sequence[Any]
    user: User
    columns: Sequence[Column]
    links: dict[str, dict[int, Option]] = field(default_factory=dict)
    communities: dict[int, str] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)

    def rows(self) -> list[ListedRow]:
        for column in self.columns:
            if column.kind is Kind.LINK:
                ids = {getattr(row, column.field.attname) for row in self.given} - {None}
                self.links[column.name] = labels_of(column, ids)
        if self.register.is_of_community:
            self.communities = community_names({row.community_id for row in self.given})
        if self.register.personal:
            self.own = own_community_ids(self.user, self.communities)
        before = stale_before(self.register)
        return [self._row(row, before) for row in self.given]

    def _row(self, row: Any, before: date | None) -> ListedRow:
        cells = [(column.heading, self.text(row, column)) for column in self.columns]
        has_ended = bool(getattr(row, "ends_on", None) and row.ends_on <= clock.today())
        is_stale = before is not None and not has_ended and (row.confirmed_on is None or row.confirmed_on < before)
        name = self.communities.get(row.community_id, "") if self.register.is_of_community else ""
        return ListedRow(row, cells[0][1], cells[1:], name, is_stale, has_ended, self._is_masked(row))

    def text(self, row: Any, column: Column) -> str:
        value = getattr(row, column.field.attname)
        if column.kind is Kind.LINK:
            option = self.links[column.name].get(value)
            return option.name if option else ""
        if column.kind is Kind.FILE:
            return "有" if value else ""
        return masked(value) if column.name == PHONE and self._is_masked(row) else column.write(value)

    def _is_masked(self, row: Any) -> bool:
        return bool(self.register.personal) and bool(row.work_phone) and row.community_id not in self.own


def own_community_ids(user: User, among: Any) -> set[int]:
    """Which of these communities lie in the own subtree, where work phones are plain."""
    own = ids_under(own_organisations(user)).filter(descendant__in=list(among))
    return set(own.values_list("descendant_id", flat=True))


def shelves(user: User) -> list[Shelf]:
    """Every register with its figures; one query for the norm and one for all registers together."""
    days = norm(NormKey.STALE_DAYS, clock.today())
    counts = [_counted(register, user, _day_before(register, days)) for register in REGISTERS]
    found = {slug: figures for slug, *figures in counts[0].union(*counts[1:], all=True)}
    return [Shelf(register, *found.get(register.slug, (0, 0))) for register in REGISTERS]


def _counted(register: Register, user: User, before: date | None) -> Any:
    """(slug, rows, stale rows) of what the account sees."""
    rows = register.model.objects.visible_to(user).standing().order_by()
    stale = Count("pk", filter=_stale(before)) if before is not None else Value(0)
    named = rows.values(slug=Value(register.slug, CharField()))
    return named.annotate(rows=Count("pk"), stale=stale).values_list("slug", "rows", "stale")


@dataclass(frozen=True, slots=True)
class Below:
    """Rows of another register that belong to one row, and the column that says so."""

    register: Register
    column: str
    rows: list[ListedRow]


def rows_below(register: Register, row: KeptRow, user: User) -> Below | None:
    """The milestones of a project, as far as the account sees them; None for a register without any such rows."""
    if register.model is not Project:
        return None
    steps = register_of(Milestone)
    rows = Milestone.objects.visible_to(user).standing().filter(project=row.pk)
    columns = [column for column in steps.listed_columns if column.name != "project"]
    return Below(steps, "project", listed_rows(steps, list(rows), user, columns))


def last_row_of(register: Register, officer: Officer) -> KeptRow | None:
    """What she recorded last: the next one is often of the same kind."""
    found: KeptRow | None = (
        register.model.objects.standing().filter(recorded_by=officer.appointment).order_by("-pk").first()
    )
    return found


def community_rows(register: Register, community_id: int) -> QuerySet[Any]:
    """The standing rows of one community that have not ended, for a grid that is typed into."""
    rows: QuerySet[Any] = register.model.objects.standing()
    rows = rows.filter(community=community_id) if register.is_of_community else rows
    if register.is_dated:
        rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=clock.today()))
    return rows.order_by(F("confirmed_on").asc(nulls_first=True), "pk") if register.is_lasting else rows
