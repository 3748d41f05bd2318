"""What the audit says of a month's turns, and the chain itself. Who did it is never asked here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from core.models import AuditEntry
from scoring.models import Assessment, Period

Span = tuple[datetime, datetime | None]


class FrozenEntry(NamedTuple):
    """The object of an act and the digest of the facts it froze."""

    object_id: str
    frozen: str


def frozen_entries(verb: str, subjects: Sequence[Assessment | Period]) -> list[FrozenEntry]:
    """What an opening or joining wrote of the facts it froze, oldest first."""
    ids = [str(subject.pk) for subject in subjects]
    entries = AuditEntry.objects.filter(verb=verb, object_id__in=ids).order_by("seq")
    return [
        FrozenEntry(pk, json.loads(text).get("frozen", "")) for pk, text in entries.values_list("object_id", "payload")
    ]


def closed_times(period: Period) -> list[Span]:
    """From each closing to the re-opening after it; the last one has no end."""
    turns = AuditEntry.objects.filter(
        object_type=period._meta.label_lower,
        object_id=str(period.pk),
        verb__in=["scoring.period.close", "scoring.period.reopen"],
    ).order_by("seq")
    spans: list[Span] = []
    for verb, at in turns.values_list("verb", "at"):
        if verb == "scoring.period.close":
            spans.append((at, None))
        elif spans:
            spans[-1] = (spans[-1][0], at)
    return spans
