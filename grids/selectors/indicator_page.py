"""The indicators of one community as its page shows them: the figure, and the rows behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from branches.models import Organisation
from grids.calc.indicators import WINDOWS, Measured
from grids.selectors.indicators import all_of
from grids.selectors.rows_behind import Rows, rows_of


@dataclass(frozen=True, slots=True)
class Shown:
    """One indicator in one window; `value` is empty where `lack` says why there is none."""

    name: str
    label: str
    definition: str
    window: str
    value: str
    sentence: str
    rows: Rows


def indicators_of(community: Organisation, day: date) -> list[Shown]:
    """Every indicator in each of its windows, in the order of the set; as many queries as there are registers."""
    return [_shown(one) for one in all_of(community.pk, day)]


def _shown(one: Measured) -> Shown:
    return Shown(
        name=one.indicator.name,
        label=one.indicator.label,
        definition=one.indicator.definition,
        window=WINDOWS[one.window],
        value=_value(one),
        sentence=one.sentence,
        rows=rows_of((row.as_row() for row in one.rows), opens=True),
    )


def _value(one: Measured) -> str:
    if one.value is None:
        return ""
    if one.indicator.shape == "ratio":
        return f"{one.value}%"
    return one.value if one.indicator.shape == "grades" else f"{one.value} {one.indicator.unit}"
