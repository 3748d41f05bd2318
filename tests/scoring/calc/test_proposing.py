"""Which shapes fit which criteria, and the entry that follows from a figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from grids.calc.indicators import INDICATORS, LATER, Measured
from scoring.calc.frozen import FrozenTask
from scoring.calc.proposing import FITS, indicator_fault, propose
from tests.scoring.month import sample_editions

TASKS = [task for edition in sample_editions() for task in edition.tasks]


def frozen(criterion: dict[str, Any], full: int, *, may_not_apply: bool = False) -> FrozenTask:
    return FrozenTask(1, "key", "star", "任务", "标准", "state", may_not_apply, full, criterion, "", "", "")


def figure(name: str, **found: Any) -> Measured:
    return Measured(INDICATORS[name], INDICATORS[name].windows[0], None, date(2026, 10, 31), **found)


def of_sample(name: str) -> FrozenTask:
    task = next(task for task in TASKS if task.indicator == name)
    full = int(task.full_points * 100)
    return FrozenTask(
        1, "key", "star", "任务", "标准", task.window, task.may_not_apply, full, task.criterion, "", "", "", name
    )


def number(amount: int) -> dict[str, Any]:
    return {"numerator": Decimal(amount)}


def of(part: int, whole: int) -> dict[str, Any]:
    return {"numerator": Decimal(part), "denominator": Decimal(whole)}


# -- the sample


def test_the_sample_names_only_what_fits() -> None:
    assert {task.indicator: fault for task in TASKS if (fault := indicator_fault(*_named(task)))} == {}


def _named(task: Any) -> tuple[str, dict[str, Any], str]:
    return task.indicator, task.criterion, task.window


def test_the_registers_propose_enough_points() -> None:
    """At least 45 urban and 40 agricultural points come from registers that are kept."""
    sums = [sum(t.full_points for t in edition.tasks if t.indicator in INDICATORS) for edition in sample_editions()]
    assert sums == [Decimal("48.5"), Decimal("45")]
    later = [sum(t.full_points for t in edition.tasks if t.indicator in LATER) for edition in sample_editions()]
    assert [one + more for one, more in zip(sums, later, strict=True)] == [Decimal(70), Decimal("58.5")]


def test_every_indicator_serves_a_task_of_the_sample_save_the_one_over_both_kinds() -> None:
    assert INDICATORS.keys() - {task.indicator for task in TASKS} == {"overdue_rectification_count"}


# -- entries


@pytest.mark.parametrize(
    ("name", "found", "value", "points"),
    [
        ("volunteer_activity_count", number(2), {"count": "2"}, "2.00"),
        ("overdue_hazard_count", number(3), {"times": 3}, "2.50"),
        ("managed_courtyard_rate", of(6, 8), {"part": "6", "whole": "8"}, "3.00"),
        ("managed_courtyard_rate", of(0, 8), {"part": "0", "whole": "8"}, "0.00"),
        ("centre_standard_items", {"parts": ("area", "has_flag")}, {"done": [0, 6]}, "1.50"),
        ("centre_standard_items", {"parts": ()}, {"done": []}, "0.00"),
        ("cooperative_items", {"parts": ("cooperative_benefits", "has_cooperative")}, {"done": [0, 3]}, "2.00"),
        ("collective_income_trend", {"parts": ("falling",)}, {"level": 3}, "1.00"),
        ("collective_income_trend", {"parts": ("rising",)}, {"level": 0}, "5.00"),
    ],
)
def test_a_figure_becomes_an_entry(name: str, found: dict[str, Any], value: dict[str, Any], points: str) -> None:
    proposed = propose(of_sample(name), figure(name, **found))
    assert proposed is not None
    assert (proposed.kind, proposed.value, proposed.points) == ("points", value, Decimal(points))


def test_nothing_to_count_is_not_applicable_only_where_that_may_be() -> None:
    proposed = propose(of_sample("managed_courtyard_rate"), figure("managed_courtyard_rate", **of(0, 0)))
    assert proposed is not None
    assert proposed.entry == {"kind": "not_applicable", "value": {}, "note": "底数中庭院（小区）为 0"}
    assert propose(of_sample("grid_branch_coverage"), figure("grid_branch_coverage", **of(0, 0))) is None


def test_a_lack_proposes_nothing() -> None:
    assert propose(of_sample("volunteer_activity_count"), figure("volunteer_activity_count", lack="没有登记")) is None


def test_the_items_of_a_checklist_are_found_by_their_words_in_any_order() -> None:
    items = [{"text": text, "points": "1.00"} for text in ("账目向居民公开", "收益惠及居民")]
    task = frozen({"kind": "checklist", "items": items}, 200)
    assert indicator_fault("cooperative_items", task.criterion, "year").endswith("推不出“账目向居民公开”。")
    items[0]["text"] = "账目公开"
    assert indicator_fault("cooperative_items", task.criterion, "year") == ""
    found = propose(task, figure("cooperative_items", parts=("cooperative_benefits", "has_cooperative")))
    assert found is not None
    assert found.value == {"done": [1]}


# -- what may not be named


@pytest.mark.parametrize("kind", [*FITS.values(), "judged"])
@pytest.mark.parametrize("name", INDICATORS)
def test_only_one_kind_fits_a_shape(name: str, kind: str) -> None:
    criterion = {"kind": kind, "items": [], "levels": []}
    fault = indicator_fault(name, criterion, "")
    fits = FITS[INDICATORS[name].shape] == kind
    assert ("只能用于" in fault) == (not fits)


@pytest.mark.parametrize(
    ("name", "criterion", "window", "fault"),
    [
        ("visits", {"kind": "count"}, "month", "没有“visits”这个底数指标。"),
        ("culture_team_count", {"kind": "ratio"}, "state", "“文体团队数”只能用于计数（count）的计分办法。"),
        ("culture_team_count", {"kind": "count"}, "month", "“文体团队数”的时段只能是当日状态。"),
        ("greening_activity_count", {"kind": "count"}, "state", "“植绿活动次数”的时段只能是当月、当季、本年。"),
        (
            "collective_income_trend",
            {"kind": "graded", "levels": [{"label": "增长且公开"}, {"label": "持平且公开"}]},
            "year",
            "“集体经济收入变化”还须有“公开不全”“下降但有措施”“无收入”。",
        ),
        ("", {"kind": "judged"}, "month", ""),
        ("council_day_rate", {"kind": "ratio"}, "month", ""),
    ],
)
def test_why_a_task_may_not_name_an_indicator(name: str, criterion: dict[str, Any], window: str, fault: str) -> None:
    assert indicator_fault(name, criterion, window) == fault
