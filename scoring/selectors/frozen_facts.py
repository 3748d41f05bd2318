"""The four facts that opening freezes, as one digest: what the audit keeps of them. Rule 2."""

from __future__ import annotations

from collections.abc import Iterable

from core.canonical import digest
from scoring.models import Assessment


def frozen_digest(assessments: Iterable[Assessment]) -> str:
    """SHA-256 over subject, placement, street, track and edition of some assessments, in the order of their ids."""
    facts = [
        [row.pk, row.subject_id, row.placement_id, row.street_id, str(row.track), row.rubric_id]
        for row in sorted(assessments, key=lambda row: row.pk)
    ]
    return digest({"schema": 1, "frozen": facts})
