"""What is offered where a text is typed, and where such a text leads: an app to the right knows it, any app shows it.

A source takes the account and returns what that account sees; it is registered in `AppConfig.ready` under the name of
its list. What is typed stays free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.models import User


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text, what it stands for, and the page about it."""

    text: str
    label: str
    address: str


Source = Callable[[User], Iterable[Suggestion]]
_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Let `source` fill the list `name`; a list has one source."""
    _sources[name] = source


def offered(name: str, user: User) -> list[Suggestion]:
    """What the account is offered, in the order of the source; nothing for a list that nobody fills."""
    source = _sources.get(name)
    return list(source(user)) if source is not None and user.is_authenticated else []
