"""Judged: a person gives points in steps and writes why. Rule {step, needs_note?}, value {"points": "2.50"}."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from scoring.calc.criteria.parts import (
    ZERO,
    Derived,
    Kind,
    Rule,
    UnusableValue,
    Value,
    amount,
    fixed_text,
    plain,
)


def asks_for_a_note(rule: Rule) -> bool:
    return bool(rule.get("needs_note", True))


def _earn(rule: Rule, value: Mapping[str, Any], full_points: Decimal) -> Derived:
    points, step = amount(value["points"]), Decimal(rule["step"])
    if points is None:
        raise UnusableValue("得分请填写数字，最多两位小数，如 2.5。")
    if points > full_points:
        raise UnusableValue(f"得分不能超过 {plain(full_points)} 分。")
    if points % step:
        raise UnusableValue(f"得分以 {plain(step)} 分为一档，不能填 {plain(points)}。")
    said = f"评定 {plain(points)} 分（满分 {plain(full_points)} 分）"
    return Derived(points, said, {"points": fixed_text(points)})


def _words(rule: Rule, full_points: Decimal) -> str:
    why = "，需写理由" if asks_for_a_note(rule) else ""
    return f"评议：0 至 {plain(full_points)} 分，每档 {plain(Decimal(rule['step']))} 分{why}。"


def _faults(rule: Rule, full_points: Decimal) -> list[str]:
    faults, step = [], amount(rule["step"])
    if not step:
        faults.append("评分步长须为大于 0 的数字。")
    elif full_points % step:
        faults.append(f"评分步长 {plain(step)} 不能整除满分 {plain(full_points)}。")
    if not isinstance(rule.get("needs_note", True), bool):
        faults.append("needs_note 只能是 true 或 false。")
    return faults


def _spell(rule: Rule) -> dict[str, Any]:
    return {"step": fixed_text(rule["step"]), "needs_note": asks_for_a_note(rule)}


def _reach(rule: Rule, full_points: Decimal) -> Iterable[Value]:
    points, step = full_points, Decimal(rule["step"])
    while points >= ZERO:
        yield {"points": fixed_text(points)}
        points -= step


JUDGED = Kind(
    keys=frozenset({"step"}),
    value_keys=frozenset({"points"}),
    missing="请填写得分。",
    earn=_earn,
    words=_words,
    faults=_faults,
    spell=_spell,
    reach=_reach,
)
