"""Many rows in one act: all or nothing, one audit entry with before and after, every fault at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model, prefetch_related_objects

from branches.acting import Officer
from core import clock
from core.errors import Conflict, Invalid, PortalError
from core.services import audit
from grids.models.base import GroundRow, KeptRow
from grids.services.checks import check_row
from grids.services.locks import lock_communities
from grids.services.rows import difference, name_rows, require_keeping, tidy, values_of

STALE = "这一行刚被别人改过，请重新读取后再改，没有覆盖任何内容。"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row as it should be; `version` is the one that was seen, None for a new row, `place` names it in errors."""

    place: str
    row: KeptRow
    version: int | None


@dataclass(slots=True)
class Kept:
    """How many rows an act recorded, changed and found as they should be."""

    recorded: int = 0
    changed: int = 0
    same: int = 0


class RowsRefused(Invalid):
    """Faults of many rows: `errors` by `place:field`, the field empty for the whole row."""


class RowsStale(Conflict):
    """Nothing is wrong but that somebody was faster; `errors` as above."""

    def __init__(self, errors: dict[str, list[str]]):
        super().__init__(f"有 {len(errors)} 行刚被别人改过，都没有保存，请刷新后再改。")
        self.errors = errors


@transaction.atomic
def keep_rows(*, actor: Officer, wanted: Sequence[Wanted], source: str) -> Kept:
    """Record and change rows of one model; RowsRefused or RowsStale with everything that is wrong, and nothing kept.

    Rules between rows are asked after all of them are written, so that their order does not matter: an old contract
    may end in the same act that records the new one.
    """
    act = _Act(actor, wanted)
    act.write()
    act.check()
    if act.rows:
        model = type(act.rows[0])
        payload = {"model": model._meta.label_lower, "source": source, "rows": act.payload}
        entry = audit.record(actor=actor, verb="grids.keep_rows", payload=payload)
        name_rows(entry, model, [row.pk for row in act.rows])
    return act.kept


class _Act:
    """One bulk act under way: what is stored, what was written, what is wrong."""

    def __init__(self, actor: Officer, wanted: Sequence[Wanted]) -> None:
        self.actor, self.wanted = actor, wanted
        self.errors: dict[str, list[str]] = defaultdict(list)
        self.stale: dict[str, list[str]] = {}
        self.kept, self.rows, self.payload = Kept(), list[KeptRow](), list[dict[str, Any]]()
        self._places: dict[int, str] = {}
        rows = [one.row for one in wanted]
        lock_communities(row.community_id for row in rows if isinstance(row, GroundRow))
        fetch_links(rows)
        require_keeping(actor, rows)
        self.stored, self.known = _stored(rows)
        require_keeping(actor, self.stored.values())

    def write(self) -> None:
        for one in self.wanted:
            try:
                self._write(one)
            except Invalid as refusal:
                self._refuse(one.place, refusal)
        self._raise()

    def check(self) -> None:
        for row in self.rows:
            try:
                check_row(row)
            except Invalid as refusal:
                self._refuse(self._places[id(row)], refusal)
        self._raise()

    def _write(self, one: Wanted) -> None:
        if one.version is None:
            self._record(one)
        elif self._is_current(one):
            self._change(one)

    def _record(self, one: Wanted) -> None:
        if one.row.key in self.known:
            self.kept.same += 1
            return
        one.row.recorded_by = self.actor.appointment
        one.row.confirmed_on = clock.today()
        tidy(one.row)
        one.row.save(force_insert=True)
        self.kept.recorded += 1
        self._note(one, {"after": values_of(one.row)})

    def _change(self, one: Wanted) -> None:
        tidy(one.row)
        changes = difference(self.stored[one.row.pk], one.row)
        if not changes:
            self.kept.same += 1
            return
        one.row.version, one.row.confirmed_on = self.stored[one.row.pk].version + 1, clock.today()
        one.row.save()
        self.kept.changed += 1
        self._note(one, changes)

    def _is_current(self, one: Wanted) -> bool:
        stored = self.stored.get(one.row.pk)
        if stored is None or stored.voided_at is not None:
            raise Invalid("这条登记已作废，不能再改。")
        if stored.version == one.version:
            return True
        if difference(stored, one.row):
            self.stale[f"{one.place}:"] = [STALE]
        else:
            self.kept.same += 1
        return False

    def _note(self, one: Wanted, changes: dict[str, Any]) -> None:
        self.rows.append(one.row)
        self.payload.append({"id": one.row.pk, **changes})
        self._places[id(one.row)] = one.place

    def _refuse(self, place: str, refusal: PortalError) -> None:
        note_refusal(self.errors, place, refusal)

    def _raise(self) -> None:
        raise_refusals(self.errors, self.stale)


def note_refusal(errors: dict[str, list[str]], place: str, refusal: PortalError) -> None:
    """Under `place:field`, or `place:` when it concerns the whole row."""
    found = refusal.errors if isinstance(refusal, Invalid) else {}
    for field, messages in (found or {"": [refusal.message]}).items():
        errors[f"{place}:{field}"] += messages


def raise_refusals(errors: dict[str, list[str]], stale: dict[str, list[str]]) -> None:
    """RowsRefused or RowsStale, unless there is nothing to say."""
    if errors:
        raise RowsRefused(f"有 {len(errors) + len(stale)} 处没有填对，一行也没有保存。", {**errors, **stale})
    if stale:
        raise RowsStale(stale)


def fetch_links(rows: Sequence[Model]) -> None:
    """What rows point at: a query a column for five hundred rows; SQLite takes no thousand of them at once."""
    for part in parts(list(rows)):
        names = [field.name for field in part[0]._meta.concrete_fields if field.is_relation]
        prefetch_related_objects(part, *(name for name in names if name != "recorded_by"))


def _stored(rows: Sequence[KeptRow]) -> tuple[dict[int, KeptRow], set[Any]]:
    """The locked rows that are there by id, and which of the new keys are there."""
    if not rows:
        return {}, set()
    model: Any = type(rows[0])
    ids = [row.pk for row in rows if row.pk is not None]
    stored = {row.pk: row for part in parts(ids) for row in model.objects.select_for_update().filter(pk__in=part)}
    keys = [row.key for row in rows if row.pk is None]
    known = {key for part in parts(keys) for key in model.objects.filter(key__in=part).values_list("key", flat=True)}
    return stored, known


def parts(values: list[Any]) -> list[list[Any]]:
    """In pieces that every database takes as a list of parameters."""
    return [values[start : start + 500] for start in range(0, len(values), 500)]
