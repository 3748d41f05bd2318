"""When a deadline is worth a word: some working days before, on the day, the day after, and when it is handed up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.calc.working_days import between, shifted


@dataclass(frozen=True, slots=True)
class Pace:
    """The year's settings, in working days."""

    before: int
    to_street: int
    to_office: int


@dataclass(frozen=True, slots=True)
class Stage:
    """Where today stands to a deadline: `left` working days to it, `over` since it."""

    due_on: date
    left: int
    over: int
    is_remembered: bool
    is_for_street: bool
    is_for_office: bool


def stage(due_on: date, today: date, pace: Pace, special: Mapping[date, bool]) -> Stage:
    """What to do today (a working day) about a deadline. One that falls on a holiday counts from the day before it."""
    last_day = shifted(due_on, 0, special)
    over = between(due_on, today, special) if today > due_on else 0
    days = (last_day, shifted(last_day, -pace.before, special))
    is_remembered = over in (1, pace.to_street, pace.to_office) if over else today in days
    left = between(today, last_day, special) if today <= last_day else 0
    return Stage(due_on, left, over, is_remembered, over == pace.to_street, over == pace.to_office)


def deadline_words(state: Stage) -> str:
    """How the deadline stands: 11月3日截止，还有 2 个工作日."""
    day = f"{state.due_on.month}月{state.due_on.day}日"
    if state.over:
        return f"已过截止 {state.over} 个工作日"
    return f"{day}截止，还有 {state.left} 个工作日" if state.left else f"{day}截止，今天是最后一个工作日"
