"""The audit as a list for the audit administrator."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.audit_words import act_word, acts_named, type_word, types_named
from core.models import AuditEntry


@dataclass(frozen=True)
class EntryRow:
    """An entry as it is read: its content indented, the schema number and the row digests left to the proof."""

    entry: AuditEntry
    act: str
    object_type: str
    content: str
    digest_count: int


def audit_entries(
    *, verb: str = "", subject: str = "", actor: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[AuditEntry]:
    """Entries, newest first; `until` is included, `subject` is a type or `type:id`, both by name or word."""
    entries = AuditEntry.objects.order_by("-seq")
    kind, _, key = subject.strip().replace("：", ":").partition(":")
    if act := verb.strip():
        entries = entries.filter(Q(verb__icontains=act) | Q(verb__in=acts_named(act)))
    if kind := kind.strip():
        entries = entries.filter(Q(object_type__icontains=kind) | Q(object_type__in=types_named(kind)))
    wanted: dict[str, Any] = {
        "object_id": key.strip(),
        "actor_label__icontains": actor.strip(),
        "at__gte": _midnight(since),
        "at__lt": _midnight(until + timedelta(days=1)) if until else None,
    }
    return entries.filter(**{name: value for name, value in wanted.items() if value})


def entry_row(entry: AuditEntry) -> EntryRow:
    """The payload for people; a payload that is no JSON (tampered with) is shown as it stands."""
    content, digest_count = _content(entry.payload)
    return EntryRow(entry, act_word(entry.verb), type_word(entry.object_type), content, digest_count)


def _content(text: str) -> tuple[str, int]:
    try:
        payload = json.loads(text)
        digests = payload.pop("row_digests", [])
        payload.pop("schema", None)
    except (ValueError, AttributeError, TypeError):
        return text, 0
    return json.dumps(payload, ensure_ascii=False, indent=1) if payload else "", len(digests)


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
