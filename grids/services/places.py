"""Setting up standing places and saying what they are from a day on.

A change holds from its day on, also in states already recorded for later days: those get a revision with the new
value, until one that had changed the same thing itself. The same day again is a correction of that day.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max

from branches.acting import Officer
from branches.models import Ancestry, Organisation
from branches.services import words
from core import clock
from core.errors import Conflict
from core.immutability import row_digests
from core.services import audit
from grids.choices import CentreLevel
from grids.models import CourtyardGrid, Grid, GridState, ServiceCentre
from grids.models.base import State
from grids.models.grid import Standing
from grids.permissions import can_keep_ground
from grids.services.bulk import parts
from grids.services.kinds import (
    CENTRE,
    COURTYARD,
    GRID,
    Permits,
    PlaceKind,
    check_day,
    invalid,
    kind_of,
    kind_of_state,
)
from grids.services.locks import lock_communities, lock_holders
from grids.services.rows import record_row, tidy

Values = dict[str, Any]
Place = TypeVar("Place", bound=Standing)
Described = TypeVar("Described", bound=State)

DIGITS = 3
LEVELS = {1: CentreLevel.DISTRICT, 2: CentreLevel.STREET, 3: CentreLevel.COMMUNITY}


@transaction.atomic
def set_up(*, actor: Officer, state: State, code: str = "", grids: Iterable[Grid] = ()) -> Any:
    """A new grid, courtyard or centre from `state.starts_on` on; its code follows from the community's.

    `grids`: those a courtyard lies in from its first day. The level of a centre follows from where it stands.
    """
    kind = kind_of_state(state)
    holder = kind.organisation_of(state)
    lock_communities([holder.pk])
    place = write_place(actor, Permits(actor, kind), Codes(kind), state, code)
    payload = {"code": place.code, "after": said(kind, state), "row_digests": row_digests([state])}
    audit.record(actor=actor, verb="grids.set_up", subject=place, payload=payload)
    for grid in grids if kind is COURTYARD else ():
        link = CourtyardGrid(community=holder, courtyard_id=place.pk, grid=grid, starts_on=state.starts_on)
        record_row(actor=actor, row=link)
    return place


@transaction.atomic
def record_state(
    *, actor: Officer, place: Standing, starts_on: date, changes: Values, reason: str = "", seen: int | None = None
) -> Any:
    """Other values of a place from a day on; returns the state of that day.

    `seen` is the last state the caller looked at (`last_state_id`): Conflict when another was recorded since, or when
    nothing would change; Invalid for unusable values.
    """
    kind = kind_of(place)
    lock_holders(kind, [place.pk])
    place = kind.model._default_manager.select_for_update().get(pk=place.pk)
    history = history_of(place)
    if seen is not None and seen != newest_of(history):
        raise Conflict("这里的登记刚被别人改过，请刷新后再改，没有覆盖任何内容。")
    present = state_on(place, history, check_day(starts_on, "starts_on"))
    state = copy_of(present, **changes, starts_on=starts_on, reason=reason)
    check_change(Permits(actor, kind), present, state)
    written = write_change(actor, place, history, state)
    if not written:
        raise Conflict("与当日登记相同，没有变化。")
    told = change_told(kind, present, state)
    payload = {"code": place.code, **told, "row_digests": row_digests(written)}
    audit.record(actor=actor, verb="grids.state", subject=place, payload=payload)
    return written[0]


@transaction.atomic
def confirm_places(*, actor: Officer, places: list[Place]) -> int:
    """Say that places were looked at and are still what is recorded; one entry for the act. Returns how many."""
    if not places:
        return 0
    kind, today = kind_of(places[0]), clock.today()
    ids = sorted(place.pk for place in places)
    for holder, grid in _kept_where(kind, ids):
        can_keep_ground(actor, holder, grid).require()
    lock_holders(kind, ids)
    count = kind.model._default_manager.filter(pk__in=ids).update(confirmed_on=today)
    payload = {"model": kind.model._meta.label_lower, "ids": ids, "on": today}
    audit.record(actor=actor, verb="grids.confirm", subject=None, payload=payload)
    return count


def history_of(place: Standing) -> list[Any]:
    """The states of a place that count, in the order of their days."""
    return list(kind_of(place).state.objects.current().filter(**{kind_of(place).subject: place}).order_by("starts_on"))


def histories_of(kind: PlaceKind, ids: list[int]) -> dict[int, list[Any]]:
    """What `history_of` gives, for many places; one query for five hundred of them."""
    names = [name for name in (kind.holder, "grid") if name != kind.subject and hasattr(kind.state, name)]
    found: dict[int, list[Any]] = defaultdict(list)
    for part in parts(ids):
        states = kind.state.objects.current().filter(**{f"{kind.subject}__in": part}).select_related(*names)
        for state in states.order_by("starts_on"):
            found[getattr(state, f"{kind.subject}_id")].append(state)
    return found


def last_state_id(place: Standing) -> int:
    """The newest record about a place: what a form shows it was based on."""
    kind = kind_of(place)
    last: int = kind.state.objects.filter(**{kind.subject: place}).aggregate(last=Max("pk"))["last"]
    return last


def newest_of(history: list[Any]) -> int:
    """The id of the newest record among these states: what a file or form was based on."""
    return max(state.pk for state in history)


def state_on(place: Standing, history: list[Any], day: date) -> Any:
    """The state of that day; Invalid before the place was set up and after it was closed."""
    if not history or day < history[0].starts_on:
        raise invalid("starts_on", f"{place.code} 设立于 {place.opened_on:%Y-%m-%d}，日期不能更早。")
    if place.closed_on is not None and day >= place.closed_on:
        raise invalid("starts_on", f"{place.code} 已于 {place.closed_on:%Y-%m-%d} 撤销。")
    return [state for state in history if state.starts_on <= day][-1]


def write_place(actor: Officer, permits: Permits, codes: Codes, state: State, code: str = "") -> Standing:
    """A place with its first state, under the lock of its holder; nothing but the audit entry is missing."""
    kind = permits.kind
    holder = kind.organisation_of(state)
    permits.of(holder, getattr(state, "grid", None)).require()
    _check_holder(kind, holder, check_day(state.starts_on, "starts_on"))
    place = _new_place(kind, state, codes.take(holder, code))
    place.recorded_by, place.confirmed_on = actor.appointment, clock.today()
    place.save(force_insert=True)
    setattr(state, kind.subject, place)
    state.recorded_by = actor.appointment
    _check_grid(state)
    if (grid := getattr(state, "grid", None)) is not None and kind is CENTRE:
        _check_lies_at(grid, holder, state.starts_on)
    tidy(state)
    state.save(force_insert=True)
    return place


def write_change(actor: Officer, place: Standing, history: list[Any], state: Any) -> list[Any]:
    """The state of that day and the revisions of later ones; none when nothing changes. No permit, no audit entry."""
    kind, present = kind_of(place), state_on(place, history, state.starts_on)
    state.revision = present.revision + 1 if present.starts_on == state.starts_on else 1
    state.recorded_by = actor.appointment
    tidy(state)
    if not (changed := _changed(kind, present, state)):
        return []
    written = [state, *_carried(actor, history, present, state, changed)]
    place.confirmed_on = clock.today()
    place.save(update_fields=["confirmed_on"])
    return list(kind.state._default_manager.bulk_create(written))


def copy_of(state: Described, **changes: Any) -> Described:
    """An unsaved state that says the same, with changes; of another day it stands on no document but a given one."""
    kept = {"id", "recorded_at", "recorded_by_id", "revision"}
    columns = [field.attname for field in state._meta.concrete_fields]
    values = {name: getattr(state, name) for name in columns if name not in kept}
    if "document_no" in values and changes.get("starts_on", state.starts_on) != state.starts_on:
        values["document_no"] = ""
    return type(state)(**values | changes)


def plain(value: Any) -> Any:
    return value if isinstance(value, int | bool | str | None) else str(value)


class Codes:
    """The codes one act gives: that of the holder and a number, one more than the highest ever: 411002001006-G001."""

    def __init__(self, kind: PlaceKind) -> None:
        self.kind = kind
        self._highest: dict[str, int] = {}

    def take(self, holder: Organisation, offered: str = "") -> str:
        """The offered code, or the next one of the holder; Invalid for an unusable, Conflict for a given one."""
        if not offered:
            return self._next(f"{holder.code}-{self.kind.letter}")
        code = words.organisation_code(offered)
        if self.kind.model._default_manager.filter(code=code).exists():
            raise Conflict(f"编号已被使用：{code}")
        self._highest.clear()
        return code

    def _next(self, prefix: str) -> str:
        if prefix not in self._highest:
            known = self.kind.model._default_manager.filter(code__startswith=prefix).values_list("code", flat=True)
            numbers = [int(code[len(prefix) :]) for code in known if re.fullmatch("[0-9]+", code[len(prefix) :])]
            self._highest[prefix] = max(numbers, default=0)
        self._highest[prefix] += 1
        return f"{prefix}{self._highest[prefix]:0{DIGITS}}"


def _new_place(kind: PlaceKind, state: Any, code: str) -> Standing:
    place = kind.model(code=code, opened_on=state.starts_on)
    if isinstance(place, ServiceCentre):
        place.level = level_of(state)
    return place


def level_of(state: Any) -> CentreLevel:
    """Where a centre stands decides its level."""
    return CentreLevel.GRID if state.grid_id else LEVELS.get(state.organisation.level or 0, CentreLevel.GRID)


def _check_holder(kind: PlaceKind, holder: Organisation, day: date) -> None:
    if kind.holder == "community" and holder.level != 3:
        raise invalid(kind.holder, "请选社区。")
    if not holder.stands_on(day):
        raise invalid("starts_on", f"“{holder}”在 {day:%Y-%m-%d} 不存在。")


def _check_grid(state: Any) -> None:
    """The grid of a station stands on that day."""
    grid: Grid | None = getattr(state, "grid", None)
    if grid is not None and not grid.stands_on(state.starts_on):
        raise invalid("grid", f"网格 {grid.code} 在 {state.starts_on:%Y-%m-%d} 不存在。")


def check_change(permits: Permits, present: Any, state: Any) -> None:
    """Whether the officer may say this of a place, and whether it may move where it is said to."""
    kind = permits.kind
    holder, grid = kind.organisation_of(present), getattr(present, "grid", None)
    permits.of(holder, grid).require()
    new_holder, new_grid = kind.organisation_of(state), getattr(state, "grid", None)
    if new_holder.pk != holder.pk:
        _check_move(kind, state.starts_on, new_holder)
    if (new_holder.pk, new_grid) != (holder.pk, grid):
        permits.of(new_holder, new_grid).require()
    if kind is CENTRE and level_of(state) != level_of(present):
        raise invalid("grid", "层级在设立时定下，不能改；请撤销后另行设立。")
    _check_grid(state)
    if new_grid is not None and (new_holder.pk, new_grid) != (holder.pk, grid):
        _check_lies_at(new_grid, new_holder, state.starts_on)


def _check_lies_at(grid: Grid, holder: Organisation, day: date) -> None:
    """A station stands with a grid of its own community."""
    above = Ancestry.objects.in_force(day).filter(descendant=holder).values("ancestor")
    if not GridState.objects.in_force(day).filter(grid=grid, community__in=above).exists():
        raise invalid("grid", f"网格 {grid.code} 在 {day:%Y-%m-%d} 不属于“{holder}”，请另选网格。")


def _check_move(kind: PlaceKind, day: date, holder: Organisation) -> None:
    if kind is GRID:
        raise invalid(kind.holder, "网格改换社区请用“划转”办理。")
    if kind is COURTYARD:
        raise invalid(kind.holder, "庭院改换社区请随网格“划转”，或撤销后在新社区设立。")
    _check_holder(kind, holder, day)


def _changed(kind: PlaceKind, before: Any, after: Any) -> list[str]:
    return [name for name in kind.columns() if getattr(before, name) != getattr(after, name)]


def _carried(actor: Officer, history: list[Any], present: Any, state: Any, changed: list[str]) -> list[Any]:
    """Revisions of later states that still carried the old value."""
    moving, revisions = list(changed), []
    for later in (one for one in history if one.starts_on > state.starts_on):
        moving = [name for name in moving if getattr(later, name) == getattr(present, name)]
        if moving:
            values = {name: getattr(state, name) for name in moving}
            copied = copy_of(later, **values, reason=state.reason)
            copied.revision, copied.recorded_by = later.revision + 1, actor.appointment
            revisions.append(copied)
    return revisions


def said(kind: PlaceKind, state: State) -> dict[str, Any]:
    """What a first state says, as the audit keeps it."""
    return {"starts_on": plain(state.starts_on)} | {name: plain(getattr(state, name)) for name in kind.columns()}


def change_told(kind: PlaceKind, before: Any, after: Any) -> dict[str, Any]:
    """What a state changes, as the audit keeps it."""
    changed = _changed(kind, before, after)
    return {
        "starts_on": after.starts_on,
        "before": {name: plain(getattr(before, name)) for name in changed},
        "after": {name: plain(getattr(after, name)) for name in changed},
        "reason": after.reason,
    }


def _kept_where(kind: PlaceKind, ids: list[int]) -> set[tuple[Organisation, Grid | None]]:
    """Which permits keeping these places needs."""
    latest = kind.state.objects.latest_ones().filter(**{f"{kind.subject}__in": ids})
    names = [name for name in (kind.holder, "grid") if hasattr(kind.state, name)]
    states = latest.select_related(*names)
    return {(kind.organisation_of(state), getattr(state, "grid", None)) for state in states}
