"""Writing the audit: always the last statement of a service, inside its transaction."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection, models

from core import clock
from core.actor import Actor
from core.canonical import canonical_text
from core.chain import entry_hash
from core.models import AuditEntry, ChainHead


def record(
    *, actor: Actor, verb: str, subject: models.Model | None = None, payload: dict[str, Any] | None = None
) -> AuditEntry:
    """Append one entry and move the head. Must run inside the transaction of the act it records.

    `verb` is `app.act` (`scoring.submit`); `payload` takes what canonical JSON takes. Rows written to append-only
    tables are named with their digests (`row_digests`), so that a change made behind the application is found.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an audit entry belongs into the transaction of its act")
    head = ChainHead.objects.select_for_update().get_or_create(pk=1)[0]
    entry = AuditEntry(
        seq=head.seq + 1,
        at=clock.now(),
        actor_id=actor.user_id,
        actor_label=actor.label[:200],
        verb=verb,
        object_type=subject._meta.label_lower if subject is not None else "",
        object_id=str(subject.pk) if subject is not None else "",
        payload=canonical_text({"schema": 1, **(payload or {})}),
        prev_hash=head.hash,
        key_id=settings.AUDIT_KEY_ID,
    )
    entry.row_hash = entry_hash(entry)
    entry.save(force_insert=True)
    head.seq, head.hash = entry.seq, entry.row_hash
    head.save(update_fields=["seq", "hash"])
    return entry
