"""Which months belong to one window of a task. Rule 1 of the month."""

from __future__ import annotations

from datetime import date


def same_window(window: str, earlier: date, later: date) -> bool:
    """Whether a flow reported in `earlier` still runs in `later`; a state never starts anew, a month always does."""
    if window == "state":
        return True
    if window == "month" or earlier.year != later.year:
        return (earlier.year, earlier.month) == (later.year, later.month)
    return window == "year" or (earlier.month - 1) // 3 == (later.month - 1) // 3


def month_before(month: date) -> date:
    """The first day of the month before."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def month_after(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
