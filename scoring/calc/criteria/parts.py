"""What the kinds of criteria share: exact amounts, a value that earned points, faults of parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.canonical import fixed

Rule = Mapping[str, Any]
Value = dict[str, Any]

ZERO = Decimal(0)
MAX_PARTS = 20
MAX_LABEL = 60
MAX_UNIT = 6
_AMOUNT = re.compile(r"[0-9]{1,5}(\.[0-9]{1,2})?")
_QUANTITY = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")


class UnusableValue(ValueError):
    """A value that gives no points under this criterion; `message` is a Chinese sentence."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Derived:
    """Exact points, the sentence that says how they came about, and the value in its one spelling."""

    points: Decimal
    derivation: str
    value: Value


@dataclass(frozen=True)
class Kind:
    """One kind of criterion: `keys` of its rule and value, and what is done with them.

    `earn` raises UnusableValue; `faults` expects a rule of just these keys; `spell` turns the amounts of a checked
    rule into fixed text; `reach` gives one value for every number of points that can be earned, in any order.
    """

    keys: frozenset[str]
    value_keys: frozenset[str]
    missing: str
    earn: Callable[[Rule, Mapping[str, Any], Decimal], Derived]
    words: Callable[[Rule, Decimal], str]
    faults: Callable[[Rule, Decimal], list[str]]
    spell: Callable[[Rule], dict[str, Any]]
    reach: Callable[[Rule, Decimal], Iterable[Value]]


# -- amounts


def amount(value: Any) -> Decimal | None:
    """Text (or a Decimal) as exact points with at most two places, from 0 up; None when it is anything else."""
    return _exact(value, _AMOUNT)


def quantity(value: Any) -> Decimal | None:
    """The same for what is counted: up to nine digits before the point."""
    return _exact(value, _QUANTITY)


def _exact(value: Any, pattern: re.Pattern[str]) -> Decimal | None:
    text = format(value, "f") if isinstance(value, Decimal) and value.is_finite() else value
    if not isinstance(text, str) or not pattern.fullmatch(text):
        return None
    return Decimal(text).quantize(Decimal("0.01"))


def plain(value: Decimal) -> str:
    """An amount for reading: `3.50` is 3.5, `3.00` is 3."""
    return format(value.normalize(), "f")


def fixed_text(value: Any) -> str:
    """A checked amount as fixed-scale text: `3.5` is 3.50."""
    return fixed(Decimal(value))


def is_whole(value: Any, below: int) -> bool:
    """Whether a value of JSON is a whole number from 0 up, below the bound."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < below


# -- labelled parts: {label, points}


def worth(part: Rule, label: str) -> str:
    return f"{part[label]}得 {plain(Decimal(part['points']))} 分"


def spelled_parts(parts: list[dict[str, Any]], label: str) -> list[dict[str, str]]:
    return [{label: part[label].strip(), "points": fixed_text(part["points"])} for part in parts]


def parts_faults(parts: Any, label: str, name: str) -> list[str]:
    """Faults of a list of {label, points}."""
    if not isinstance(parts, list) or not 1 <= len(parts) <= MAX_PARTS:
        return [f"{name}须为 1 至 {MAX_PARTS} 项的列表。"]
    return [
        fault for number, part in enumerate(parts, 1) for fault in _part_faults(part, label, f"{name}第 {number} 项")
    ]


def _part_faults(part: Any, label: str, name: str) -> list[str]:
    if not isinstance(part, Mapping) or set(part) != {label, "points"}:
        return [f"{name}须写 {label} 和 points。"]
    faults = [] if amount(part["points"]) is not None else [f"{name}的分值不是数字。"]
    if not isinstance(part[label], str) or not 1 <= len(part[label].strip()) <= MAX_LABEL:
        faults.append(f"{name}的文字须为 1 至 {MAX_LABEL} 字。")
    return faults


def unit_faults(rule: Rule) -> list[str]:
    unit = rule["unit"]
    is_good = isinstance(unit, str) and 1 <= len(unit.strip()) <= MAX_UNIT
    return [] if is_good else [f"计量单位须为 1 至 {MAX_UNIT} 字。"]
