"""One typed or pasted cell, with a note, as an entry for a task: the same for a grid, a paste and a paper form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from branches.acting import Officer
from core.errors import Invalid
from core.templatetags.portal import points as plain
from scoring.calc.cells import value_of_cell
from scoring.calc.criteria import UnusableValue
from scoring.calc.frozen import FrozenTask
from scoring.choices import ReportKind
from scoring.permissions import can_write_item
from scoring.selectors.current import CurrentItem
from scoring.selectors.drafts import is_same_entry
from scoring.selectors.entry_grid import NOT_APPLICABLE, Cell, cell_words, present_entry
from scoring.services.entries import check_entry

NOT_APPLICABLE_WORDS = (NOT_APPLICABLE, "不适用")


@dataclass(frozen=True, slots=True)
class Planned:
    """What a cell would do: the entry, its points, and whether it changes anything; or the fault."""

    current: CurrentItem
    entry: dict[str, Any]
    old: str
    new: str
    points: str
    is_change: bool
    fault: str = ""


def entry_of_cell(task: FrozenTask, cell: str, note: str = "") -> dict[str, Any]:
    """{kind, value, note}; UnusableValue when the cell says no value. An empty one is for the caller to leave out."""
    if cell.strip() in NOT_APPLICABLE_WORDS:
        return {"kind": ReportKind.NOT_APPLICABLE.value, "value": {}, "note": note.strip()}
    value = value_of_cell(task.criterion, cell)
    return {"kind": ReportKind.POINTS.value, "value": value, "note": note.strip()}


def plan_cell(officer: Officer, current: CurrentItem, cell: Cell) -> Planned:
    """What one cell would do; the points come from the function that counts the report."""
    present = present_entry(current)
    old = cell_words(current.task, present)
    note = cell.note if cell.note is not None else str((present or {}).get("note") or "")
    try:
        checked = check_entry(current.task, entry_of_cell(current.task, cell.text, note), is_draft=True)
    except UnusableValue as error:
        return Planned(current, {}, old, cell.text, "", False, error.message)
    except Invalid as error:
        return Planned(current, {}, old, cell.text, "", False, _without_name(current, error.message))
    entry = checked.as_draft()
    words, is_change = cell_words(current.task, entry), not is_same_entry(entry, present)
    earned = f"{plain(checked.points)} 分" if checked.points is not None else NOT_APPLICABLE
    permit = can_write_item(officer, current)
    fault = permit.reason if is_change and not permit else ""
    return Planned(current, entry, old, words, earned, is_change, fault)


def _without_name(current: CurrentItem, message: str) -> str:
    return message.removeprefix(f"第{current.task.number}项“{current.task.title}”：")
