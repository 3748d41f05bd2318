"""Keeping the working-day table: a day at a time, or a year from what ships."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from chinese_calendar import constants
from django.db import transaction

from core import clock
from core.actor import Actor
from core.errors import Conflict, Invalid
from core.models import SpecialDay
from core.services import audit
from core.text import required_text

NAME_LENGTH = 40
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
_NAMES = {holiday.value: holiday.chinese for holiday in constants.Holiday}


@transaction.atomic
def set_special_day(*, actor: Actor, day: date, is_working: bool, name: Any) -> SpecialDay:
    """Say of one day whether it is worked; saying so again changes it."""
    if not EARLIEST <= day <= LATEST:
        raise Invalid("日期须在 2000 年至 2199 年之间。", {"day": ["日期须在 2000 年至 2199 年之间。"]})
    try:
        words = required_text(name, max_length=NAME_LENGTH, label="名称", is_single_line=True)
    except Invalid as error:
        raise Invalid(error.message, {"name": [error.message]}) from error
    wanted = {"is_working": is_working, "name": words, "changed_at": clock.now()}
    special, _ = SpecialDay.objects.update_or_create(day=day, defaults=wanted)
    payload = {"day": day, "is_working": is_working, "name": words}
    audit.record(actor=actor, verb="core.set_special_day", subject=special, payload=payload)
    return special


@transaction.atomic
def seed_calendar(*, actor: Actor, year: int) -> int:
    """Fill in a year's special days from the list that ships; days already there are left alone. How many are new."""
    if year not in shipped_years():
        raise Conflict(f"随系统的节假日表只到 {shipped_years()[-1]} 年；{year} 年的请按国务院办公厅通知逐日登记。")
    there = set(SpecialDay.objects.filter(day__year=year).values_list("day", flat=True))
    fresh = [special for special in _shipped(year) if special.day not in there]
    SpecialDay.objects.bulk_create(fresh)
    if fresh:
        audit.record(actor=actor, verb="core.seed_calendar", payload={"year": year, "days": len(fresh)})
    return len(fresh)


def shipped_years() -> range:
    """The years the list that ships knows."""
    years = [day.year for day in constants.holidays]
    return range(min(years), max(years) + 1)


def _shipped(year: int) -> list[SpecialDay]:
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    return [special for day in days if day.year == year and (special := _special(day)) is not None]


def _special(day: date) -> SpecialDay | None:
    """A holiday on a weekday or a worked weekend day; None for what its weekday says."""
    if day in constants.workdays and day.weekday() >= 5:
        return SpecialDay(day=day, is_working=True, name=f"{_NAMES[constants.workdays[day]]}调休")
    if day in constants.holidays and day.weekday() < 5:
        return SpecialDay(day=day, is_working=False, name=_NAMES[constants.holidays[day]])
    return None
