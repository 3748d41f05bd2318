"""Links that apps to the right put on pages of the month; they register in `AppConfig.ready`.

A provider for months takes the account, the period and the place (`period`, `trial` or `ranking`), one for communities
the officer and the assessment; both give (label, address) pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from branches.acting import Officer
from core.models import User
from scoring.models import Assessment, Period

PageLink = tuple[str, str]
Provider = Callable[[User, Period, str], Iterable[PageLink]]
AssessmentProvider = Callable[[Officer, Assessment], Iterable[PageLink]]
_providers: list[Provider] = []
_of_assessments: list[AssessmentProvider] = []


def register(provider: Provider) -> None:
    """Registering twice is harmless."""
    if provider not in _providers:
        _providers.append(provider)


def links_for(user: User, period: Period, place: str) -> list[PageLink]:
    return [link for provider in _providers for link in provider(user, period, place)]


def register_for_assessments(provider: AssessmentProvider) -> None:
    """Registering twice is harmless."""
    if provider not in _of_assessments:
        _of_assessments.append(provider)


def links_for_assessment(officer: Officer, assessment: Assessment) -> list[PageLink]:
    return [link for provider in _of_assessments for link in provider(officer, assessment)]
