"""Merging and splitting grids in one act: what hung on them goes on, what was stays where it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from branches.acting import Officer
from branches.choices import SuccessionKind
from branches.models import Organisation
from branches.services import words
from core import guards
from core.errors import Conflict, Invalid
from core.immutability import row_digests
from core.models import AuditEntry
from core.services import audit
from grids.models import Courtyard, CourtyardGrid, Coverage, Grid, GridState, GridSuccession
from grids.permissions import can_change_grids
from grids.selectors.hanging import rows_reaching, stations_in
from grids.services.carrying import Carried, carry
from grids.services.closing import check_closing, end_place
from grids.services.kinds import GRID, check_day, invalid
from grids.services.locks import lock_communities, lock_holders
from grids.services.places import Codes, copy_of, history_of, state_on, write_change
from grids.services.rows import tidy

LARGEST_SPLIT = 6


@dataclass(frozen=True)
class Result:
    """What a grid that comes out of a merge or a split is called, its households and kind (else the first one's)."""

    name: str
    households: int | None = None
    courtyards: tuple[Courtyard, ...] = ()
    kind: str = ""


@dataclass(frozen=True)
class Merge:
    """Which grids become one; `label` names the merge where it is refused."""

    label: str
    grids: tuple[Grid, ...]
    result: Result
    into: Grid | None = None


@transaction.atomic
def merge_many(*, actor: Officer, merges: Sequence[Merge], starts_on: date, document_no: str) -> list[Grid]:
    """Several merges in one act, all or none, each by the rule of one and with its own audit entry.

    Invalid with every refusal under the label of its merge.
    """
    document_no = words.required(document_no, field="document_no", label="文号", max_length=words.DOCUMENT_LENGTH)
    check_day(starts_on, "starts_on")
    lock_holders(GRID, [grid.pk for one in merges for grid in one.grids])
    done: list[_Merged] = []
    refused: dict[str, list[str]] = {}
    for one in merges:
        try:
            with transaction.atomic():
                done.append(_merge(actor, one, starts_on, document_no))
        except (Invalid, Conflict) as refusal:
            refused[one.label] = [refusal.message]
    if refused:
        raise Invalid(f"有 {len(refused)} 组不能合并，一组也没有办。", refused)
    for merged in done:  # the chain is locked last: who holds a row of a later group waits for it
        merged.record(actor)
    return [merged.successor for merged in done]


def refusals_of(*, actor: Officer, merges: Sequence[Merge], starts_on: date, document_no: str) -> dict[str, list[str]]:
    """What `merge_many` would refuse, by label: it is done and taken back, nothing is kept."""
    with transaction.atomic():
        try:
            merge_many(actor=actor, merges=merges, starts_on=starts_on, document_no=document_no)
        except Invalid as refusal:
            return refusal.errors
        finally:
            transaction.set_rollback(True)
    return {}


@transaction.atomic
def merge_grids(
    *,
    actor: Officer,
    grids: Sequence[Grid],
    result: Result,
    starts_on: date,
    document_no: str,
    into: Grid | None = None,
) -> Grid:
    """One grid in the place of several of a community, from a day on: a new one, or one of them that goes on (`into`).

    Courtyards, coverage, committees, contacts, partners and stations go over; activities and other events stay where
    they happened. Conflict while a month forbids it, Invalid for grids that do not stand together on that day.
    """
    document_no = words.required(document_no, field="document_no", label="文号", max_length=words.DOCUMENT_LENGTH)
    merged = _merge(actor, Merge("", tuple(grids), result, into), starts_on, document_no)
    merged.record(actor)
    return merged.successor


@transaction.atomic
def split_grid(
    *, actor: Officer, grid: Grid, results: Sequence[Result], starts_on: date, document_no: str
) -> list[Grid]:
    """Several new grids in the place of one, each with its courtyards; a large courtyard may lie in more than one.

    Coverage goes over to every part; committees, contacts, partners and the station of the grid to the first.
    """
    document_no = words.required(document_no, field="document_no", label="文号", max_length=words.DOCUMENT_LENGTH)
    community, states = _together(actor, [grid], check_day(starts_on, "starts_on"))
    guards.check("grid.split", community, starts_on)
    if not 2 <= len(results) <= LARGEST_SPLIT:
        raise invalid("results", f"请分成 2 至 {LARGEST_SPLIT} 个网格。")
    links = [row for row in rows_reaching("grid", [grid.pk], starts_on) if isinstance(row, CourtyardGrid)]
    placed = {courtyard.pk for one in results for courtyard in one.courtyards}
    if missing := [row.courtyard.code for row in links if row.courtyard_id not in placed]:
        raise invalid("results", f"还没有分到网格的庭院：{'、'.join(missing)}。")
    made = [_result(actor, None, states, community, one, starts_on, document_no) for one in results]
    parts, written = [part for part, _ in made], [state for _, states_of in made for state in states_of]
    carried = _share_out(actor, grid, list(zip(parts, results, strict=True)), starts_on)
    written += _follow(actor, [grid], parts[0], starts_on)
    reason = f"分设为 {'、'.join(part.code for part in parts)}"
    written += _end([grid], parts, SuccessionKind.SPLIT, starts_on, document_no, reason)
    payload = {"grid": grid.code, "successors": [part.code for part in parts], **carried.as_payload()}
    carried.name_in(_record(actor, "grids.split", grid, starts_on, document_no, payload, written))
    return parts


@dataclass(frozen=True)
class _Merged:
    """A merge that is written, but for its audit entry."""

    grids: tuple[Grid, ...]
    successor: Grid
    day: date
    document_no: str
    carried: Carried
    written: list[Any]

    def record(self, actor: Officer) -> None:
        grids = [grid.code for grid in self.grids]
        payload = {"grids": grids, "successor": self.successor.code, **self.carried.as_payload()}
        entry = _record(actor, "grids.merge", self.successor, self.day, self.document_no, payload, self.written)
        self.carried.name_in(entry)


def _merge(actor: Officer, merge: Merge, starts_on: date, document_no: str) -> _Merged:
    grids, into = merge.grids, merge.into
    community, states = _together(actor, grids, check_day(starts_on, "starts_on"))
    guards.check("grid.merge", community, starts_on)
    ending = [grid for grid in grids if grid != into]
    if len(grids) < 2 or (into is not None and into not in grids):
        raise invalid("grids", "请至少选两个网格。")
    successor, written = _result(actor, into, states, community, merge.result, starts_on, document_no)
    carried = _go_over(actor, ending, successor, starts_on)
    written += _follow(actor, ending, successor, starts_on)
    reason = f"合并为 {successor.code}"
    written += _end(ending, [successor], SuccessionKind.MERGE, starts_on, document_no, reason)
    return _Merged(grids, successor, starts_on, document_no, carried, written)


def _together(actor: Officer, grids: Sequence[Grid], day: date) -> tuple[Organisation, dict[int, GridState]]:
    """Lock the community and the grids; all must stand in it and have nothing recorded from the day on."""
    ids = sorted(grid.pk for grid in grids)
    states = {grid.pk: history_of(grid) for grid in grids}
    if not states:
        raise invalid("grids", "请至少选两个网格。")
    communities = {state_on(grid, states[grid.pk], day).community_id for grid in grids}
    if len(communities) > 1:
        raise invalid("grids", "所选网格不在同一个社区，跨社区的请先划转。")
    lock_communities(communities)
    community = Organisation.objects.get(pk=communities.pop())
    can_change_grids(actor, community).require()
    for grid in Grid.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
        check_closing(grid, states[grid.pk][-1].starts_on, day)
    return community, {pk: history[-1] for pk, history in states.items()}


def _result(
    actor: Officer,
    into: Grid | None,
    states: dict[int, GridState],
    community: Organisation,
    result: Result,
    day: date,
    document_no: str,
) -> tuple[Grid, list[Any]]:
    values = {"name": result.name, "households": result.households, "document_no": document_no}
    values |= {"kind": result.kind} if result.kind else {}
    if into is not None:
        state = copy_of(states[into.pk], starts_on=day, reason="合并", **values)
        return into, write_change(actor, into, history_of(into), state)
    first = next(iter(states.values()))
    grid = Grid(code=Codes(GRID).take(community), opened_on=day, recorded_by=actor.appointment, confirmed_on=day)
    tidy(grid)
    grid.save(force_insert=True)
    state = copy_of(first, starts_on=day, reason="网格调整", grid_id=grid.pk, **values)
    state.recorded_by = actor.appointment
    tidy(state)
    state.save(force_insert=True)
    return grid, [state]


def _go_over(actor: Officer, ending: list[Grid], successor: Grid, day: date) -> Carried:
    rows = rows_reaching("grid", [grid.pk for grid in ending], day)
    return carry(actor, rows, day, lambda row: [{"grid_id": successor.pk}])


def _share_out(actor: Officer, grid: Grid, parts: list[tuple[Grid, Result]], day: date) -> Carried:
    def to(row: Any) -> list[dict[str, Any]]:
        if isinstance(row, CourtyardGrid):
            wanted = [part for part, result in parts if row.courtyard in result.courtyards]
        elif isinstance(row, Coverage):
            wanted = [part for part, _ in parts]
        else:
            wanted = [parts[0][0]]
        return [{"grid_id": part.pk} for part in wanted]

    return carry(actor, rows_reaching("grid", [grid.pk], day), day, to)


def _follow(actor: Officer, ending: list[Grid], successor: Grid, day: date) -> list[Any]:
    """Stations of the ending grids lie in the successor from the day on."""
    written: list[Any] = []
    for station in stations_in([grid.pk for grid in ending], day):
        history = history_of(station.centre)
        if station.starts_on > day:
            raise Conflict(f"{station.name} 在 {station.starts_on:%Y-%m-%d} 已有登记，请先更正。")
        state = copy_of(station, starts_on=day, reason="网格调整", grid_id=successor.pk)
        written += write_change(actor, station.centre, history, state)
    return written


def _end(
    ending: list[Grid], successors: list[Grid], kind: str, day: date, document_no: str, reason: str
) -> list[GridSuccession]:
    for grid in ending:
        end_place(grid, day, document_no, reason)
    return GridSuccession.objects.bulk_create(
        GridSuccession(predecessor=old, successor=new, effective_on=day, kind=kind, document_no=document_no)
        for old in ending
        for new in successors
    )


def _record(
    actor: Officer, verb: str, grid: Grid, day: date, document_no: str, payload: dict[str, Any], written: list[Any]
) -> AuditEntry:
    payload |= {"starts_on": day, "document_no": document_no, "row_digests": row_digests(written)}
    return audit.record(actor=actor, verb=verb, subject=grid, payload=payload)
