"""How amounts, months, days and times are written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.templatetags.portal import clock_time, day, fixed, full_day, moment, month_label, points


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("3.50"), "3.5"),
        (Decimal("4.00"), "4"),
        ("88.25", "88.25"),
        (Decimal("0.00"), "0"),
        (Decimal("100"), "100"),
        ("100.00", "100"),
        (Decimal("1E+2"), "100"),
        (None, "—"),
        ("", "—"),
        ("不涉及", "不涉及"),
    ],
)
def test_points_lose_idle_zeros_and_nothing_else(value: Decimal | str | None, text: str) -> None:
    assert points(value) == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Decimal("92.5"), 2, "92.50"),
        ("82.29", 2, "82.29"),
        ("100", 2, "100.00"),
        (Decimal("1E+2"), 1, "100.0"),
        ("92.50", 0, "92.5"),
        ("92.00", 0, "92"),
        (None, 2, "—"),
    ],
)
def test_totals_of_a_column_have_the_places_of_the_year(value: Decimal | str | None, places: int, text: str) -> None:
    assert fixed(value, places) == text


def test_months_and_days_are_written_in_chinese() -> None:
    assert month_label("2026-10") == "2026年10月"
    assert month_label(date(2026, 9, 1)) == "2026年9月"
    assert day(date(2026, 10, 31)) == "10月31日"
    assert full_day("2026-11-03") == "2026年11月3日"
    assert (month_label(None), day(None), full_day("")) == ("—", "—", "—")


def test_times_are_those_of_the_place_not_of_the_machine() -> None:
    late = datetime(2026, 10, 31, 16, 5, tzinfo=UTC)
    assert moment(late) == "11月1日 00:05"
    assert moment("2026-10-31T11:03:00.000000Z") == "10月31日 19:03"
    assert day("2026-10-31T16:05:00Z") == "11月1日"
    assert clock_time(late) == "00:05"
