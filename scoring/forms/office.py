"""What the creation office types: months, moments. Reasons and points are checked by the services."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from core.errors import Invalid

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
_MOMENT = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?")


def read_month(raw: Any) -> date:
    """`2026-10` as the first day of the month."""
    match = _MONTH.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if match is None:
        raise Invalid("月份须写成 2026-10 的样式。", {"month": ["月份须写成 2026-10 的样式。"]})
    return date(int(match[1]), int(match[2]), 1)


def read_moment(raw: Any) -> datetime:
    """A local moment of a `datetime-local` field, aware."""
    problem = "请填写期限的日期和时间，例如 2026-10-31 18:00。"
    if not isinstance(raw, str) or not _MOMENT.fullmatch(raw.strip()):
        raise Invalid(problem, {"until": [problem]})
    try:
        return timezone.make_aware(datetime.fromisoformat(raw.strip()))
    except ValueError as error:
        raise Invalid(problem, {"until": [problem]}) from error
