"""Deduction: from full points down by `each` a time, not below `floor`.

Rule {unit, each, floor}, value {"times": 2}.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from scoring.calc.criteria.parts import (
    Derived,
    Kind,
    Rule,
    UnusableValue,
    Value,
    amount,
    fixed_text,
    is_whole,
    plain,
    unit_faults,
)

MAX_TIMES = 10_000


def _earn(rule: Rule, value: Mapping[str, Any], full_points: Decimal) -> Derived:
    times = value["times"]
    if not is_whole(times, MAX_TIMES):
        raise UnusableValue(f"请填写整数，单位是{rule['unit']}；没有的填 0。")
    lost, most = Decimal(rule["each"]) * times, full_points - Decimal(rule["floor"])
    points = full_points - min(lost, most)
    return Derived(
        points, f"{times} {rule['unit']}，{_loss(lost, most, rule)}，得 {plain(points)} 分", {"times": times}
    )


def _loss(lost: Decimal, most: Decimal, rule: Rule) -> str:
    if not lost:
        return "不扣分"
    if lost <= most:
        return f"扣 {plain(lost)} 分"
    return f"扣到最低 {plain(Decimal(rule['floor']))} 分" if Decimal(rule["floor"]) else "扣完为止"


def _words(rule: Rule, full_points: Decimal) -> str:
    floor = Decimal(rule["floor"])
    end = f"最低 {plain(floor)} 分" if floor else "扣完为止"
    return f"从 {plain(full_points)} 分起，每 1 {rule['unit']}扣 {plain(Decimal(rule['each']))} 分，{end}。"


def _faults(rule: Rule, full_points: Decimal) -> list[str]:
    faults = unit_faults(rule)
    each, floor = amount(rule["each"]), amount(rule["floor"])
    if not each or each > full_points:
        faults.append("每次扣分须大于 0，不超过满分。")
    if floor is None or floor >= full_points:
        faults.append("最低分须小于满分。")
    return faults


def _spell(rule: Rule) -> dict[str, Any]:
    return {"unit": rule["unit"].strip(), "each": fixed_text(rule["each"]), "floor": fixed_text(rule["floor"])}


def _reach(rule: Rule, full_points: Decimal) -> Iterable[Value]:
    most, each = full_points - Decimal(rule["floor"]), Decimal(rule["each"])
    return ({"times": times} for times in range(min(int(-(-most // each)) + 1, MAX_TIMES)))


DEDUCTION = Kind(
    keys=frozenset({"unit", "each", "floor"}),
    value_keys=frozenset({"times"}),
    missing="请填写次数，没有的填 0。",
    earn=_earn,
    words=_words,
    faults=_faults,
    spell=_spell,
    reach=_reach,
)
