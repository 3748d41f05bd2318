"""What linked columns may point at: the places, organisations and projects of a community, the district's companies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any, Protocol

from django.db.models import F, Q, QuerySet

from branches.models import Ancestry, Organisation
from core import clock
from grids.models import Courtyard, CourtyardState, Grid, GridState, Project, PropertyCompany
from grids.registers.columns import Column, Kind, Option

SHARED = 0

Rows = Iterable[tuple[int, int, str, str]]


class HasColumns(Protocol):
    """A register, or whatever else is filled in by columns."""

    @property
    def columns(self) -> tuple[Column, ...]: ...


class Options:
    """Options of the linked columns of a register for some communities; one query a linked model, whatever the rows.

    `only_grids` narrows grids to those a grid branch covers.
    """

    def __init__(self, register: HasColumns, communities: Collection[int], only_grids: Collection[int] | None = None):
        self._found: dict[str, dict[int, list[Option]]] = {}
        self._only_grids = only_grids
        for column in register.columns:
            if column.kind in (Kind.LINK, Kind.LINKS):
                self._found[column.name] = self._load(column.target, communities)

    def of(self, column: Column, community_id: int | None) -> list[Option]:
        """The options of one column in one community, in the order of their codes; none for a column that links not."""
        found = self._found.get(column.name, {})
        return found.get(SHARED) or found.get(community_id or SHARED, [])

    def option(self, column: Column, community_id: int | None, pk: int) -> Option | None:
        """The option with this id, if it is one."""
        return next((option for option in self.of(column, community_id) if option.pk == pk), None)

    def _load(self, model: type[Any], communities: Collection[int]) -> dict[int, list[Option]]:
        found: dict[int, list[Option]] = defaultdict(list)
        for community_id, pk, code, name in _SOURCES[model](communities):
            if model is not Grid or self._only_grids is None or pk in self._only_grids:
                found[community_id].append(Option(pk, code, name))
        return found


def labels_of(column: Column, ids: Collection[int]) -> dict[int, Option]:
    """What linked rows are called, by id; one query."""
    rows = _NAMES[column.target](ids) if ids else ()
    return {pk: Option(pk, code, name) for _community, pk, code, name in rows}


# -- places


def _states(model: Any, place: str, **only: Any) -> Rows:
    states = model.objects.latest_ones().filter(**only).order_by(f"{place}__code")
    rows: Rows = states.values_list("community_id", f"{place}_id", f"{place}__code", "name")
    return rows


def _organisations(communities: Collection[int]) -> Rows:
    """The community's own organisation and those under it today."""
    lines = Ancestry.objects.in_force(clock.today()).filter(ancestor__in=communities)
    under: dict[int, int] = dict(lines.values_list("descendant_id", "ancestor_id"))
    for organisation in _named(Organisation.objects.filter(pk__in=under)):
        yield under[organisation.pk], organisation.pk, organisation.code, organisation.name or organisation.code


def _named(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    found: QuerySet[Organisation] = organisations.as_of(clock.today()).order_by("code")  # type: ignore[attr-defined]
    return found


def _companies(which: Q) -> Rows:
    rows: Rows = PropertyCompany.objects.filter(which).order_by("name").values_list("pk", "pk", "name", "name")
    return ((SHARED, pk, code, name) for _pk, pk, code, name in rows)


def _projects(which: Q) -> Rows:
    found = Project.objects.filter(which).order_by("-starts_on", "pk").annotate(code=F("pk"))
    for community_id, pk, name in found.values_list("community_id", "pk", "name"):
        yield community_id, pk, str(pk), name


_STANDING = Q(voided_at__isnull=True)

_SOURCES: dict[type[Any], Callable[[Collection[int]], Rows]] = {
    Grid: lambda ids: _states(GridState, "grid", community__in=ids),
    Courtyard: lambda ids: _states(CourtyardState, "courtyard", community__in=ids),
    Organisation: _organisations,
    PropertyCompany: lambda ids: _companies(_STANDING),
    Project: lambda ids: _projects(_STANDING & Q(community__in=ids)),
}
_NAMES: dict[type[Any], Callable[[Collection[int]], Rows]] = {
    Grid: lambda ids: _states(GridState, "grid", grid__in=ids),
    Courtyard: lambda ids: _states(CourtyardState, "courtyard", courtyard__in=ids),
    Organisation: lambda ids: (
        (SHARED, one.pk, one.code, one.name or one.code) for one in _named(Organisation.objects.filter(pk__in=ids))
    ),
    PropertyCompany: lambda ids: _companies(Q(pk__in=ids)),
    Project: lambda ids: _projects(Q(pk__in=ids)),
}
