"""One canonical form for everything that is digested: the same content gives the same bytes on every machine.

Sorted keys, UTF-8, NFC text, no floats, decimals as fixed-scale strings, days and times in ISO 8601 (UTC).
The object at the top must carry a `schema` number, so that a later form can be told from this one.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

POINTS_SCALE = Decimal("0.01")


def canonical_text(content: dict[str, Any]) -> str:
    """Content as canonical JSON text; TypeError for a float or an unknown type, ValueError without `schema`."""
    if not isinstance(content.get("schema"), int):
        raise ValueError("canonical content needs an integer 'schema'")
    return json.dumps(_plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical_bytes(content: dict[str, Any]) -> bytes:
    """Content as canonical UTF-8 bytes."""
    return canonical_text(content).encode("utf-8")


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical bytes, 64 lower-case hex digits."""
    return hashlib.sha256(canonical_bytes(content)).hexdigest()


def text_digest(text: str) -> str:
    """SHA-256 of text that is canonical already."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def fixed(value: Decimal) -> str:
    """A decimal as the fixed-scale text used in frozen content: `3.50`; ValueError if it needs more places."""
    quantized = value.quantize(POINTS_SCALE)
    if quantized != value:
        raise ValueError(f"{value} has more than two places")
    return str(quantized)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Decimal):
        return fixed(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return _plain_mapping(value)
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _plain_mapping(value: dict[Any, Any]) -> dict[str, Any]:
    if not all(isinstance(key, str) for key in value):
        raise TypeError("canonical keys are text")
    return {unicodedata.normalize("NFC", key): _plain(part) for key, part in value.items()}
