"""When things happen in a sample month: office hours, everything before now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from scoring.calc.windows import month_after

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = timedelta(days=4)  # the first acts come so long before the month's end


@dataclass(frozen=True, slots=True)
class MonthCalendar:
    """The days of a month's acts. Months that have just ended are played faster, so that nothing lies ahead."""

    month: date
    now: datetime
    begun_at: datetime | None = None  # nothing may come before: the month is under way

    @property
    def end(self) -> datetime:
        return datetime.combine(month_after(self.month), time(0), ZONE)

    def at(self, days: float) -> datetime:
        """The moment `days` after the month's end, moved forward in proportion when that lies ahead of now."""
        latest = timedelta(days=12.5)
        if self.begun_at is not None:
            share = (timedelta(days=days) + FIRST) / (latest + FIRST)
            return self.begun_at + (self.now - self.begun_at) * share
        room = min(latest, self.now - timedelta(minutes=10) - self.end)
        scale = room / latest if days > 0 else 1.0
        return (
            _office_hours(self.end + timedelta(days=days * scale), self.now)
            if scale == 1.0
            else (self.end + timedelta(days=days * scale))
        )

    def some(self, random: Random, first: float, last: float) -> datetime:
        """A moment between two days after the month's end."""
        return self.at(random.uniform(first, last))


def _office_hours(moment: datetime, now: datetime) -> datetime:
    local = moment.astimezone(ZONE)
    hour = 8 + (local.hour * 10 // 24)
    moved = local.replace(hour=hour, minute=(local.minute + local.second) % 60)
    return moved if moved < now else local
