"""Reading a grid: fields `cell-<item>`, `note-<item>`, `version-<item>`; and what its cells would change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from branches.acting import Officer
from scoring.choices import ItemState
from scoring.forms.cells import plan_cell
from scoring.forms.report import whole
from scoring.selectors.current import CurrentItem
from scoring.selectors.entry_grid import Cell
from scoring.services.drafts import TypedRow

_FIELD = re.compile(r"(cell|note|version)-([0-9]{1,18})")
_LONGEST = 2000

Rows = dict[int, dict[int, TypedRow]]


@dataclass(slots=True)
class TypedGrid:
    """What was typed by item id, what is to be saved by assessment and item id, what is wrong by item id."""

    cells: dict[int, Cell] = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)


def typed_grid(
    post: QueryDict, officer: Officer, found: Iterable[CurrentItem], paper: dict[str, str] | None = None
) -> TypedGrid:
    """The cells of the items of a grid; an empty cell leaves its item as it is.

    With a `paper` form every filled cell is kept, for it was read from that form even where nothing changed.
    """
    grid = TypedGrid(cells=_cells(post))
    for current in found:
        cell = grid.cells.get(current.item.pk)
        if cell is None or not cell.text.strip():
            continue
        planned = plan_cell(officer, current, cell)
        if planned.fault:
            grid.errors[current.item.pk] = planned.fault
        elif planned.is_change or (paper is not None and current.item.state != ItemState.SUBMITTED):
            row = TypedRow(planned.entry, cell.version, paper)
            grid.rows.setdefault(current.item.assessment_id, {})[current.item.pk] = row
    return grid


def versions(post: Mapping[str, str]) -> dict[int, int]:
    """The versions of the items that were shown, by item id."""
    found = {}
    for name in post:
        part = _FIELD.fullmatch(name)
        if part and part[1] == "version" and (version := whole(post[name])) is not None:
            found[int(part[2])] = version
    return found


def _cells(post: QueryDict) -> dict[int, Cell]:
    fields: dict[int, dict[str, str]] = {}
    for name in post:
        part = _FIELD.fullmatch(name)
        if part:
            fields.setdefault(int(part[2]), {})[part[1]] = str(post[name])[:_LONGEST]
    return {
        pk: Cell(row["cell"], row.get("note"), whole(row.get("version"))) for pk, row in fields.items() if "cell" in row
    }
