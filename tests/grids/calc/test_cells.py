"""What a cell says, and what is refused in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from grids.calc.cells import (
    Unreadable,
    amount_of_cell,
    day_of_cell,
    flag_of_cell,
    text_of_value,
    whole_of_cell,
)


@pytest.mark.parametrize(
    "text",
    ["2026-03-01", "2026年3月1日", "2026.3.1", "2026/3/1", "20260301", " ２０２６－３－１ ", "2026-03-01 00:00:00"],
)
def test_a_day_in_the_ways_offices_write_it(text: str) -> None:
    assert day_of_cell(text) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-13-01", "没有“2026-13-01”这一天。"),
        ("2026-02-30", "没有“2026-02-30”这一天。"),
        ("2026年3月", "日期要写到日，例如 2026-03-01。"),
        ("46000", "是表格的日期序号，请把该列设为日期格式，或写成 2026-03-01。"),
        ("0001-01-01", "日期须在 1900 年至 2199 年之间。"),
        ("=TODAY()", "是公式，请改成数值。"),
        ("昨天", "“昨天”不是日期，请写成 2026-03-01 或 2026年3月1日。"),
    ],
)
def test_what_is_no_day(text: str, reason: str) -> None:
    assert refusal(day_of_cell, text) == reason


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("１２", 12), ("12.0", 12), (" 0 ", 0), ("999999", 999_999)])
def test_whole_numbers(text: str, value: int) -> None:
    assert whole_of_cell(text) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-0.01", "不能小于 0。"),
        ("85%", "不要写百分比，只写数字。"),
        ("1e309", "“1e309”不是整数。"),
        ("NaN", "“NaN”不是整数。"),
        ("1_0", "“1_0”不是整数。"),
        ("0x10", "“0x10”不是整数。"),
        ("一", "“一”不是整数。"),
        ("4,5", "“4,5”不是整数。"),
        ("300户", "只写数字，不要写“户”。"),
        ("9" * 400, "数字过大，不能超过 999999。"),
        ("4.5", "“4.5”不是整数。"),
    ],
)
def test_what_is_no_whole_number(text: str, reason: str) -> None:
    assert refusal(whole_of_cell, text) == reason


def test_amounts_are_exact() -> None:
    assert [amount_of_cell(text) for text in ("12.5", "１２", "0.01")] == [
        Decimal("12.50"),
        Decimal("12"),
        Decimal("0.01"),
    ]
    assert refusal(amount_of_cell, "0.001") == "“0.001”不是数字，最多两位小数。"


def test_yes_and_no() -> None:
    assert [flag_of_cell(text) for text in ("是", "√", "否", " 无 ")] == [True, True, False, False]
    assert refusal(flag_of_cell, "1") == "“1”请写“是”或“否”。"


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "是"), (Decimal("12.50"), "12.5"), (Decimal("10.00"), "10"), (date(2026, 3, 1), "2026-03-01")],
)
def test_a_value_as_a_cell(value: Any, text: str) -> None:
    assert text_of_value(value) == text


def refusal(read: Callable[[str], Any], text: str) -> str:
    with pytest.raises(Unreadable) as caught:
        read(text)
    return caught.value.message
