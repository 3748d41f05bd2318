"""The three kinds of standing places, and what their services need to know of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from branches.acting import Officer
from branches.choices import Level
from branches.models import Organisation
from branches.permissions import ids_under
from branches.services import words
from core import clock
from core.errors import Invalid
from core.permit import Permit
from grids.models import (
    CentreState,
    Courtyard,
    CourtyardState,
    Grid,
    GridState,
    ServiceCentre,
)
from grids.models.base import State
from grids.models.grid import Standing
from grids.permissions import can_change_grids, can_keep_ground
from grids.selectors.keeping import keepable_communities

FIRST_DAY = date(1949, 10, 1)
AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class PlaceKind:
    """How one kind of place is numbered, described and placed; `asked` is what forms and workbooks say of it."""

    model: type[Standing]
    state: type[State]
    letter: str
    holder: str
    label: str
    asked: tuple[str, ...]

    @property
    def subject(self) -> str:
        """The column of a state that names the place."""
        return self.state.SUBJECT

    def organisation_of(self, state: Any) -> Organisation:
        """The organisation on whose ground a state puts the place."""
        holder: Organisation = getattr(state, self.holder)
        return holder

    def columns(self) -> list[str]:
        """What a state says, without who recorded it when and why."""
        kept = {"id", "recorded_at", "recorded_by", "starts_on", "revision", "reason", self.subject, "document_no"}
        return [field.attname for field in self.state._meta.concrete_fields if field.name not in kept]


GRID = PlaceKind(Grid, GridState, "G", "community", "网格", ("name", "kind", "households"))
COURTYARD = PlaceKind(
    *(Courtyard, CourtyardState, "C", "community", "庭院（小区）"),
    asked=(
        *("name", "kind", "management", "buildings", "units", "households"),
        *("built_in", "former_owner", "handed_over_on"),
    ),
)
CENTRE = PlaceKind(
    *(ServiceCentre, CentreState, "S", "organisation", "党群服务中心（站）"),
    asked=("name", "form", *CentreState.SIX, "area", "zones"),
)
KINDS: tuple[PlaceKind, ...] = (GRID, COURTYARD, CENTRE)


def kind_of(place: Standing) -> PlaceKind:
    return next(kind for kind in KINDS if isinstance(place, kind.model))


def kind_of_state(state: State) -> PlaceKind:
    return next(kind for kind in KINDS if isinstance(state, kind.state))


def can_keep_place(officer: Officer, kind: PlaceKind, holder: Organisation, grid: Grid | None = None) -> Permit:
    """Grids are the street's and the creation office's, the rest is kept like any ground."""
    if kind is GRID:
        return can_change_grids(officer, holder)
    return can_keep_ground(officer, holder, grid)


class Permits:
    """`can_keep_place` within one act: asked once a holder and grid, however many places stand there."""

    def __init__(self, officer: Officer, kind: PlaceKind) -> None:
        self.officer, self.kind = officer, kind
        self._given: dict[tuple[int, int | None], Permit] = {}

    def of(self, holder: Organisation, grid: Grid | None = None) -> Permit:
        which = (holder.pk, grid.pk if grid else None)
        if which not in self._given:
            self._given[which] = can_keep_place(self.officer, self.kind, holder, grid)
        return self._given[which]


def keepable_holders(officer: Officer, kind: PlaceKind) -> Any:
    """Where this officer may set up such a place, with today's names; a query set of organisations."""
    today = clock.today()
    organisations = Organisation.objects.standing_on(today).as_of(today).order_by("code")
    if officer.organisation.level in (Level.GRID, Level.COURTYARD):
        return organisations.none()
    if kind is CENTRE:
        return organisations.filter(pk__in=ids_under([officer.organisation]), level__lte=Level.COMMUNITY)
    if kind is GRID and officer.organisation.level == Level.COMMUNITY:
        return organisations.none()
    return organisations.filter(pk__in=[one.pk for one in keepable_communities(officer)])


def check_day(day: date, field: str) -> date:
    """Invalid for a day that nobody means: before 1949, or more than a year ahead."""
    if not FIRST_DAY <= day <= clock.today() + AHEAD:
        raise words.invalid(field, "日期须在 1949 年 10 月以后、一年之内。")
    return day


def invalid(field: str, message: str) -> Invalid:
    return words.invalid(field, message)
