"""How points are given for one task: by level, or judged in steps. Pure: knows neither Django nor the clock.

A criterion is what a rubric freezes:
  graded  {"kind": "graded", "levels": [{"label": "健全", "points": "3.00"}, …]}       value {"level": 0}
  judged  {"kind": "judged", "step": "0.50", "needs_note": true}                       value {"points": "2.50"}
A rule of a kind that is only counted by hand so far (count, ratio, deduction, checklist) is kept as judged, with its
source: {"kind": "judged", "step", "needs_note": false, "source_kind", "source_rule", "rule_text"}.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.canonical import digest, fixed

ZERO = Decimal(0)
MAX_LEVELS = 20
MAX_LABEL = 60
STEPS = tuple(Decimal(text) for text in ("0.50", "0.25", "0.10", "0.05", "0.01"))
_AMOUNT = re.compile(r"[0-9]{1,5}(\.[0-9]{1,2})?")


class UnusableValue(ValueError):
    """A value that gives no points under this criterion; `message` is a Chinese sentence."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Derived:
    """Exact points and the sentence that says how they came about."""

    points: Decimal
    derivation: str


def amount(value: Any) -> Decimal | None:
    """Text (or a Decimal) as an exact amount with at most two places, from 0 up; None when it is anything else."""
    text = format(value, "f") if isinstance(value, Decimal) and value.is_finite() else value
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        return None
    return Decimal(text).quantize(Decimal("0.01"))


def plain(value: Decimal) -> str:
    """An amount for reading: `3.50` is 3.5, `3.00` is 3."""
    return format(value.normalize(), "f")


# -- points


def points_for(criterion: Mapping[str, Any], value: Any, full_points: Decimal) -> Derived:
    """The points a value earns, from 0 to `full_points`; UnusableValue with the reason otherwise."""
    if criterion["kind"] == "graded":
        return _graded(criterion["levels"], _only(value, "level", "请选择一档。"))
    return _judged(Decimal(criterion["step"]), _only(value, "points", "请填写得分。"), full_points)


def _only(value: Any, key: str, message: str) -> Any:
    if not isinstance(value, Mapping) or set(value) != {key}:
        raise UnusableValue(message)
    return value[key]


def _graded(levels: list[dict[str, str]], level: Any) -> Derived:
    if isinstance(level, bool) or not isinstance(level, int) or not 0 <= level < len(levels):
        raise UnusableValue("请选择所列的一档。")
    chosen = levels[level]
    points = Decimal(chosen["points"])
    return Derived(points, f"{chosen['label']}，得 {plain(points)} 分")


def _judged(step: Decimal, given: Any, full_points: Decimal) -> Derived:
    points = amount(given)
    if points is None:
        raise UnusableValue("得分请填写数字，最多两位小数，如 2.5。")
    if points > full_points:
        raise UnusableValue(f"得分不能超过 {plain(full_points)} 分。")
    if points % step:
        raise UnusableValue(f"得分以 {plain(step)} 分为一档，不能填 {plain(points)}。")
    return Derived(points, f"评定 {plain(points)} 分（满分 {plain(full_points)} 分）")


def needs_note(criterion: Mapping[str, Any]) -> bool:
    """Whether the person has to write down why: where a person judges and no rule decides."""
    return criterion["kind"] == "judged" and bool(criterion.get("needs_note", True))


def criterion_digest(criterion: Mapping[str, Any], full_points: Decimal) -> str:
    """What must be equal for last month's report to count as unchanged: the rule and what it is worth."""
    return digest({"schema": 1, "criterion": dict(criterion), "full_points": full_points})


# -- words


def criterion_text(criterion: Mapping[str, Any], full_points: Decimal) -> str:
    """The rule in one Chinese sentence, for screen and paper."""
    if criterion["kind"] == "graded":
        return "按档给分：" + "；".join(_worth(level, "label") for level in criterion["levels"]) + "。"
    if criterion.get("source_kind"):
        return str(criterion["rule_text"])
    why = "，需写理由" if needs_note(criterion) else ""
    return f"评议：0 至 {plain(full_points)} 分，每档 {plain(Decimal(criterion['step']))} 分{why}。"


def rule_text(source_kind: str, rule: Mapping[str, Any], full_points: Decimal) -> str:
    """A rule that is counted by hand, as one Chinese sentence."""
    return _SOURCES[source_kind].words(rule, full_points)


def _worth(part: Mapping[str, Any], label: str) -> str:
    return f"{part[label]}得 {plain(Decimal(part['points']))} 分"


def _count_words(rule: Mapping[str, Any], full_points: Decimal) -> str:
    return _steps_words(rule["steps"], f" {rule['unit']}", reached="满")


def _ratio_words(rule: Mapping[str, Any], full_points: Decimal) -> str:
    return _steps_words(rule["steps"], f"{rule['unit']} ", reached="达到")


def _steps_words(steps: list[dict[str, str]], unit: str, *, reached: str) -> str:
    parts = [
        f"{reached} {plain(Decimal(step['at_least']))}{unit}得 {plain(Decimal(step['points']))} 分" for step in steps
    ]
    return "；".join([*parts, f"不足 {plain(Decimal(steps[-1]['at_least']))}{unit}得 0 分"]) + "。"


def _deduction_words(rule: Mapping[str, Any], full_points: Decimal) -> str:
    floor = Decimal(rule["floor"])
    end = f"最低 {plain(floor)} 分" if floor else "扣完为止"
    return f"从 {plain(full_points)} 分起，每 1 {rule['unit']}扣 {plain(Decimal(rule['each']))} 分，{end}。"


def _checklist_words(rule: Mapping[str, Any], full_points: Decimal) -> str:
    return "逐项计分：" + "；".join(_worth(item, "text") for item in rule["items"]) + "。"


# -- checks


def validate_criterion(criterion: Any, full_points: Decimal) -> list[str]:
    """Every fault of a criterion, in Chinese; an empty list when it can be used."""
    kind = criterion.get("kind") if isinstance(criterion, Mapping) else None
    if kind == "graded":
        return _unknown_keys(criterion, {"kind", "levels"}) or _level_faults(criterion.get("levels"), full_points)
    if kind == "judged":
        return _judged_faults(criterion, full_points)
    return ["计分办法只能是分档（graded）或评议（judged）。"]


def _unknown_keys(part: Mapping[str, Any], known: set[str]) -> list[str]:
    return [f"不认识的栏目“{key}”。" for key in part if key not in known]


def _level_faults(levels: Any, full_points: Decimal) -> list[str]:
    faults = _parts_faults(levels, "label", "各档")
    if faults:
        return faults
    points = [Decimal(level["points"]) for level in levels]
    if len(points) < 2 or points != sorted(set(points), reverse=True):
        faults.append("各档须不少于两档，分值从高到低、互不相同。")
    if points[0] != full_points:
        faults.append(f"最高一档须为满分 {plain(full_points)} 分。")
    if points[-1] != ZERO:
        faults.append("最低一档须为 0 分。")
    return faults


def _parts_faults(parts: Any, label: str, name: str) -> list[str]:
    """Faults of a list of {label, points}."""
    if not isinstance(parts, list) or not 1 <= len(parts) <= MAX_LEVELS:
        return [f"{name}须为 1 至 {MAX_LEVELS} 项的列表。"]
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


def _judged_faults(criterion: Mapping[str, Any], full_points: Decimal) -> list[str]:
    source_kind = criterion.get("source_kind")
    known = {"kind", "step", "needs_note"} | ({"source_kind", "source_rule", "rule_text"} if source_kind else set())
    faults = _unknown_keys(criterion, known)
    step = amount(criterion.get("step"))
    if not step:
        faults.append("评分步长须为大于 0 的数字。")
    elif full_points % step:
        faults.append(f"评分步长 {plain(step)} 不能整除满分 {plain(full_points)}。")
    if not isinstance(criterion.get("needs_note", True), bool):
        faults.append("needs_note 只能是 true 或 false。")
    if source_kind:
        faults += _kept_source_faults(criterion, full_points, step)
    return faults


def _kept_source_faults(criterion: Mapping[str, Any], full_points: Decimal, step: Decimal | None) -> list[str]:
    source_kind, rule = criterion["source_kind"], criterion.get("source_rule") or {}
    if source_kind not in tuple(_SOURCES):
        return ["计分说明所依据的规则须是 count、ratio、deduction 或 checklist。"]
    faults = source_faults(source_kind, rule, full_points)
    if faults:
        return faults
    if criterion.get("rule_text") != rule_text(source_kind, rule, full_points):
        faults.append("计分说明与规则不符。")
    if step and any(points % step for points in _SOURCES[source_kind].amounts(rule)):
        faults.append(f"按步长 {plain(step)} 不能得到规则中的全部分值。")
    return faults


# -- rules counted by hand


def criterion_from_source(kind: str, rule: Mapping[str, Any], full_points: Decimal) -> dict[str, Any]:
    """The criterion of a checked rule as a rubric file writes it (kind and rule)."""
    if kind == "graded":
        levels = [{"label": part["label"].strip(), "points": _fixed(part["points"])} for part in rule["levels"]]
        return {"kind": "graded", "levels": levels}
    if kind == "judged":
        return {"kind": "judged", "step": _fixed(rule["step"]), "needs_note": True}
    source = _SOURCES[kind]
    kept = source.exact(rule)
    return {
        "kind": "judged",
        "step": fixed(step_for([full_points, *source.amounts(kept)])),
        "needs_note": False,
        "source_kind": kind,
        "source_rule": kept,
        "rule_text": rule_text(kind, kept, full_points),
    }


def source_faults(kind: Any, rule: Any, full_points: Decimal) -> list[str]:
    """Every fault of a rule as a rubric file writes it; an empty list when a criterion can be made of it."""
    if kind not in ("graded", "judged", *_SOURCES):
        return ["计分办法只能是 graded、judged、count、ratio、deduction 或 checklist。"]
    if not isinstance(rule, Mapping):
        return ["缺少计分规则。"]
    if kind in ("graded", "judged"):
        return validate_criterion(
            {"kind": kind, **{key: part for key, part in rule.items() if key != "kind"}}, full_points
        )
    known = _SOURCES[kind].keys
    if set(rule) != known:
        return [f"计分规则须写 {'、'.join(sorted(known))}。"]
    return _SOURCES[kind].faults(rule, full_points)


def step_for(amounts: list[Decimal]) -> Decimal:
    """The widest usual step by which every one of the amounts can be reached."""
    return next(step for step in STEPS if not any(points % step for points in amounts))


def _fixed(value: Any) -> str:
    return fixed(Decimal(value))


def _unit_faults(rule: Mapping[str, Any]) -> list[str]:
    unit = rule["unit"]
    return [] if isinstance(unit, str) and 1 <= len(unit.strip()) <= 6 else ["计量单位须为 1 至 6 字。"]


def _step_faults(rule: Mapping[str, Any], full_points: Decimal) -> list[str]:
    faults = _unit_faults(rule)
    steps = rule["steps"]
    if not isinstance(steps, list) or not 1 <= len(steps) <= MAX_LEVELS or not all(map(_is_step, steps)):
        return [*faults, "各级须写 at_least 和 points，均为数字。"]
    bounds, points = ([Decimal(step[key]) for step in steps] for key in ("at_least", "points"))
    if any(row != sorted(set(row), reverse=True) for row in (bounds, points)) or not bounds[-1] or not points[-1]:
        faults.append("各级须从高到低、互不相同、大于 0。")
    if points[0] != full_points:
        faults.append(f"最高一级须为满分 {plain(full_points)} 分。")
    return faults


def _ratio_faults(rule: Mapping[str, Any], full_points: Decimal) -> list[str]:
    faults = _step_faults(rule, full_points)
    if not faults and (rule["unit"] != "%" or Decimal(rule["steps"][0]["at_least"]) > 100):
        faults.append("比率以 % 计，不超过 100。")
    return faults


def _is_step(step: Any) -> bool:
    return (
        isinstance(step, Mapping)
        and set(step) == {"at_least", "points"}
        and all(amount(part) is not None for part in step.values())
    )


def _deduction_faults(rule: Mapping[str, Any], full_points: Decimal) -> list[str]:
    faults = _unit_faults(rule)
    each, floor = amount(rule["each"]), amount(rule["floor"])
    if not each or each > full_points:
        faults.append("每次扣分须大于 0，不超过满分。")
    if floor is None or floor >= full_points:
        faults.append("最低分须小于满分。")
    return faults


def _checklist_faults(rule: Mapping[str, Any], full_points: Decimal) -> list[str]:
    faults = _parts_faults(rule["items"], "text", "清单")
    if not faults and sum((Decimal(item["points"]) for item in rule["items"]), ZERO) != full_points:
        faults.append(f"清单各项分值相加须为满分 {plain(full_points)} 分。")
    return faults


def _exact_steps(rule: Mapping[str, Any]) -> dict[str, Any]:
    steps = [{key: _fixed(step[key]) for key in ("at_least", "points")} for step in rule["steps"]]
    return {"unit": rule["unit"].strip(), "steps": steps}


def _exact_deduction(rule: Mapping[str, Any]) -> dict[str, Any]:
    return {"unit": rule["unit"].strip(), "each": _fixed(rule["each"]), "floor": _fixed(rule["floor"])}


def _exact_checklist(rule: Mapping[str, Any]) -> dict[str, Any]:
    return {"items": [{"text": item["text"].strip(), "points": _fixed(item["points"])} for item in rule["items"]]}


def _points_of(rows: list[dict[str, str]]) -> list[Decimal]:
    return [Decimal(row["points"]) for row in rows]


@dataclass(frozen=True)
class _Source:
    """A kind of rule that a person works out by hand so far."""

    keys: set[str]
    words: Callable[[Mapping[str, Any], Decimal], str]
    faults: Callable[[Mapping[str, Any], Decimal], list[str]]
    exact: Callable[[Mapping[str, Any]], dict[str, Any]]
    amounts: Callable[[Mapping[str, Any]], list[Decimal]]


_SOURCES = {
    "count": _Source(
        {"unit", "steps"}, _count_words, _step_faults, _exact_steps, lambda rule: _points_of(rule["steps"])
    ),
    "ratio": _Source(
        {"unit", "steps"}, _ratio_words, _ratio_faults, _exact_steps, lambda rule: _points_of(rule["steps"])
    ),
    "deduction": _Source(
        {"unit", "each", "floor"},
        _deduction_words,
        _deduction_faults,
        _exact_deduction,
        lambda rule: [Decimal(rule["each"]), Decimal(rule["floor"])],
    ),
    "checklist": _Source(
        {"items"}, _checklist_words, _checklist_faults, _exact_checklist, lambda rule: _points_of(rule["items"])
    ),
}
