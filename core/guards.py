"""Refusals across apps: an app to the right says why something in an app to its left must wait.

A guard takes the object and the day, and returns a Chinese reason or an empty text. Guards are
registered in `AppConfig.ready`, so the list is explicit and stands at one place an app.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from core.errors import Conflict

Guard = Callable[[Any, date], str]
_guards: dict[str, list[Guard]] = defaultdict(list)


def register(act: str, guard: Guard) -> None:
    """Let `guard` be asked before `act` (for example `organisation.close`); registering twice is harmless."""
    if guard not in _guards[act]:
        _guards[act].append(guard)


def reasons_against(act: str, subject: Any, day: date) -> list[str]:
    """Every reason why `act` on `subject` must be refused on that day."""
    return [reason for guard in _guards[act] if (reason := guard(subject, day))]


def check(act: str, subject: Any, day: date) -> None:
    """Raise Conflict (HTTP 409) with all reasons, if there are any."""
    reasons = reasons_against(act, subject, day)
    if reasons:
        raise Conflict("；".join(reasons))
