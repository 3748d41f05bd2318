"""Counting working days: Monday to Friday, but for the days that are told otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

Special = Mapping[date, bool]
DAY = timedelta(days=1)


def is_working(day: date, special: Special) -> bool:
    """`special` says of some days whether they are worked."""
    return special.get(day, day.weekday() < 5)


def shifted(day: date, count: int, special: Special) -> date:
    """The working day `count` working days after (or before) `day`; for 0 the day itself or the last one before it."""
    step = DAY if count > 0 else -DAY
    if count == 0:
        while not is_working(day, special):
            day -= DAY
        return day
    for _ in range(abs(count)):
        day += step
        while not is_working(day, special):
            day += step
    return day


def between(first: date, last: date, special: Special) -> int:
    """How many working days lie after `first` up to and with `last`; negative when `last` is earlier."""
    if last < first:
        return -between(last, first, special)
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(is_working(day, special) for day in days)
