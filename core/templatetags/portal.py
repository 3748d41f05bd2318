"""Template words available everywhere: how amounts, months, days and times are written."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils import timezone

register = template.Library()

ABSENT = "—"


@register.filter
def points(value: Decimal | str | int | None) -> str:
    """An amount without idle zeros: 3.50 → 3.5, 4.00 → 4, nothing → —. Text that is no number stays as it is."""
    if value is None or value == "":
        return ABSENT
    try:
        text = format(Decimal(value), "f")
    except (InvalidOperation, TypeError):
        return str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def fixed(value: Decimal | str | None, places: int) -> str:
    """An amount with so many places, as it stands in a column: 92.5 → 92.50. A digit that counts is never cut off."""
    if value is None or value == "":
        return ABSENT
    amount = Decimal(value).normalize()
    return f"{amount:.{max(places, -int(amount.as_tuple().exponent))}f}"


@register.filter
def month_label(value: date | str | None) -> str:
    """2026-10 or its first day → 2026年10月."""
    if not value:
        return ABSENT
    year, month = (value.year, value.month) if isinstance(value, date) else map(int, str(value).split("-")[:2])
    return f"{year}年{month}月"


@register.filter
def day(value: date | datetime | str | None) -> str:
    """A day of the present reading: 10月31日."""
    moment = _day_of(value)
    return f"{moment.month}月{moment.day}日" if moment else ABSENT


@register.filter
def full_day(value: date | datetime | str | None) -> str:
    """A day with its year: 2026年10月31日."""
    moment = _day_of(value)
    return f"{moment.year}年{moment.month}月{moment.day}日" if moment else ABSENT


@register.filter
def last_day(value: date | datetime | str | None) -> str:
    """The last included day of something that ends on `value`: the one before, with its year."""
    moment = _day_of(value)
    return full_day(moment - timedelta(days=1)) if moment else ABSENT


@register.filter
def moment(value: datetime | str | None) -> str:
    """A time of a day in Asia/Shanghai: 10月31日 19:03."""
    if not value:
        return ABSENT
    at = _local(value)
    return f"{at.month}月{at.day}日 {at:%H:%M}"


@register.filter
def clock_time(value: datetime | str | None) -> str:
    """The time of day alone: 19:03."""
    return f"{_local(value):%H:%M}" if value else ABSENT


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """One entry of a mapping under a key that is only known in the template."""
    return mapping.get(key)


def _local(value: datetime | str) -> datetime:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return timezone.localtime(at) if timezone.is_aware(at) else at


def _day_of(value: date | datetime | str | None) -> date | None:
    if not value:
        return None
    if isinstance(value, str):
        return _local(value).date() if "T" in value else date.fromisoformat(value)
    return _local(value).date() if isinstance(value, datetime) else value
