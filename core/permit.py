"""The answer of every `can_x`: allowed or not, and why not, in words for the person who asked."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import Forbidden


@dataclass(frozen=True)
class Permit:
    """Truthy when allowed; `reason` is a Chinese sentence when not."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise Forbidden (HTTP 403) with the reason unless allowed."""
        if not self.allowed:
            raise Forbidden(self.reason)


ALLOWED = Permit(True)


def refused(reason: str) -> Permit:
    """A permit that says no and why."""
    return Permit(False, reason)
