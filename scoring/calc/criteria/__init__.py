"""How points are given for one task. Pure: knows neither Django nor the clock.

A criterion is what a rubric freezes: its kind and the rule of that kind. A value is what a person enters.
  graded     {"levels": [{"label": "健全", "points": "3.00"}, …]}                      {"level": 0}
  judged     {"step": "0.50", "needs_note": true}                                      {"points": "2.50"}
  count      {"unit": "次", "steps": [{"at_least": "3.00", "points": "4.00"}, …]}      {"count": "3"}
  ratio      {"unit": "%", "steps": [{"at_least": "75.00", "points": "4.00"}, …]}      {"part": "9", "whole": "12"}
  deduction  {"unit": "处", "each": "0.50", "floor": "0.00"}                           {"times": 2}
  checklist  {"items": [{"text": "有党旗", "points": "0.50"}, …]}                      {"done": [0, 2]}
One module a kind; `points_for` is the one function by which a value becomes points, on screen and in a report.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.canonical import digest
from scoring.calc.criteria.checklist import CHECKLIST
from scoring.calc.criteria.deduction import DEDUCTION
from scoring.calc.criteria.graded import GRADED
from scoring.calc.criteria.judged import JUDGED, asks_for_a_note
from scoring.calc.criteria.parts import Derived, Kind, UnusableValue, amount, plain, quantity
from scoring.calc.criteria.steps import COUNT, RATIO

__all__ = [
    "KINDS",
    "Derived",
    "UnusableValue",
    "amount",
    "criterion_digest",
    "criterion_from_source",
    "criterion_text",
    "is_computed",
    "is_ruled",
    "needs_note",
    "plain",
    "points_for",
    "quantity",
    "reachable",
    "source_faults",
    "validate_criterion",
]

KINDS: dict[str, Kind] = {
    "graded": GRADED,
    "judged": JUDGED,
    "count": COUNT,
    "ratio": RATIO,
    "deduction": DEDUCTION,
    "checklist": CHECKLIST,
}
_KNOWN = "、".join(list(KINDS)[:-1]) + f" 或 {list(KINDS)[-1]}"
_OPTIONAL = {"judged": {"needs_note"}}


# -- points


def points_for(criterion: Mapping[str, Any], value: Any, full_points: Decimal) -> Derived:
    """The points a value earns, from 0 to `full_points`; UnusableValue with the reason otherwise."""
    kind = KINDS[criterion["kind"]]
    if not isinstance(value, Mapping) or set(value) != kind.value_keys:
        raise UnusableValue(kind.missing)
    return kind.earn(criterion, value, full_points)


def reachable(criterion: Mapping[str, Any], full_points: Decimal) -> list[Derived]:
    """One value for every number of points that can be earned, the most points first."""
    found: dict[Decimal, Derived] = {}
    for value in KINDS[criterion["kind"]].reach(criterion, full_points):
        derived = points_for(criterion, value, full_points)
        found.setdefault(derived.points, derived)
    return sorted(found.values(), key=lambda derived: derived.points, reverse=True)


def needs_note(criterion: Mapping[str, Any]) -> bool:
    """Whether the person has to write down why: where a person judges and no rule decides."""
    return criterion["kind"] == "judged" and asks_for_a_note(criterion)


def is_ruled(criterion: Mapping[str, Any]) -> bool:
    """Whether a rule leads from the value to the points; where a person judges, the points say it all."""
    return bool(criterion["kind"] != "judged")


def is_computed(criterion: Mapping[str, Any]) -> bool:
    """Whether the points are worked out: where they are chosen or typed, they need no telling beside the field."""
    return criterion["kind"] not in ("graded", "judged")


def criterion_digest(criterion: Mapping[str, Any], full_points: Decimal) -> str:
    """What must be equal for last month's report to count as unchanged: the rule and what it is worth."""
    return digest({"schema": 1, "criterion": dict(criterion), "full_points": full_points})


# -- words


def criterion_text(criterion: Mapping[str, Any], full_points: Decimal) -> str:
    """The rule in one Chinese sentence, for screen and paper."""
    return KINDS[criterion["kind"]].words(criterion, full_points)


# -- checks


def validate_criterion(criterion: Any, full_points: Decimal) -> list[str]:
    """Every fault of a criterion, in Chinese; an empty list when it can be used."""
    if not isinstance(criterion, Mapping):
        return [f"计分办法只能是 {_KNOWN}。"]
    return source_faults(
        criterion.get("kind"), {key: part for key, part in criterion.items() if key != "kind"}, full_points
    )


def source_faults(kind: Any, rule: Any, full_points: Decimal) -> list[str]:
    """Every fault of a rule as a rubric file writes it; an empty list when a criterion can be made of it."""
    if not isinstance(kind, str) or kind not in KINDS:
        return [f"计分办法只能是 {_KNOWN}。"]
    if not isinstance(rule, Mapping):
        return ["缺少计分规则。"]
    known = KINDS[kind].keys
    strangers = [f"不认识的栏目“{key}”。" for key in rule if key not in known | _OPTIONAL.get(kind, set())]
    if known - set(rule):
        return [f"计分规则须写 {'、'.join(sorted(known))}。", *strangers]
    return strangers or KINDS[kind].faults(rule, full_points)


def criterion_from_source(kind: str, rule: Mapping[str, Any], full_points: Decimal) -> dict[str, Any]:
    """The criterion of a checked rule as a rubric file writes it (kind and rule)."""
    return {"kind": kind, **KINDS[kind].spell(rule)}
