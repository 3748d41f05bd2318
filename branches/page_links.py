"""Links that apps to the right put on the page of an organisation; they register in `AppConfig.ready`.

A provider takes the account and the organisation and gives (label, address) pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from branches.models import Organisation
from core.models import User

PageLink = tuple[str, str]
Provider = Callable[[User, Organisation], Iterable[PageLink]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Registering twice is harmless."""
    if provider not in _providers:
        _providers.append(provider)


def links_for(user: User, organisation: Organisation) -> list[PageLink]:
    return [link for provider in _providers for link in provider(user, organisation)]
