"""From an indicator's figure to what a task would be reported as: which shapes fit which criteria, and the entry. Pure.

Shapes (see `grids.calc.indicators`) and kinds of criteria go together one to one. The items of a checklist and the
levels of a graded rule are found by a word in their text, so that their order is the rubric's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grids.calc.indicators import (
    CHECKLIST,
    COUNT,
    FAULTS,
    GRADES,
    INDICATORS,
    LATER,
    RATIO,
    WINDOWS,
    Indicator,
    Measured,
    plain,
)
from scoring.calc.criteria import UnusableValue, points_for
from scoring.calc.frozen import FrozenTask

FITS = {COUNT: "count", FAULTS: "deduction", RATIO: "ratio", CHECKLIST: "checklist", GRADES: "graded"}
KIND_WORDS = {
    **{"graded": "分档", "judged": "评议", "count": "计数"},
    **{"ratio": "比率", "deduction": "扣分", "checklist": "清单"},
}
_TEXTS = {"checklist": ("items", "text"), "graded": ("levels", "label")}


@dataclass(frozen=True, slots=True)
class Proposed:
    """What would be reported: kind and value as in an entry; points None for 不涉及; `text` is how they come about."""

    kind: str
    value: dict[str, Any]
    points: Decimal | None
    text: str

    @property
    def entry(self) -> dict[str, Any]:
        """As a draft; 不涉及 brings its reason along."""
        note = "" if self.points is not None else self.text
        return {"kind": self.kind, "value": self.value, "note": note}


def propose(task: FrozenTask, measured: Measured) -> Proposed | None:
    """The entry that follows from a figure; None where there is no figure or the task has no place for it."""
    if measured.lack:
        return None
    if measured.is_empty:
        text = f"底数中{measured.indicator.of}为 0"
        return Proposed("not_applicable", {}, None, text) if task.may_not_apply else None
    value = _VALUES[measured.indicator.shape](task, measured)
    try:
        derived = points_for(task.criterion, value, task.full_points)
    except UnusableValue:
        return None
    return Proposed("points", derived.value, derived.points, derived.derivation)


def _whole(task: FrozenTask, measured: Measured) -> dict[str, Any]:
    return {"count": plain(measured.numerator or Decimal(0))}


def _times(task: FrozenTask, measured: Measured) -> dict[str, Any]:
    return {"times": int(measured.numerator or 0)}


def _share(task: FrozenTask, measured: Measured) -> dict[str, Any]:
    return {"part": plain(measured.numerator or Decimal(0)), "whole": plain(measured.denominator or Decimal(0))}


def _done(task: FrozenTask, measured: Measured) -> dict[str, Any]:
    places = places_of(measured.indicator, task.criterion["items"], "text")
    return {"done": sorted(places[part] for part in measured.parts or () if part in places)}


def _level(task: FrozenTask, measured: Measured) -> dict[str, Any]:
    places = places_of(measured.indicator, task.criterion["levels"], "label")
    return {"level": places.get((measured.parts or ("",))[0])}


_VALUES = {COUNT: _whole, FAULTS: _times, RATIO: _share, CHECKLIST: _done, GRADES: _level}


def places_of(indicator: Indicator, listed: Sequence[Mapping[str, Any]], name: str) -> dict[str, int]:
    """At which place of a list each part of the indicator stands, by the one text that holds its word."""
    found: dict[str, int] = {}
    for part, word in indicator.parts.items():
        places = [place for place, one in enumerate(listed) if word in str(one[name])]
        if len(places) == 1 and places[0] not in found.values():
            found[part] = places[0]
    return found


# -- checks


def indicator_fault(name: str, criterion: Mapping[str, Any], window: str) -> str:
    """Why a task may not name this indicator, in Chinese; empty when it may. Those of `LATER` may be named already."""
    if not name or name in LATER:
        return ""
    indicator = INDICATORS.get(name)
    if indicator is None:
        return f"没有“{name}”这个底数指标。"
    kind = criterion.get("kind", "")
    if kind and FITS[indicator.shape] != kind:
        fitting = KIND_WORDS[FITS[indicator.shape]]
        return f"“{indicator.label}”只能用于{fitting}（{FITS[indicator.shape]}）的计分办法。"
    if window and window not in indicator.windows:
        return f"“{indicator.label}”的时段只能是{'、'.join(WINDOWS[one] for one in indicator.windows)}。"
    return _parts_fault(indicator, criterion) if kind else ""


def _parts_fault(indicator: Indicator, criterion: Mapping[str, Any]) -> str:
    if not indicator.parts:
        return ""
    listed, name = _TEXTS[criterion["kind"]]
    places = places_of(indicator, criterion[listed], name)
    strangers = [str(one[name]) for place, one in enumerate(criterion[listed]) if place not in places.values()]
    missing = [word for part, word in indicator.parts.items() if part not in places]
    if strangers:
        return f"“{indicator.label}”推不出“{'”“'.join(strangers)}”。"
    return f"“{indicator.label}”还须有“{'”“'.join(missing)}”。" if missing and criterion["kind"] == "graded" else ""
