"""Links that apps to the right put on pages of the month; they register in `AppConfig.ready`.

A provider takes the account, the period and the place (`period`, `trial` or `ranking`); it gives (label, address)
pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from core.models import User
from scoring.models import Period

PageLink = tuple[str, str]
Provider = Callable[[User, Period, str], Iterable[PageLink]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Registering twice is harmless."""
    if provider not in _providers:
        _providers.append(provider)


def links_for(user: User, period: Period, place: str) -> list[PageLink]:
    return [link for provider in _providers for link in provider(user, period, place)]
