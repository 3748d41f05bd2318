"""Count and ratio: the highest step that is reached gives the points, none gives 0.

Rule {unit, steps: [{at_least, points}, …]} from the highest step down.
  count  value {"count": "3"}                    an exact quantity in the rule's unit
  ratio  value {"part": "9", "whole": "12"}      compared by cross-multiplication, never rounded; `at_least` in percent
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Any

from scoring.calc.criteria.parts import (
    MAX_PARTS,
    ZERO,
    Derived,
    Kind,
    Rule,
    UnusableValue,
    Value,
    amount,
    fixed_text,
    plain,
    quantity,
    unit_faults,
)

HUNDRED = Decimal(100)
_KEYS = frozenset({"unit", "steps"})


def _step_reached(rule: Rule, reaches: Callable[[Decimal], bool]) -> Rule | None:
    return next((step for step in rule["steps"] if reaches(Decimal(step["at_least"]))), None)


def _concluded(said: str, rule: Rule, step: Rule | None, reached: str, unit: str, value: Value) -> Derived:
    if step is None:
        lowest = plain(Decimal(rule["steps"][-1]["at_least"]))
        return Derived(ZERO, f"{said}，不足 {lowest}{unit}，得 0 分", value)
    points = Decimal(step["points"])
    bound = f"{reached} {plain(Decimal(step['at_least']))}{unit}"
    return Derived(points, f"{said}，{bound}得 {plain(points)} 分", value)


# -- count


def _earn_count(rule: Rule, value: Mapping[str, Any], full_points: Decimal) -> Derived:
    counted = quantity(value["count"])
    if counted is None:
        raise UnusableValue(f"请填写数字，单位是{rule['unit']}，最多两位小数。")
    step = _step_reached(rule, lambda bound: counted >= bound)
    unit = f" {rule['unit']}"
    return _concluded(f"共 {plain(counted)}{unit}", rule, step, "满", unit, {"count": plain(counted)})


def _count_words(rule: Rule, full_points: Decimal) -> str:
    return _step_words(rule, f" {rule['unit']}", reached="满")


def _reach_counts(rule: Rule, full_points: Decimal) -> Iterable[Value]:
    return ({"count": plain(bound)} for bound in _bounds(rule))


# -- ratio


def _earn_ratio(rule: Rule, value: Mapping[str, Any], full_points: Decimal) -> Derived:
    part, whole = quantity(value["part"]), quantity(value["whole"])
    if part is None or whole is None:
        raise UnusableValue("请填写达到数和总数，都是数字，最多两位小数。")
    if not whole:
        raise UnusableValue("总数须大于 0。")
    if part > whole:
        raise UnusableValue(f"达到数 {plain(part)} 不能超过总数 {plain(whole)}。")
    step = _step_reached(rule, lambda bound: part * HUNDRED >= bound * whole)
    said = f"{plain(part)}/{plain(whole)}（{plain(_shown_percent(part, whole))}%）"
    return _concluded(said, rule, step, "达到", rule["unit"], {"part": plain(part), "whole": plain(whole)})


def _shown_percent(part: Decimal, whole: Decimal) -> Decimal:
    """For reading only, rounded down: 74.96 % never reads like the 75 % it does not reach."""
    return (part * HUNDRED / whole).quantize(Decimal("0.1"), ROUND_DOWN)


def _ratio_words(rule: Rule, full_points: Decimal) -> str:
    return _step_words(rule, f"{rule['unit']} ", reached="达到")


def _ratio_faults(rule: Rule, full_points: Decimal) -> list[str]:
    faults = _step_faults(rule, full_points)
    if not faults and (rule["unit"] != "%" or Decimal(rule["steps"][0]["at_least"]) > HUNDRED):
        faults.append("比率以 % 计，不超过 100。")
    return faults


def _reach_ratios(rule: Rule, full_points: Decimal) -> Iterable[Value]:
    return ({"part": plain(bound), "whole": "100"} for bound in _bounds(rule))


# -- both


def _bounds(rule: Rule) -> list[Decimal]:
    return [*(Decimal(step["at_least"]) for step in rule["steps"]), ZERO]


def _step_words(rule: Rule, unit: str, *, reached: str) -> str:
    steps = rule["steps"]
    parts = [
        f"{reached} {plain(Decimal(step['at_least']))}{unit}得 {plain(Decimal(step['points']))} 分" for step in steps
    ]
    return "；".join([*parts, f"不足 {plain(Decimal(steps[-1]['at_least']))}{unit}得 0 分"]) + "。"


def _step_faults(rule: Rule, full_points: Decimal) -> list[str]:
    faults = unit_faults(rule)
    steps = rule["steps"]
    if not isinstance(steps, list) or not 1 <= len(steps) <= MAX_PARTS or not all(map(_is_step, steps)):
        return [*faults, "各级须写 at_least 和 points，均为数字。"]
    bounds, points = ([Decimal(step[key]) for step in steps] for key in ("at_least", "points"))
    if any(row != sorted(set(row), reverse=True) for row in (bounds, points)) or not bounds[-1] or not points[-1]:
        faults.append("各级须从高到低、互不相同、大于 0。")
    if points[0] != full_points:
        faults.append(f"最高一级须为满分 {plain(full_points)} 分。")
    return faults


def _is_step(step: Any) -> bool:
    return (
        isinstance(step, Mapping)
        and set(step) == {"at_least", "points"}
        and all(amount(part) is not None for part in step.values())
    )


def _spell(rule: Rule) -> dict[str, Any]:
    steps = [{key: fixed_text(step[key]) for key in ("at_least", "points")} for step in rule["steps"]]
    return {"unit": rule["unit"].strip(), "steps": steps}


COUNT = Kind(
    keys=_KEYS,
    value_keys=frozenset({"count"}),
    missing="请填写数量。",
    earn=_earn_count,
    words=_count_words,
    faults=_step_faults,
    spell=_spell,
    reach=_reach_counts,
)
RATIO = Kind(
    keys=_KEYS,
    value_keys=frozenset({"part", "whole"}),
    missing="请填写达到数和总数。",
    earn=_earn_ratio,
    words=_ratio_words,
    faults=_ratio_faults,
    spell=_spell,
    reach=_reach_ratios,
)
