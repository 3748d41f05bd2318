"""Moving grids to another community, and handing a whole community's ground to the one that follows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from branches.acting import Officer
from branches.models import Organisation
from branches.services import words
from core import guards
from core.errors import Conflict
from core.immutability import row_digests
from core.services import audit
from grids.models import CentreState, Courtyard, CourtyardGrid, CourtyardState, Grid, GridState, ServiceCentre
from grids.models.base import GroundRow, dated_models
from grids.models.grid import Standing
from grids.permissions import can_change_grids
from grids.selectors.hanging import rows_reaching, stations_in
from grids.selectors.places import standing_states
from grids.services.carrying import Carried, carry
from grids.services.kinds import check_day, invalid, kind_of
from grids.services.locks import lock_communities
from grids.services.places import copy_of, history_of, state_on, write_change


@transaction.atomic
def move_grid(*, actor: Officer, grid: Grid, community: Organisation, starts_on: date, document_no: str) -> Grid:
    """A grid with the courtyards that lie in it belongs to another community from the first day of a month.

    Invalid in mid-month and for a courtyard that also lies in a grid that stays; Conflict while a month forbids it.
    """
    document_no = words.required(document_no, field="document_no", label="文号", max_length=words.DOCUMENT_LENGTH)
    _check_first_day(starts_on)
    lock_communities([history_of(grid)[-1].community_id, community.pk])
    grid = Grid.objects.select_for_update().get(pk=grid.pk)
    present = state_on(grid, history_of(grid), starts_on)
    _check_communities(actor, present.community, community, starts_on)
    courtyards = _courtyards_of(grid, starts_on)
    places: list[Standing] = [grid, *courtyards, *(one.centre for one in stations_in([grid.pk], starts_on))]
    rows = _rows_of([grid], courtyards, starts_on)
    written, carried = _move(actor, places, rows, community, starts_on, document_no)
    payload = {"code": grid.code, "to": community.code, "courtyards": [one.code for one in courtyards]}
    _record(actor, "grids.move", grid, starts_on, document_no, payload, written, carried)
    return grid


@transaction.atomic
def hand_over_community(
    *, actor: Officer, community: Organisation, successor: Organisation, starts_on: date, document_no: str
) -> int:
    """Every grid, courtyard, centre and dated row of a community goes to its successor; returns how many places."""
    document_no = words.required(document_no, field="document_no", label="文号", max_length=words.DOCUMENT_LENGTH)
    _check_first_day(starts_on)
    _check_communities(actor, community, successor, starts_on)
    lock_communities([community.pk, successor.pk])
    places = _places_of(community, starts_on)
    reaching = {(type(row), row.pk): row for row in rows_reaching("community", [community.pk], starts_on)}
    written, carried = _move(actor, places, reaching.values(), successor, starts_on, document_no)
    payload = {"from": community.code, "to": successor.code, "places": [place.code for place in places]}
    _record(actor, "grids.hand_over", community, starts_on, document_no, payload, written, carried)
    return len(places)


@transaction.atomic
def hand_over_coverage(
    *, actor: Officer, organisation: Organisation, successor: Organisation, starts_on: date, document_no: str
) -> int:
    """What one Party organisation covers is covered by another from a day on; returns how many rows."""
    document_no = words.required(document_no, field="document_no", label="文号", max_length=words.DOCUMENT_LENGTH)
    check_day(starts_on, "starts_on")
    if successor == organisation or not successor.stands_on(starts_on):
        raise invalid("successor", "接续的党组织须是另一个，且在当日存在。")
    rows = [row for model in dated_models("organisation") for row in covered_by(model, organisation, starts_on)]
    for community in {row.community for row in rows}:
        can_change_grids(actor, community).require()
    lock_communities(row.community_id for row in rows)
    carried = carry(actor, rows, starts_on, lambda row: [{"organisation_id": successor.pk}])
    payload = {"from": organisation.code, "to": successor.code}
    _record(actor, "grids.hand_over", organisation, starts_on, document_no, payload, [], carried)
    return len(rows)


def covered_by(model: Any, organisation: Organisation, day: date) -> list[Any]:
    """Rows of a register that name the organisation and hold on `day` or later."""
    rows = model.objects.standing().filter(organisation=organisation).select_related("community")
    return [row for row in rows if row.ends_on is None or row.ends_on > day]


def _check_first_day(day: date) -> None:
    if check_day(day, "starts_on").day != 1:
        raise invalid("starts_on", "划转只能从一个月的第一天起：月中划转会把当月的数字拆到两个社区。")


def _check_communities(actor: Officer, old: Organisation, new: Organisation, day: date) -> None:
    if new == old or new.level != old.level or not new.stands_on(day):
        raise invalid("community", "请选另一个在当日存在的社区。")
    for community in (old, new):
        can_change_grids(actor, community).require()
        guards.check("grid.move", community, day)


def _courtyards_of(grid: Grid, day: date) -> list[Courtyard]:
    """The courtyards of a grid; Invalid when one lies in another grid as well."""
    links = CourtyardGrid.objects.in_force(day).filter(grid=grid).select_related("courtyard")
    courtyards = [link.courtyard for link in links]
    others = CourtyardGrid.objects.in_force(day).filter(courtyard__in=courtyards).exclude(grid=grid)
    if shared := sorted(others.values_list("courtyard__code", "grid__code")):
        said = "、".join(f"{code}（另在 {other}）" for code, other in shared)
        raise invalid("community", f"有庭院同时在别的网格：{said}。请先调整庭院所在网格。")
    return courtyards


def _rows_of(grids: Sequence[Grid], courtyards: Sequence[Courtyard], day: date) -> list[GroundRow]:
    found = rows_reaching("grid", [grid.pk for grid in grids], day)
    found += rows_reaching("courtyard", [courtyard.pk for courtyard in courtyards], day)
    return list({(type(row), row.pk): row for row in found}.values())


def _places_of(community: Organisation, day: date) -> list[Standing]:
    places: list[Standing] = []
    for model, state, column in (
        (Grid, GridState, "community"),
        (Courtyard, CourtyardState, "community"),
        (ServiceCentre, CentreState, "organisation"),
    ):
        ids = standing_states(state, day, [community.pk], place=column).values(f"{state.SUBJECT}_id")
        places += list(model.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    return places


def _move(
    actor: Officer,
    places: Iterable[Standing],
    rows: Iterable[GroundRow],
    community: Organisation,
    day: date,
    document_no: str,
) -> tuple[list[Any], Carried]:
    written: list[Any] = []
    for place in places:
        history = history_of(place)
        present = state_on(place, history, day)
        if history[-1].starts_on > day:
            raise Conflict(f"{place.code} 在 {history[-1].starts_on:%Y-%m-%d} 已有登记，请先更正。")
        changes = {f"{kind_of(place).holder}_id": community.pk}
        if isinstance(present, GridState):
            changes["document_no"] = document_no  # type: ignore[assignment]
        written += write_change(actor, place, history, copy_of(present, starts_on=day, reason="划转", **changes))
    return written, carry(actor, rows, day, lambda row: [{"community_id": community.pk}])


def _record(
    actor: Officer,
    verb: str,
    subject: Any,
    day: date,
    document_no: str,
    payload: dict[str, Any],
    written: list[Any],
    carried: Carried,
) -> None:
    payload |= {"starts_on": day, "document_no": document_no, **carried.as_payload()}
    payload |= {"row_digests": row_digests(written)}
    carried.name_in(audit.record(actor=actor, verb=verb, subject=subject, payload=payload))
