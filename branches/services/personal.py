"""Personal fields appear in the audit by name and keyed digest only: comparable, not readable."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings


def keyed_digests(**fields: str) -> dict[str, str]:
    """HMAC-SHA-256 of each value under the audit key."""
    key = settings.AUDIT_KEY.encode()
    return {
        field: hmac.new(key, f"{field}:{value}".encode(), hashlib.sha256).hexdigest() for field, value in fields.items()
    }
