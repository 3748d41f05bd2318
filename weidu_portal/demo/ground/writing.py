"""Many rows at once with one audit entry, as an import writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import models, transaction

from core import immutability
from core.actor import Actor
from core.immutability import row_digests
from core.services import audit

Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def write(actor: Actor, rows: Sequence[Row]) -> list[Row]:
    """All or none; append-only rows are named by digest."""
    if not rows:
        return []
    model = type(rows[0])
    kept = model._default_manager.bulk_create(rows, batch_size=500)
    payload: dict[str, Any] = {"model": model._meta.label_lower, "count": len(kept), "source": "示例数据"}
    if model in immutability.digested_models():
        payload["row_digests"] = row_digests(kept)
    audit.record(actor=actor, verb="grids.record", payload=payload)
    return kept
