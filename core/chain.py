"""How an audit entry is chained to the one before it; writing and verifying use the same form."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

from core.canonical import canonical_bytes
from core.models import AuditEntry


def entry_hash(entry: AuditEntry) -> str:
    """HMAC-SHA-256 over the canonical row and the previous hash; the key lies outside the database."""
    row = {
        "schema": 1,
        "seq": entry.seq,
        "at": entry.at,
        "actor_id": entry.actor_id,
        "actor_label": entry.actor_label,
        "verb": entry.verb,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "payload": entry.payload,
        "prev_hash": entry.prev_hash,
        "key_id": entry.key_id,
    }
    return hmac.new(settings.AUDIT_KEY.encode(), canonical_bytes(row), hashlib.sha256).hexdigest()
