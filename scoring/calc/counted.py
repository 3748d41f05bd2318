"""Counted points of one item: what of report, two reviews and ruling is in force, and whether it is settled.

Amounts are whole hundredths (int), so that sums and comparisons are exact and fast. Rules 4 to 6 of the month.
"""

from __future__ import annotations

from typing import NamedTuple

POINTS = "points"
NOT_APPLICABLE = "not_applicable"
CLAIMED = "claimed"
EMPTY = "empty"


class Counted(NamedTuple):
    """`kind`: points, not_applicable (confirmed), claimed (不涉及, not yet confirmed) or empty (not reported).

    `points` is None unless kind is points. `gap` is the distance between the two axes when both have spoken, the
    item's full points when one confirms 不涉及 and the other gives points. `is_gap`: it is wider than allowed and
    no ruling has settled it.
    """

    kind: str
    points: int | None
    source: str
    gap: int | None
    is_gap: bool
    is_provisional: bool


class Stated(NamedTuple):
    """What one voice says of an item: kind points or not_applicable, and the points."""

    kind: str
    points: int | None


def count(
    full: int, gap_width: int, report: Stated | None, street: Stated | None, task_force: Stated | None,
    ruling: Stated | None,
) -> Counted:  # fmt: skip
    """The item's counted points: the ruling, else the task force's view, else the street's, else the report.

    Reviews are those of the current round (a return has voided older ones); an item without a report in the current
    round is empty unless it is ruled. The street's view and the report serve the trial only: provisional.
    """
    gap = _gap(full, street, task_force)
    if ruling is not None:
        return Counted(ruling.kind, ruling.points, "ruling", gap, False, False)
    if report is None:
        return Counted(EMPTY, None, "none", None, False, False)
    is_gap = gap is not None and (gap > gap_width or _is_contradiction(street, task_force))
    if task_force is not None:
        return Counted(task_force.kind, task_force.points, "task_force", gap, is_gap, is_gap)
    if street is not None:
        return Counted(street.kind, street.points, "street", gap, False, True)
    if report.kind == NOT_APPLICABLE:
        return Counted(CLAIMED, None, "report", None, False, True)
    return Counted(POINTS, report.points, "report", None, False, True)


def _gap(full: int, street: Stated | None, task_force: Stated | None) -> int | None:
    if street is None or task_force is None:
        return None
    if street.points is None or task_force.points is None:
        return full if _is_contradiction(street, task_force) else 0
    return abs(street.points - task_force.points)


def _is_contradiction(street: Stated | None, task_force: Stated | None) -> bool:
    """One axis confirms 不涉及, the other gives points: always the office's to decide."""
    return street is not None and task_force is not None and street.kind != task_force.kind
