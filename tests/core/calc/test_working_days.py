"""Counting working days around a long holiday with exchanged days, as 2026 has them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calc.working_days import between, is_working, shifted

HOLIDAY = {date(2026, 10, day): False for day in (1, 2, 5, 6, 7)}
SPECIAL = HOLIDAY | {date(2026, 9, 20): True, date(2026, 10, 10): True}


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 3), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), False),
    ],
)
def test_a_day_is_what_its_weekday_says_unless_it_is_told_otherwise(day: date, worked: bool) -> None:
    assert is_working(day, SPECIAL) is worked


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 10, 8), 2, date(2026, 10, 10)),
        (date(2026, 10, 8), -1, date(2026, 9, 30)),
        (date(2026, 10, 3), 0, date(2026, 9, 30)),
        (date(2026, 10, 8), 0, date(2026, 10, 8)),
    ],
)
def test_shifting_passes_over_days_off(day: date, count: int, found: date) -> None:
    assert shifted(day, count, SPECIAL) == found


@given(st.dates(date(2026, 8, 1), date(2026, 12, 31)), st.integers(1, 30))
def test_shifting_and_counting_agree(day: date, count: int) -> None:
    later = shifted(day, count, SPECIAL)
    assert between(day, later, SPECIAL) == count
    assert is_working(later, SPECIAL)
    assert between(later, day, SPECIAL) == -count


def test_without_a_table_it_is_monday_to_friday() -> None:
    monday = date(2027, 10, 4)
    assert [is_working(monday + timedelta(days=number), {}) for number in range(7)] == [True] * 5 + [False] * 2
