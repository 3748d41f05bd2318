"""The month in an address: `/periods/2026-10/`."""

from __future__ import annotations

from datetime import date


class MonthConverter:
    """`2026-10` as the first day of the month; anything else is no address of ours."""

    regex = r"20[0-9]{2}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> date:
        return date(int(value[:4]), int(value[5:]), 1)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else f"{value:%Y-%m}"
