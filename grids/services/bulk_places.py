"""Many places of one kind in one act: set up, changed from a day on, or left as they are; all or nothing.

One audit entry an act, not one a place: loading a sheet is one decision of one person, the entry names every place
with before and after and the digest of every state, and the head of the chain is locked once instead of a thousand
times. `ActRow` leads from each place to the entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from branches.acting import Officer
from branches.services import words
from core.errors import PortalError
from core.immutability import row_digests
from core.services import audit
from grids.models import CourtyardGrid, Grid
from grids.models.base import State
from grids.models.grid import Standing
from grids.services.bulk import (
    STALE,
    Kept,
    RowsRefused,
    Wanted,
    fetch_links,
    keep_rows,
    note_refusal,
    parts,
    raise_refusals,
)
from grids.services.kinds import Permits, PlaceKind, check_day
from grids.services.locks import lock_communities
from grids.services.places import (
    Codes,
    change_told,
    check_change,
    histories_of,
    history_of,
    newest_of,
    said,
    state_on,
    write_change,
    write_place,
)
from grids.services.rows import name_rows
from grids.services.there import There

THERE = "刚有人设立了同样的一处（{code}），没有再设立，请重新上传、核对新的预览。"


@dataclass(frozen=True, slots=True)
class WantedState:
    """What a place should be from `state.starts_on` on; `line` names it in errors.

    `code` of a place that is there (or was set up by an earlier line of the act) means a change of it, based on the
    state `seen`; another code, or none, means a new place. `grids`: those a new courtyard lies in.
    """

    line: str
    state: Any
    code: str = ""
    seen: int | None = None
    grids: Sequence[Grid] = field(default_factory=tuple)


@transaction.atomic
def keep_places(*, actor: Officer, kind: PlaceKind, wanted: Sequence[WantedState], source: str) -> Kept:
    """Set up and change places of one kind; RowsRefused or RowsStale with everything that is wrong, nothing kept."""
    act = _PlacesAct(actor, kind, wanted)
    act.write()
    act.link(source)
    if act.written:
        payload = {
            "model": kind.model._meta.label_lower,
            "source": source,
            "rows": act.told,
            "row_digests": row_digests(act.written),
        }
        entry = audit.record(actor=actor, verb="grids.keep_places", payload=payload)
        name_rows(entry, kind.model, sorted(act.touched))
    return act.kept


class _PlacesAct:
    """One act under way: the places that are there by code with their histories, what was written, what is wrong."""

    def __init__(self, actor: Officer, kind: PlaceKind, wanted: Sequence[WantedState]) -> None:
        self.actor, self.kind, self.wanted = actor, kind, wanted
        self.permits, self.codes, self.kept = Permits(actor, kind), Codes(kind), Kept()
        self.errors: dict[str, list[str]] = defaultdict(list)
        self.stale: dict[str, list[str]] = {}
        self.written: list[State] = []
        self.told: list[dict[str, Any]] = []
        self.touched: set[int] = set()
        self.new: dict[str, WantedState] = {}
        fetch_links([one.state for one in wanted])
        lock_communities(kind.organisation_of(one.state).pk for one in wanted)
        self.places = _locked(kind, [one.code for one in wanted if words.is_organisation_code(one.code)])
        self.there = There(kind, {kind.organisation_of(one.state).pk for one in wanted if not one.code})
        self.histories = histories_of(kind, [place.pk for place in self.places.values()])

    def write(self) -> None:
        for one in self.wanted:
            try:
                if one.code in self.places:
                    self._change(one, self.places[one.code])
                else:
                    self._set_up(one)
            except PortalError as refusal:
                note_refusal(self.errors, one.line, refusal)
        raise_refusals(self.errors, self.stale)

    def link(self, source: str) -> None:
        """New courtyards into their grids, as rows of that register."""
        rows = [
            Wanted(one.line, CourtyardGrid(**_where(code, one, self.places), grid=grid), None)
            for code, one in self.new.items()
            for grid in one.grids
        ]
        if rows:
            _renamed(lambda: keep_rows(actor=self.actor, wanted=rows, source=source))

    def _set_up(self, one: WantedState) -> None:
        if not one.code and (code := self.there.saying(one.state)):
            self.stale[f"{one.line}:"] = [THERE.format(code=code)]
            return
        place = write_place(self.actor, self.permits, self.codes, one.state, one.code)
        self.places[place.code], self.new[place.code] = place, one
        self.histories[place.pk] = [one.state]
        self.kept.recorded += 1
        self._note(place, [one.state], {"after": said(self.kind, one.state)})

    def _change(self, one: WantedState, place: Standing) -> None:
        history = self.histories[place.pk]
        if place.code not in self.new and place.pk not in self.touched and one.seen != newest_of(history):
            self.stale[f"{one.line}:"] = [STALE]
            return
        setattr(one.state, self.kind.subject, place)
        present = state_on(place, history, check_day(one.state.starts_on, "starts_on"))
        check_change(self.permits, present, one.state)
        written = write_change(self.actor, place, history, one.state)
        if not written:
            self.kept.same += 1
            return
        self.histories[place.pk] = history_of(place)
        self.kept.changed += 1
        self._note(place, written, change_told(self.kind, present, one.state))

    def _note(self, place: Standing, written: Sequence[State], told: dict[str, Any]) -> None:
        self.touched.add(place.pk)
        self.written += written
        self.told.append({"id": place.pk, "code": place.code, **told})


def _where(code: str, one: WantedState, places: dict[str, Standing]) -> dict[str, Any]:
    return {"community": one.state.community, "courtyard": places[code], "starts_on": one.state.starts_on}


def _renamed(keep: Any) -> None:
    """A courtyard's line speaks of its grids in one column: faults of the link belong there, or to the line."""
    try:
        keep()
    except RowsRefused as refusal:
        errors: dict[str, list[str]] = defaultdict(list)
        for name, messages in refusal.errors.items():
            errors[f"{name.partition(':')[0]}:grid"] += messages
        raise RowsRefused(refusal.message, dict(errors)) from refusal


def _locked(kind: PlaceKind, codes: list[str]) -> dict[str, Standing]:
    """The places with these codes, by code, locked in the order of their ids."""
    found = kind.model._default_manager.select_for_update().order_by("pk")
    return {place.code: place for part in parts(sorted(set(codes))) for place in found.filter(code__in=part)}
