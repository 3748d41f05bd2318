"""A cell is a value or a sentence: nothing is guessed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from scoring.calc.cells import cell_of_value, value_of_cell
from scoring.calc.criteria import UnusableValue, points_for, reachable

FULL = Decimal("4.00")
GRADED = {
    "kind": "graded",
    "levels": [
        {"label": "健全", "points": "4.00"},
        {"label": "一般", "points": "2.00"},
        {"label": "无", "points": "0.00"},
    ],
}
JUDGED = {"kind": "judged", "step": "0.50", "needs_note": True}
COUNT = {"kind": "count", "unit": "次", "steps": [{"at_least": "3.00", "points": "4.00"}]}
RATIO = {"kind": "ratio", "unit": "%", "steps": [{"at_least": "75.00", "points": "4.00"}]}
DEDUCTION = {"kind": "deduction", "unit": "处", "each": "0.50", "floor": "0.00"}
CHECKLIST = {
    "kind": "checklist",
    "items": [
        {"text": "党旗", "points": "1.00"},
        {"text": "牌子", "points": "1.00"},
        {"text": "桌椅", "points": "2.00"},
    ],
}
ALL = (GRADED, JUDGED, COUNT, RATIO, DEDUCTION, CHECKLIST)


@pytest.mark.parametrize(
    ("criterion", "cell", "value"),
    [
        (GRADED, " 一般 ", {"level": 1}),
        (GRADED, "第３档", {"level": 2}),
        (GRADED, "4", {"level": 0}),
        (JUDGED, "２．５", {"points": "2.5"}),
        (COUNT, "3", {"count": "3"}),
        (RATIO, "9／12", {"part": "9", "whole": "12"}),
        (DEDUCTION, "2", {"times": 2}),
        (DEDUCTION, "2.0", {"times": 2}),
        (CHECKLIST, "1，3", {"done": [0, 2]}),
        (CHECKLIST, "3、1", {"done": [0, 2]}),
        (CHECKLIST, "无", {"done": []}),
        (CHECKLIST, "全部", {"done": [0, 1, 2]}),
    ],
)
def test_what_a_sheet_says_is_read(criterion: dict[str, Any], cell: str, value: dict[str, Any]) -> None:
    assert value_of_cell(criterion, cell) == value
    points_for(criterion, value, FULL)


@pytest.mark.parametrize(
    ("criterion", "cell", "words"),
    [
        (JUDGED, "4.5分", "不要写“分”"),
        (JUDGED, "85%", "不要写百分比"),
        (JUDGED, "=1+1", "是公式"),
        (JUDGED, "-0.01", "不能小于 0"),
        (JUDGED, "1e309", "不"),
        (JUDGED, "NaN", "不是数字"),
        (JUDGED, "1_0", "不"),
        (JUDGED, "0x10", "不"),
        (JUDGED, "一", "不是数字"),
        (JUDGED, "4,5", "不是数字"),
        (JUDGED, "9" * 400, "过长"),
        (COUNT, "3次", "不要写“次”"),
        (COUNT, "", "空的"),
        (RATIO, "75%", "不要写百分比"),
        (RATIO, "9", "缺少总数"),
        (RATIO, "9月12日", "像是日期"),
        (RATIO, "2026/9/12", "像是日期"),
        (RATIO, "9/12/1", "不是数字"),
        (DEDUCTION, "1.5", "整数"),
        (CHECKLIST, "4", "1 至 3"),
        (CHECKLIST, "1;x", "1 至 3"),
        (GRADED, "很好", "不是所列的一档"),
        (GRADED, "第4档", "不是所列的一档"),
        (GRADED, "[]", "不是所列的一档"),
    ],
)
def test_anything_else_is_refused_in_words(criterion: dict[str, Any], cell: str, words: str) -> None:
    with pytest.raises(UnusableValue, match=words):
        value_of_cell(criterion, cell)


@pytest.mark.parametrize("criterion", ALL, ids=lambda one: one["kind"])
def test_a_value_is_written_as_the_cell_that_says_it(criterion: dict[str, Any]) -> None:
    for derived in reachable(criterion, FULL):
        read = value_of_cell(criterion, cell_of_value(criterion, derived.value))
        assert points_for(criterion, read, FULL).points == derived.points


@pytest.mark.parametrize("criterion", ALL, ids=lambda one: one["kind"])
@pytest.mark.parametrize("value", [{}, {"points": None}, {"level": 9}, {"done": None}, {"part": "x", "whole": "1"}])
def test_a_foreign_value_is_no_cell(criterion: dict[str, Any], value: dict[str, Any]) -> None:
    assert cell_of_value(criterion, value) == ""
