"""What a sheet of a workbook can hold: a register of rows, the places of one kind, the post counts.

The engine that loads (`grids.imports.workbook`) and the one that writes (`grids.exports.workbook`) know only `Book`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from django.db.models import Max, Q, QuerySet

from branches.acting import Officer
from branches.choices import Level
from branches.models import Organisation
from branches.permissions import ids_under
from core import clock
from core.models import User
from core.permit import Permit, refused
from grids.imports.lines import Plan, TypedLine
from grids.imports.places import apply_places, plan_places
from grids.imports.plan import apply_plan, plan_lines
from grids.imports.posts import apply_posts, plan_posts
from grids.models import CourtyardGrid, PostCount
from grids.permissions import can_keep_any_ground, can_keep_register, own_organisations
from grids.registers import REGISTERS, Register
from grids.registers.columns import Column, SeveralColumn
from grids.selectors.keeping import keepable_communities, visible_communities
from grids.selectors.places import standing_states
from grids.selectors.registers import Asked, own_community_ids, rows_asked
from grids.services.bulk import parts
from grids.services.kinds import CENTRE, COURTYARD, GRID, PlaceKind, keepable_holders

NUMBER, VERSION, COMMUNITY = "编号", "版本", "社区"
_ROW_NUMBER = re.compile(r"([0-9]{1,15})v([0-9]{1,9})")
_WHOLE = re.compile(r"[0-9]{1,15}")
Marks = dict[str, Any]
# Points at no such place, or at one that was not closed.
_OPEN = {
    name: Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__closed_on__isnull": True}) for name in ("grid", "courtyard")
}


class Book(Protocol):
    """One thing a sheet can hold.

    `marks` are the headings of what names a thing that is there, by the names `marked` gives them; `holder` is the
    heading of the organisation it belongs to (`holder_field` of the model), empty for what the district shares.
    """

    @property
    def slug(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def marks(self) -> dict[str, str]: ...

    @property
    def holder(self) -> str: ...

    @property
    def holder_field(self) -> str: ...

    @property
    def columns(self) -> tuple[Column, ...]: ...

    @property
    def sheet_columns(self) -> tuple[Column, ...]: ...

    def permit(self, officer: Officer) -> Permit:
        """Whether she may enter anything at all."""

    def holders(self, officer: Officer) -> list[Organisation]:
        """The organisations a line may name, with today's names."""

    def marked(self, texts: dict[str, str]) -> Marks:
        """What the cells of the marks say, as values of a `TypedLine`."""

    def plan(self, officer: Officer, lines: Sequence[TypedLine]) -> Plan:
        """What the lines would do."""

    def keep(self, officer: Officer, plan: Plan, source: str) -> None:
        """Do it, all or nothing."""

    def visible(self, user: User) -> QuerySet[Any]:
        """What a workbook for this account holds."""

    def whole(self, user: User) -> tuple[QuerySet[Any], int]:
        """What fills an empty portal, and how many rows that leaves behind."""

    def marks_of(self, rows: Sequence[Any]) -> list[list[str]]:
        """The cells of the marks, row by row."""


@dataclass(frozen=True)
class RegisterBook:
    """A register: rows named by id and version."""

    register: Register
    marks: dict[str, str] = field(default_factory=lambda: {NUMBER: "mark"})
    holder_field: str = "community"

    @property
    def slug(self) -> str:
        return self.register.slug

    @property
    def title(self) -> str:
        return self.register.title

    @property
    def holder(self) -> str:
        return COMMUNITY if self.register.is_of_community else ""

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.register.columns

    @property
    def sheet_columns(self) -> tuple[Column, ...]:
        return self.register.sheet_columns

    def permit(self, officer: Officer) -> Permit:
        return can_keep_register(officer, self.register.model)

    def holders(self, officer: Officer) -> list[Organisation]:
        return keepable_communities(officer) if self.holder else []

    def marked(self, texts: dict[str, str]) -> Marks:
        mark = texts["mark"]
        found = _ROW_NUMBER.fullmatch(mark)
        if mark and not found:
            return {"fault": "编号不能改写；新的一行请留空。"}
        return {"pk": int(found[1]), "version": int(found[2])} if found else {}

    def plan(self, officer: Officer, lines: Sequence[TypedLine]) -> Plan:
        return plan_lines(officer, self.register, lines)

    def keep(self, officer: Officer, plan: Plan, source: str) -> None:
        apply_plan(officer, plan, source)

    def visible(self, user: User) -> QuerySet[Any]:
        return self.asked(user, Asked())

    def asked(self, user: User, asked: Asked) -> QuerySet[Any]:
        """Rows as a list was filtered; contacts leave only for those who see them plain: masked ones load no more."""
        rows = rows_asked(self.register, user, asked)
        if not self.register.personal:
            return rows.order_by("pk")
        own = own_community_ids(user, rows.values_list("community", flat=True)) if own_organisations(user) else set()
        return rows.filter(community__in=own).order_by("pk")

    def whole(self, user: User) -> tuple[QuerySet[Any], int]:
        rows = kept = self.visible(user)
        for name in _OPEN.keys() & set(self.register.fields):
            kept = kept.filter(_OPEN[name])
        return kept, rows.count() - kept.count()

    def marks_of(self, rows: Sequence[Any]) -> list[list[str]]:
        return [[f"{row.pk}v{row.version}"] for row in rows]


@dataclass(frozen=True)
class PlaceBook:
    """The places of one kind, named by their codes: one line a place, as it is today."""

    slug: str
    kind: PlaceKind
    marks: dict[str, str] = field(default_factory=lambda: {NUMBER: "code", VERSION: "version"})

    @property
    def title(self) -> str:
        return self.kind.label

    @property
    def holder_field(self) -> str:
        return self.kind.holder

    @property
    def holder(self) -> str:
        return str(self.kind.state._meta.get_field(self.kind.holder).verbose_name)  # type: ignore[union-attr]

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        names = ("starts_on", *self.kind.asked, *(("grid",) if self.kind is CENTRE else ()))
        found = [Column(self.kind.state, name) for name in names]
        if self.kind is COURTYARD:
            found.append(SeveralColumn(CourtyardGrid, "grid", "所在网格"))
        return (*found, Column(self.kind.state, "reason"))

    @property
    def sheet_columns(self) -> tuple[Column, ...]:
        return self.columns

    def permit(self, officer: Officer) -> Permit:
        permit = can_keep_any_ground(officer)
        if permit and not keepable_holders(officer, self.kind).exists():
            return refused("网格和庭院由社区、街道或区创建办登记；网格的设立和变更由所属街道或区创建办办理。")
        return permit

    def holders(self, officer: Officer) -> list[Organisation]:
        """All that are seen: a line that changes nothing needs no right, others are asked for one by one."""
        if self.kind is not CENTRE:
            return visible_communities(officer.user)
        today = clock.today()
        own = ids_under(own_organisations(officer.user))
        found = Organisation.objects.standing_on(today).as_of(today).filter(pk__in=own, level__lte=Level.COMMUNITY)
        return list(found.order_by("code"))

    def marked(self, texts: dict[str, str]) -> Marks:
        return {"code": texts["code"], **_version(texts["version"])}

    def plan(self, officer: Officer, lines: Sequence[TypedLine]) -> Plan:
        return plan_places(officer, self, lines)

    def keep(self, officer: Officer, plan: Plan, source: str) -> None:
        apply_places(officer, self.kind, plan, source)

    def visible(self, user: User) -> QuerySet[Any]:
        seen = self.kind.model.objects.visible_to(user).values("pk")
        states = standing_states(self.kind.state, clock.today()).filter(**{f"{self.kind.subject}__in": seen})
        found: QuerySet[Any] = states.select_related(self.kind.subject).order_by(f"{self.kind.subject}__code")
        return found

    def whole(self, user: User) -> tuple[QuerySet[Any], int]:
        standing = self.kind.model.objects.visible_to(user).filter(closed_on__isnull=True).values("pk")
        states = self.kind.state.objects.current().filter(**{f"{self.kind.subject}__in": standing})
        states = states.select_related(self.kind.subject).order_by(f"{self.kind.subject}__code", "starts_on")
        kept = states.filter(_OPEN["grid"]) if self.kind is CENTRE else states
        return kept, states.count() - kept.count()

    def marks_of(self, rows: Sequence[Any]) -> list[list[str]]:
        subject = self.kind.subject
        newest = _newest(self.kind.state, subject, [getattr(row, f"{subject}_id") for row in rows])
        return [[getattr(row, subject).code, str(newest[getattr(row, f"{subject}_id")])] for row in rows]


@dataclass(frozen=True)
class PostBook:
    """The counts of 5+3 posts, named by community and post."""

    slug: str = "posts"
    title: str = "岗位配备"
    marks: dict[str, str] = field(default_factory=lambda: {VERSION: "version"})
    holder: str = COMMUNITY
    holder_field: str = "community"

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        names = ("kind", "starts_on", "required", "filled", "party_members", "reason")
        return tuple(Column(PostCount, name) for name in names)

    @property
    def sheet_columns(self) -> tuple[Column, ...]:
        return self.columns

    def permit(self, officer: Officer) -> Permit:
        if officer.organisation.level in (Level.GRID, Level.COURTYARD):
            return refused("岗位配备由社区、街道或区创建办登记。")
        return can_keep_any_ground(officer)

    def holders(self, officer: Officer) -> list[Organisation]:
        return visible_communities(officer.user)

    def marked(self, texts: dict[str, str]) -> Marks:
        return _version(texts["version"])

    def plan(self, officer: Officer, lines: Sequence[TypedLine]) -> Plan:
        return plan_posts(officer, self, lines)

    def keep(self, officer: Officer, plan: Plan, source: str) -> None:
        apply_posts(officer, plan, source)

    def visible(self, user: User) -> QuerySet[Any]:
        return self._seen(PostCount.objects.in_force(clock.today()), user)

    def whole(self, user: User) -> tuple[QuerySet[Any], int]:
        return self._seen(PostCount.objects.current(), user), 0

    def _seen(self, counts: QuerySet[Any], user: User) -> QuerySet[Any]:
        own = ids_under(own_organisations(user))
        return counts.filter(community__in=own).order_by("community__code", "kind", "starts_on")

    def marks_of(self, rows: Sequence[Any]) -> list[list[str]]:
        newest = _newest(PostCount, "series", [row.series for row in rows])
        return [[str(newest[row.series])] for row in rows]


PLACE_BOOKS: dict[str, PlaceBook | PostBook] = {
    "grids": PlaceBook("grids", GRID),
    "courtyards": PlaceBook("courtyards", COURTYARD),
    "centres": PlaceBook("centres", CENTRE),
    "posts": PostBook(),
}
_SHARED = [RegisterBook(register) for register in REGISTERS if not register.is_of_community]
_ROWS = [RegisterBook(register) for register in REGISTERS if register.is_of_community]
# In the order of loading: what one brings, the next may point at.
BOOKS: tuple[Book, ...] = (*_SHARED, *PLACE_BOOKS.values(), *_ROWS)


def book_of(register: Register) -> RegisterBook:
    """The book that holds a register."""
    return next(one for one in (*_SHARED, *_ROWS) if one.register is register)


def _version(text: str) -> Marks:
    if not text:
        return {}
    if not _WHOLE.fullmatch(text):
        return {"fault": "版本不能改写；新的一行请留空。"}
    return {"version": int(text)}


def _newest(state: Any, subject: str, keys: list[Any]) -> dict[Any, int]:
    """The id of the last record about each thing."""
    found: dict[Any, int] = {}
    for part in parts(keys):
        rows = state.objects.filter(**{f"{subject}__in": part}).order_by()
        found |= dict(rows.values_list(subject).annotate(Max("pk")))
    return found
