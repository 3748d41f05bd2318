"""Graded: the level that describes the standing. Rule {levels: [{label, points}, …]}, value {"level": 0}."""

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
    is_whole,
    parts_faults,
    plain,
    spelled_parts,
    worth,
)


def _earn(rule: Rule, value: Mapping[str, Any], full_points: Decimal) -> Derived:
    levels, level = rule["levels"], value["level"]
    if not is_whole(level, len(levels)):
        raise UnusableValue("请选择所列的一档。")
    points = Decimal(levels[level]["points"])
    return Derived(points, f"{levels[level]['label']}，得 {plain(points)} 分", {"level": level})


def _words(rule: Rule, full_points: Decimal) -> str:
    return "按档给分：" + "；".join(worth(level, "label") for level in rule["levels"]) + "。"


def _faults(rule: Rule, full_points: Decimal) -> list[str]:
    faults = parts_faults(rule["levels"], "label", "各档")
    if faults:
        return faults
    points = [Decimal(level["points"]) for level in rule["levels"]]
    if len(points) < 2 or points != sorted(set(points), reverse=True):
        faults.append("各档须不少于两档，分值从高到低、互不相同。")
    if points[0] != full_points:
        faults.append(f"最高一档须为满分 {plain(full_points)} 分。")
    if points[-1] != ZERO:
        faults.append("最低一档须为 0 分。")
    return faults


def _spell(rule: Rule) -> dict[str, Any]:
    return {"levels": spelled_parts(rule["levels"], "label")}


def _reach(rule: Rule, full_points: Decimal) -> Iterable[Value]:
    return ({"level": place} for place in range(len(rule["levels"])))


GRADED = Kind(
    keys=frozenset({"levels"}),
    value_keys=frozenset({"level"}),
    missing="请选择一档。",
    earn=_earn,
    words=_words,
    faults=_faults,
    spell=_spell,
    reach=_reach,
)
