"""Which points a criterion can give at all: the steps on the way to a star. Amounts are whole hundredths (int)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scoring.calc.frozen import hundredths

Rule = Mapping[str, Any]


def reachable_points(criterion: Rule, full: int) -> tuple[int, ...]:
    """All points a value of this criterion can earn, ascending; `criteria.reachable` without the values, and fast."""
    return tuple(sorted({points for points in _VALUES[criterion["kind"]](criterion, full) if 0 <= points <= full}))


def _graded(rule: Rule, full: int) -> Iterable[int]:
    return (hundredths(level["points"]) for level in rule["levels"])


def _judged(rule: Rule, full: int) -> Iterable[int]:
    return range(0, full + 1, hundredths(rule["step"]))


def _stepped(rule: Rule, full: int) -> Iterable[int]:
    """Count and ratio: the points of each threshold, 0 below the lowest."""
    return [0, *(hundredths(step["points"]) for step in rule["steps"])]


def _deduction(rule: Rule, full: int) -> Iterable[int]:
    """Full points less so much a time, never below the floor."""
    floor = hundredths(rule["floor"])
    return [floor, *range(full, floor - 1, -hundredths(rule["each"]))]


def _checklist(rule: Rule, full: int) -> Iterable[int]:
    """The sums of any of the entries."""
    found = {0}
    for item in rule["items"]:
        found |= {points + hundredths(item["points"]) for points in found}
    return found


_VALUES: dict[str, Callable[[Rule, int], Iterable[int]]] = {
    "graded": _graded,
    "judged": _judged,
    "count": _stepped,
    "ratio": _stepped,
    "deduction": _deduction,
    "checklist": _checklist,
}
