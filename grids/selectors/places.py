"""What stands on the ground on a day, with all that hangs on it: one fetch for any number of communities.

Pages, checks, figures and indicators read the ground here, so that "covered", "managed" and "has a committee" mean one
thing everywhere. Whatever the number of places, `ground_on` costs six queries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from grids.calc.terms import is_overdue
from grids.choices import Management
from grids.models import Committee, CourtyardGrid, CourtyardState, Coverage, GridState, ServiceContract

Communities = Iterable[int] | QuerySet[Any] | None


@dataclass(frozen=True, slots=True)
class CoverageFact:
    """A Party organisation covers a place (see `grids.choices.CoverageKind`)."""

    pk: int
    organisation_id: int
    kind: str
    company_id: int | None


@dataclass(frozen=True, slots=True)
class ContractFact:
    """The contract in force on a courtyard."""

    pk: int
    company_id: int
    company: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class CommitteeFact:
    """The present term of an owners' body."""

    pk: int
    kind: str
    name: str
    election_due_on: date

    def is_overdue(self, day: date) -> bool:
        """The term ends with the day it is due."""
        return is_overdue(self.election_due_on, day)


@dataclass(slots=True)
class CourtyardFacts:
    """A courtyard on a day: its state, the grids it lies in, who covers and who manages it."""

    pk: int
    code: str
    confirmed_on: date | None
    opened_on: date
    state_id: int
    community_id: int
    name: str
    kind: str
    households: int | None
    management: str
    grids: list[GridFacts] = field(default_factory=list)
    own_coverages: list[CoverageFact] = field(default_factory=list)
    own_committees: list[CommitteeFact] = field(default_factory=list)
    contracts: list[ContractFact] = field(default_factory=list)

    @property
    def coverages(self) -> list[CoverageFact]:
        """Its own ones and those of the grids it lies in."""
        return [*self.own_coverages, *(one for grid in self.grids for one in grid.coverages)]

    @property
    def committees(self) -> list[CommitteeFact]:
        """Its own ones and those of the grids it lies in."""
        return [*self.own_committees, *(one for grid in self.grids for one in grid.committees)]

    @property
    def contract(self) -> ContractFact | None:
        return self.contracts[0] if self.contracts else None

    @property
    def is_covered(self) -> bool:
        return bool(self.own_coverages) or any(grid.coverages for grid in self.grids)

    @property
    def has_committee(self) -> bool:
        return bool(self.own_committees) or any(grid.committees for grid in self.grids)

    @property
    def is_managed(self) -> bool:
        """By a company under contract, or by the way named for courtyards without one."""
        return bool(self.contracts) or self.management != Management.NONE


@dataclass(slots=True)
class GridFacts:
    """A grid on a day: its state, what lies in it, who covers it."""

    pk: int
    code: str
    confirmed_on: date | None
    opened_on: date
    state_id: int
    community_id: int
    name: str
    kind: str
    households: int | None
    courtyards: list[CourtyardFacts] = field(default_factory=list)
    coverages: list[CoverageFact] = field(default_factory=list)
    committees: list[CommitteeFact] = field(default_factory=list)

    @property
    def is_covered(self) -> bool:
        """Covered itself, or every courtyard in it is."""
        return bool(self.coverages) or self._each("own_coverages")

    @property
    def has_committee(self) -> bool:
        return bool(self.committees) or any(one.own_committees for one in self.courtyards)

    @property
    def companies(self) -> dict[int, str]:
        """Companies that manage a courtyard in it, by id."""
        return {one.company_id: one.company for yard in self.courtyards for one in yard.contracts}

    @property
    def has_company(self) -> bool:
        return any(one.contracts for one in self.courtyards)

    @property
    def counted_households(self) -> int | None:
        """Its own figure, else the sum of courtyards that lie in no other grid, else unknown."""
        if self.households is not None:
            return self.households
        known = [one.households for one in self.courtyards if one.households is not None and len(one.grids) == 1]
        return sum(known) if known and len(known) == len(self.courtyards) else None

    def _each(self, name: str) -> bool:
        return bool(self.courtyards) and all(getattr(one, name) for one in self.courtyards)


@dataclass(slots=True)
class Ground:
    """Grids and courtyards of one day by id, linked to each other, in the order of their codes."""

    day: date
    grids: dict[int, GridFacts]
    courtyards: dict[int, CourtyardFacts]


def ground_on(day: date, community_ids: Communities = None) -> Ground:
    """Everything that stands on `day` in these communities (None: all); six queries."""
    ground = Ground(day, _grids(day, community_ids), _courtyards(day, community_ids))
    _link(ground, community_ids)
    _cover(ground, community_ids)
    _contract(ground, community_ids)
    _commit(ground, community_ids)
    return ground


def grids_on(day: date, community_ids: Communities = None) -> list[GridFacts]:
    """The grids of `ground_on`, with their courtyards."""
    return list(ground_on(day, community_ids).grids.values())


def courtyards_on(day: date, community_ids: Communities = None) -> list[CourtyardFacts]:
    """The courtyards of `ground_on`, with their grids."""
    return list(ground_on(day, community_ids).courtyards.values())


def standing_states(model: Any, day: date, community_ids: Communities = None, *, place: str = "community") -> Any:
    """States in force on `day` of what stands on it; `place` is the column that names the organisation."""
    subject = model.SUBJECT
    states = model.objects.in_force(day).filter(
        Q(**{f"{subject}__closed_on__isnull": True}) | Q(**{f"{subject}__closed_on__gt": day}),
        **{f"{subject}__opened_on__lte": day},
    )
    return states if community_ids is None else states.filter(**{f"{place}__in": community_ids})


def _columns(subject: str) -> tuple[str, ...]:
    of_place = (f"{subject}_id", f"{subject}__code", f"{subject}__confirmed_on", f"{subject}__opened_on")
    return (*of_place, "pk", "community_id", "name", "kind", "households")


def _grids(day: date, ids: Communities) -> dict[int, GridFacts]:
    rows = standing_states(GridState, day, ids).order_by("grid__code").values_list(*_columns("grid"))
    return {row[0]: GridFacts(*row) for row in rows}


def _courtyards(day: date, ids: Communities) -> dict[int, CourtyardFacts]:
    states = standing_states(CourtyardState, day, ids).order_by("courtyard__code")
    rows = states.values_list(*_columns("courtyard"), "management")
    return {row[0]: CourtyardFacts(*row) for row in rows}


def _in_force(model: Any, day: date, ids: Communities) -> Any:
    rows = model.objects.in_force(day).order_by("starts_on", "pk")
    return rows if ids is None else rows.filter(community__in=ids)


def _link(ground: Ground, ids: Communities) -> None:
    links = _in_force(CourtyardGrid, ground.day, ids).order_by("grid__code", "courtyard__code")
    for courtyard_id, grid_id in links.values_list("courtyard_id", "grid_id"):
        courtyard, grid = ground.courtyards.get(courtyard_id), ground.grids.get(grid_id)
        if courtyard is not None and grid is not None:
            courtyard.grids.append(grid)
            grid.courtyards.append(courtyard)


def _cover(ground: Ground, ids: Communities) -> None:
    rows = _in_force(Coverage, ground.day, ids)
    for grid_id, courtyard_id, *columns in rows.values_list(
        "grid_id", "courtyard_id", "pk", "organisation_id", "kind", "company_id"
    ):
        if grid_id in ground.grids:
            ground.grids[grid_id].coverages.append(CoverageFact(*columns))
        if courtyard_id in ground.courtyards:
            ground.courtyards[courtyard_id].own_coverages.append(CoverageFact(*columns))


def _contract(ground: Ground, ids: Communities) -> None:
    rows = _in_force(ServiceContract, ground.day, ids)
    for courtyard_id, *columns in rows.values_list(
        "courtyard_id", "pk", "company_id", "company__name", "starts_on", "ends_on"
    ):
        if courtyard_id in ground.courtyards:
            ground.courtyards[courtyard_id].contracts.append(ContractFact(*columns))


def _commit(ground: Ground, ids: Communities) -> None:
    rows = _in_force(Committee, ground.day, ids)
    for grid_id, courtyard_id, *columns in rows.values_list(
        "grid_id", "courtyard_id", "pk", "kind", "name", "election_due_on"
    ):
        if grid_id in ground.grids:
            ground.grids[grid_id].committees.append(CommitteeFact(*columns))
        if courtyard_id in ground.courtyards:
            ground.courtyards[courtyard_id].own_committees.append(CommitteeFact(*columns))
