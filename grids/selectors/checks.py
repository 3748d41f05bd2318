"""Coverage checks: what the ground is short of, and what contradicts itself.

A shortfall may be explained and accepted by the street; a contradiction has to be mended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from grids.choices import GridKind, NormKey
from grids.models import (
    AcceptedException,
    CentreState,
    CourtyardGrid,
    CourtyardState,
    GridState,
    ServiceContract,
)
from grids.models.base import GroundRow, dated_models
from grids.selectors.figures import shortfalls
from grids.selectors.norms import norms_on
from grids.selectors.places import CommitteeFact, CourtyardFacts, GridFacts, Ground, ground_on, standing_states


@dataclass(frozen=True)
class Check:
    """One rule: its name in exceptions, its title, whether a street may accept what it finds."""

    name: str
    title: str
    can_be_accepted: bool = True


CHECKS: tuple[Check, ...] = (
    Check("courtyard_in_two_communities", "庭院与网格不在同一社区", can_be_accepted=False),
    Check("row_of_closed_place", "登记还挂在已撤销的地方", can_be_accepted=False),
    Check("overlapping_contracts", "同一庭院有两份有效合同", can_be_accepted=False),
    Check("grid_without_branch", "网格没有党组织覆盖"),
    Check("grid_without_courtyard", "网格没有庭院"),
    Check("grid_too_large", "网格户数超过上限"),
    Check("grid_too_small", "网格户数低于下限"),
    Check("courtyard_without_grid", "庭院不在任何网格"),
    Check("courtyard_without_branch", "庭院没有党组织覆盖"),
    Check("courtyard_unmanaged", "庭院无人管理"),
    Check("contract_ended", "物业合同到期未续"),
    Check("committee_overdue", "业委会等应换届未换届"),
    Check("centre_short", "阵地“六有”或面积不足"),
)
BY_NAME = {check.name: check for check in CHECKS}


@dataclass
class Finding:
    """What a check found at a place, and the exception that accepts it."""

    check: Check
    subject: str
    community_id: int
    name: str
    text: str
    exception: AcceptedException | None = field(default=None)

    @property
    def key(self) -> tuple[str, str]:
        return (self.check.name, self.subject)


def findings(day: date, community_ids: Iterable[int] | None = None) -> list[Finding]:
    """Every finding on `day`, in the order of the checks, exceptions of that day filled in; queries do not grow."""
    ids = None if community_ids is None else list(community_ids)
    ground, norms = ground_on(day, ids), norms_on(day)
    found = [*_of_grids(ground, norms), *_of_courtyards(ground), *_of_committees(ground)]
    found += [*_two_communities(day, ids), *_of_closed_places(day, ids), *_ended_contracts(ground, ids)]
    found += _centres(day, ids, norms.get(NormKey.CENTRE_MIN_AREA))
    accepted = accepted_on(day, ids)
    for one in found:
        one.exception = accepted.get(one.key) if one.check.can_be_accepted else None
    order = {check.name: number for number, check in enumerate(CHECKS)}
    return sorted(found, key=lambda one: (order[one.check.name], one.subject))


def accepted_on(day: date, community_ids: Iterable[int] | None = None) -> dict[tuple[str, str], AcceptedException]:
    """Exceptions that hold on `day`, by check and subject."""
    rows = AcceptedException.objects.standing().filter(Q(until__isnull=True) | Q(until__gte=day))
    if community_ids is not None:
        rows = rows.filter(community__in=list(community_ids))
    known = rows.select_related("recorded_by__person").order_by("pk")
    return {(row.check_name, row.subject): row for row in known}


def exceptions_on(day: date, community_ids: Iterable[int]) -> list[AcceptedException]:
    """Every exception that holds on `day`, also of what has been mended since, in the order of the checks."""
    found = accepted_on(day, community_ids).values()
    order = {check.name: number for number, check in enumerate(CHECKS)}
    return sorted(found, key=lambda one: (order.get(one.check_name, len(order)), one.subject))


def _finding(name: str, place: GridFacts | CourtyardFacts, text: str = "") -> Finding:
    return Finding(BY_NAME[name], place.code, place.community_id, place.name, text)


def _of_grids(ground: Ground, norms: dict[str, Decimal]) -> Iterator[Finding]:
    least, most = norms.get(NormKey.GRID_HOUSEHOLDS_MIN), norms.get(NormKey.GRID_HOUSEHOLDS_MAX)
    for grid in ground.grids.values():
        if not grid.is_covered:
            yield _finding("grid_without_branch", grid)
        if not grid.courtyards and grid.kind == GridKind.COURTYARD:
            yield _finding("grid_without_courtyard", grid)
        households = grid.counted_households
        if households is not None and most is not None and households > most:
            yield _finding("grid_too_large", grid, f"{households} 户，上限 {most.normalize():f} 户")
        if households is not None and least is not None and households < least:
            yield _finding("grid_too_small", grid, f"{households} 户，下限 {least.normalize():f} 户")


def _of_courtyards(ground: Ground) -> Iterator[Finding]:
    for courtyard in ground.courtyards.values():
        if not courtyard.grids:
            yield _finding("courtyard_without_grid", courtyard)
        if not courtyard.is_covered:
            yield _finding("courtyard_without_branch", courtyard)
        if not courtyard.is_managed:
            yield _finding("courtyard_unmanaged", courtyard)
        if len(courtyard.contracts) > 1:
            names = "、".join(one.company for one in courtyard.contracts)
            yield _finding("overlapping_contracts", courtyard, names)


def _of_committees(ground: Ground) -> Iterator[Finding]:
    for grid in ground.grids.values():
        yield from _overdue(grid, grid.committees, ground.day)
    for courtyard in ground.courtyards.values():
        yield from _overdue(courtyard, courtyard.own_committees, ground.day)


def _overdue(place: GridFacts | CourtyardFacts, committees: list[CommitteeFact], day: date) -> Iterator[Finding]:
    for one in committees:
        if one.is_overdue(day):
            yield _finding("committee_overdue", place, f"{one.name}，{one.election_due_on:%Y-%m-%d} 届满")


def _two_communities(day: date, ids: list[int] | None) -> Iterator[Finding]:
    def community(states: Any, subject: str) -> Subquery:
        return Subquery(states.filter(**{subject: OuterRef(subject)}).values("community")[:1])

    links = CourtyardGrid.objects.in_force(day).annotate(
        of_grid=community(GridState.objects.in_force(day), "grid"),
        of_courtyard=community(CourtyardState.objects.in_force(day), "courtyard"),
        courtyard_name=Subquery(
            CourtyardState.objects.in_force(day).filter(courtyard=OuterRef("courtyard")).values("name")[:1]
        ),
    )
    for link in _within(links, ids).select_related("grid", "courtyard"):
        if link.of_grid != link.of_courtyard:
            check = BY_NAME["courtyard_in_two_communities"]
            text = f"所在网格 {link.grid.code} 属于另一社区"
            yield Finding(check, link.courtyard.code, link.community_id, link.courtyard_name or "", text)


def _of_closed_places(day: date, ids: list[int] | None) -> Iterator[Finding]:
    """Rows in force on a grid, a courtyard or by an organisation that no longer stands."""
    for column in ("grid", "courtyard", "organisation"):
        for model in dated_models(column):
            rows = _within(model.objects.in_force(day).filter(**{f"{column}__closed_on__lte": day}), ids)
            for row in rows.select_related(column):
                yield _closed(row, getattr(row, column))


def _closed(row: GroundRow, place: Any) -> Finding:
    label = row._meta.verbose_name
    text = f"{label}自 {row.starts_on:%Y-%m-%d} 起，{place.code} 已于 {place.closed_on:%Y-%m-%d} 撤销"  # type: ignore[attr-defined]
    return Finding(BY_NAME["row_of_closed_place"], place.code, row.community_id, str(label), text)


def _ended_contracts(ground: Ground, ids: list[int] | None) -> Iterator[Finding]:
    bare = {one.pk: one for one in ground.courtyards.values() if not one.contracts}
    ended = _within(ServiceContract.objects.standing().filter(ends_on__lte=ground.day), ids).order_by("ends_on")
    last = {row.courtyard_id: row for row in ended.select_related("company")}
    for pk, row in last.items():
        if pk in bare:
            yield _finding("contract_ended", bare[pk], f"{row.company.name}，{row.ends_on:%Y-%m-%d} 到期")


def _centres(day: date, ids: list[int] | None, least: Decimal | None) -> Iterator[Finding]:
    states = standing_states(CentreState, day, ids, place="organisation").select_related("centre")
    for state in states:
        if missing := shortfalls(state, least):
            check = BY_NAME["centre_short"]
            yield Finding(check, state.centre.code, state.organisation_id, state.name, "缺：" + "、".join(missing))


def _within(rows: Any, ids: list[int] | None) -> Any:
    return rows if ids is None else rows.filter(community__in=ids)
