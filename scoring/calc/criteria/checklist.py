"""Checklist: every item that is done gives its points. Rule {items: [{text, points}, …]}, value {"done": [0, 2]}.

An empty list says that none is done: zero, not empty.
"""

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
    items, given = rule["items"], value["done"]
    if not isinstance(given, list) or not all(is_whole(place, len(items)) for place in given):
        raise UnusableValue("请勾选所列的事项。")
    if len(set(given)) < len(given):
        raise UnusableValue("同一事项只能勾选一次。")
    done = sorted(given)
    points = sum((Decimal(items[place]["points"]) for place in done), ZERO)
    missing = [item["text"] for place, item in enumerate(items) if place not in done]
    lacks = f"；未做到：{'、'.join(missing)}" if missing else ""
    return Derived(points, f"{len(items)} 项中做到 {len(done)} 项，得 {plain(points)} 分{lacks}", {"done": done})


def _words(rule: Rule, full_points: Decimal) -> str:
    return "逐项计分：" + "；".join(worth(item, "text") for item in rule["items"]) + "。"


def _faults(rule: Rule, full_points: Decimal) -> list[str]:
    faults = parts_faults(rule["items"], "text", "清单")
    if not faults and sum((Decimal(item["points"]) for item in rule["items"]), ZERO) != full_points:
        faults.append(f"清单各项分值相加须为满分 {plain(full_points)} 分。")
    return faults


def _spell(rule: Rule) -> dict[str, Any]:
    return {"items": spelled_parts(rule["items"], "text")}


def _reach(rule: Rule, full_points: Decimal) -> Iterable[Value]:
    """The fewest items for each sum; there are no more sums than hundredths in the full points."""
    sums: dict[Decimal, tuple[int, ...]] = {ZERO: ()}
    for place, item in enumerate(rule["items"]):
        for points, done in list(sums.items()):
            more = points + Decimal(item["points"])
            if more not in sums or len(sums[more]) > len(done) + 1:
                sums[more] = (*done, place)
    return ({"done": list(done)} for done in sums.values())


CHECKLIST = Kind(
    keys=frozenset({"items"}),
    value_keys=frozenset({"done"}),
    missing="请勾选做到的事项；都没有做到的选“以上都没有”。",
    earn=_earn,
    words=_words,
    faults=_faults,
    spell=_spell,
    reach=_reach,
)
