"""What the ground forbids in the chain."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q

from branches.models import Organisation
from grids.models import CentreState, CourtyardState, Coverage, GridState


def closing_waits_for_the_ground(organisation: Organisation, day: date) -> str:
    """Nobody closes while it covers a place or holds ground: both are handed over to the successor first."""
    found = touched_by_closing(organisation, day)
    if not found:
        return ""
    said = "、".join(f"{label} {count} 个" for label, count in found)
    return f"名下还有{said}，请街道或区创建办先在“底数—移交”中移交给接续的党组织"


def touched_by_closing(organisation: Organisation, day: date) -> list[tuple[str, int]]:
    """What stands on its ground or is covered by it on `day` or later, by kind; only kinds with any."""
    reaching = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
    counts = [
        ("网格", _standing(GridState, "community", organisation, day)),
        ("庭院（小区）", _standing(CourtyardState, "community", organisation, day)),
        ("党群服务中心（站）", _standing(CentreState, "organisation", organisation, day)),
        ("党组织覆盖", Coverage.objects.standing().filter(reaching, organisation=organisation).count()),
    ]
    return [(label, count) for label, count in counts if count]


def _standing(model: Any, place: str, holder: Organisation, day: date) -> int:
    subject = model.SUBJECT
    states = model.objects.latest_ones().filter(**{place: holder})
    closing = Q(**{f"{subject}__closed_on__isnull": True}) | Q(**{f"{subject}__closed_on__gt": day})
    count: int = states.filter(closing).count()
    return count
