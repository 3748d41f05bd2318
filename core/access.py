"""What core asks about the person in front of it, without knowing why she may: an app to the right answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.permit import ALLOWED, Permit, refused

Checker = Callable[[Any, str], bool]
_checkers: list[Checker] = []

READ_AUDIT = "read_audit"
ADMINISTER_SYSTEM = "administer_system"
ADMINISTER_ACCOUNTS = "administer_accounts"

_HOLDERS = {
    READ_AUDIT: "审计管理员",
    ADMINISTER_SYSTEM: "系统管理员",
    ADMINISTER_ACCOUNTS: "安全管理员",
}


def register_checker(checker: Checker) -> None:
    """`checker(user, duty) -> bool` is asked whether an account holds a duty; registering twice is harmless."""
    if checker not in _checkers:
        _checkers.append(checker)


def has_duty(user: Any, duty: str) -> bool:
    """Whether any checker says so; without one nobody holds any duty."""
    return bool(user.is_authenticated and any(checker(user, duty) for checker in _checkers))


def can_hold(user: Any, duty: str) -> Permit:
    """The same as a permit with its reason."""
    return ALLOWED if has_duty(user, duty) else refused(f"只有{_HOLDERS[duty]}可以进行此操作。")
