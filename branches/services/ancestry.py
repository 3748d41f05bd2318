"""Ancestry is derived from placements: one table answers who stands under whom, today and on any day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from branches.calc.lineage import Line, Parenthood, lines_of
from branches.models import Ancestry, Organisation, Placement

BATCH = 2000
WITHIN_SQL = 500  # ids in one IN list: SQLite's oldest limit is 999 variables
Row = tuple[int, Line]


@dataclass(frozen=True)
class AncestryChange:
    """How many rows were added and removed; both 0 when the table was right."""

    added: int
    removed: int

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


def rebuild_ancestry(organisation_ids: Iterable[int] | None = None, *, dry_run: bool = False) -> AncestryChange:
    """Bring Ancestry in line with placements, for the given organisations and all ever placed under them, or for all.

    Writes only the rows that differ. With `dry_run` it says what it would write.
    """
    touched = None if organisation_ids is None else _with_everything_below(set(organisation_ids))
    if touched is not None and not touched:
        return AncestryChange(0, 0)
    with transaction.atomic():
        kept = _stored(touched)
        wanted = _derived(touched)
        stale = [pk for row, pk in kept.items() if row not in wanted]
        missing = [row for row in wanted if row not in kept]
        if not dry_run:
            _delete(stale)
            _insert(missing)
    return AncestryChange(added=len(missing), removed=len(stale))


def _with_everything_below(ids: set[int]) -> set[int]:
    found, frontier = set(ids), set(ids)
    while frontier:
        below: set[int] = set()
        for part in _parts(frontier):
            below |= set(Placement.objects.filter(parent__in=part).values_list("organisation_id", flat=True))
        frontier = below - found
        found |= frontier
    return found


def _stored(touched: set[int] | None) -> dict[Row, int]:
    columns = ("pk", "descendant_id", "ancestor_id", "depth", "starts_on", "ends_on")
    if touched is None:
        rows = Ancestry.objects.values_list(*columns)
        return {(descendant, Line(*rest)): pk for pk, descendant, *rest in rows}
    found: dict[Row, int] = {}
    for part in _parts(touched):
        rows = Ancestry.objects.filter(descendant__in=part).values_list(*columns)
        found |= {(descendant, Line(*rest)): pk for pk, descendant, *rest in rows}
    return found


def _derived(touched: set[int] | None) -> dict[Row, None]:
    lives, parenthoods = _lives(touched), _parenthoods(touched)
    known = _lines_outside(lives, parenthoods)
    for pk in _parents_first(lives, parenthoods):
        known[pk] = lines_of(pk, lives[pk], parenthoods[pk], known)
    return {(pk, line): None for pk in lives for line in known[pk]}


def _lives(touched: set[int] | None) -> dict[int, tuple[date, date | None]]:
    columns = ("pk", "opened_on", "closed_on")
    if touched is None:
        rows = list(Organisation.objects.values_list(*columns))
    else:
        rows = [
            row for part in _parts(touched) for row in Organisation.objects.filter(pk__in=part).values_list(*columns)
        ]
    return {pk: (opened, closed) for pk, opened, closed in rows}


def _parenthoods(touched: set[int] | None) -> dict[int, list[Parenthood]]:
    columns = ("organisation_id", "starts_on", "parent_id")
    ordered = Placement.objects.order_by("organisation_id", "starts_on", "revision")
    parts = [ordered] if touched is None else [ordered.filter(organisation__in=part) for part in _parts(touched)]
    latest = {(pk, starts_on): parent for rows in parts for pk, starts_on, parent in rows.values_list(*columns)}
    found: dict[int, list[Parenthood]] = defaultdict(list)
    for (pk, starts_on), parent in latest.items():
        found[pk].append(Parenthood(starts_on, parent))
    return found


def _lines_outside(lives: Iterable[int], parenthoods: dict[int, list[Parenthood]]) -> dict[int, list[Line]]:
    """What is stored for parents that are not touched themselves."""
    inside = set(lives)
    parents = {
        step.parent_id for steps in parenthoods.values() for step in steps if step.parent_id is not None
    } - inside
    found: dict[int, list[Line]] = {pk: [] for pk in parents}
    for descendant, line in _stored(parents) if parents else ():
        found[descendant].append(line)
    return found


def _parents_first(lives: Iterable[int], parenthoods: dict[int, list[Parenthood]]) -> list[int]:
    """An order in which every parent ever had stands before its children; ValueError for a circle."""
    inside = set(lives)
    waiting = {pk: {step.parent_id for step in parenthoods[pk] if step.parent_id in inside} for pk in inside}
    children: dict[int, list[int]] = defaultdict(list)
    for pk, parents in waiting.items():
        for parent in parents:
            children[parent].append(pk)
    ordered = [pk for pk, parents in waiting.items() if not parents]
    for pk in ordered:
        for child in children[pk]:
            waiting[child].discard(pk)
            if not waiting[child]:
                ordered.append(child)
    if len(ordered) != len(inside):
        raise ValueError("placements form a circle")
    return ordered


def _delete(keys: list[int]) -> None:
    for part in _parts(keys):
        Ancestry.objects.filter(pk__in=part).delete()


def _insert(rows: list[Row]) -> None:
    Ancestry.objects.bulk_create(
        [Ancestry(descendant_id=pk, **line.as_columns()) for pk, line in rows],
        batch_size=BATCH,
    )


def _parts(ids: Iterable[int]) -> list[list[int]]:
    ordered = sorted(ids)
    return [ordered[start : start + WITHIN_SQL] for start in range(0, len(ordered), WITHIN_SQL)]
