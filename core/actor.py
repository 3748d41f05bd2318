"""Who does something: the least that audit and jobs need to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Actor:
    """A log-in account and the words it appears under in the audit."""

    user_id: int | None
    label: str


SYSTEM = Actor(user_id=None, label="系统")


def actor_of(request: Any) -> Actor:
    """Who acts in a request: the officer an app to the right put there, else the bare account."""
    officer = getattr(request, "officer", None)
    return officer if officer else Actor(user_id=request.user.pk, label=request.user.get_username())
