"""The one source of time. Dates are Asia/Shanghai days; intervals are half-open [starts_on, ends_on)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_pinned: ContextVar[datetime | None] = ContextVar("pinned_clock", default=None)


def now() -> datetime:
    """The present moment, aware; the pinned one inside `pinned_at`."""
    return _pinned.get() or timezone.now()


def today() -> date:
    """Today as a day in Asia/Shanghai."""
    return timezone.localdate(now())


@contextmanager
def pinned_at(moment: datetime) -> Iterator[None]:
    """Hold the clock at an aware `moment`: for tests, sample data and replays."""
    if timezone.is_naive(moment):
        raise ValueError("pinned_at needs an aware datetime")
    token = _pinned.set(moment)
    try:
        yield
    finally:
        _pinned.reset(token)
