"""The working-day table: which days are special, and for which years nobody has said."""

from __future__ import annotations

from datetime import date, timedelta

from core.models import SpecialDay

LOOK_AHEAD = timedelta(days=45)


def special_days(first: date, last: date) -> dict[date, bool]:
    """Special days between two days, and whether they are worked."""
    return dict(SpecialDay.objects.filter(day__range=(first, last)).values_list("day", "is_working"))


def special_days_around(day: date) -> dict[date, bool]:
    """Those near enough to count deadlines of a month from `day`."""
    return special_days(day - timedelta(days=120), day + timedelta(days=120))


def years_without_calendar(today: date) -> list[int]:
    """The present year, and the next one when it is near, as far as no special day of them is known."""
    years = sorted({today.year, (today + LOOK_AHEAD).year})
    known = {day.year for day in SpecialDay.objects.filter(day__year__in=years).dates("day", "year")}
    return [year for year in years if year not in known]


def calendar_warning(today: date) -> str:
    """In words what is missing and what is done instead; empty when all is known."""
    years = years_without_calendar(today)
    if not years:
        return ""
    return f"{'、'.join(str(year) for year in years)} 年的节假日和调休还没有登记，提醒暂按周一至周五为工作日计算。"
