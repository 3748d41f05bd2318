"""Which task force serves which star of which track in a month: of each star the latest responsibility not after it."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from branches.models import Placement
from scoring.models import Assessment, Period, StarResponsibility

Star = tuple[str, str]


def served_stars(period: Period) -> dict[Star, int]:
    """Track and star code → task force id, for tracks that the month has; one query."""
    return {star: row.task_force_id for star, row in _serving(period).items()}


def serving_names(period: Period) -> dict[Star, str]:
    """Track and star code → name of the task force on the month's last day; one query."""
    return {star: row.name or "" for star, row in _serving(period).items()}


def task_forces_of(period: Period) -> list[dict[str, Any]]:
    """The task forces of a month by code, with their names of the month's last day and the stars they serve."""
    found: dict[str, dict[str, Any]] = {}
    for (track, star), row in sorted(_serving(period).items()):
        code = row.task_force.code
        force = found.setdefault(code, {"code": code, "name": row.name or code, "stars": []})
        force["stars"].append({"track": track, "star": star})
    return [found[code] for code in sorted(found)]


def _serving(period: Period) -> dict[Star, Any]:
    assessed = Assessment.objects.filter(period=period, track=OuterRef("track"))
    placements = Placement.objects.filter(organisation=OuterRef("task_force"), starts_on__lt=period.ends_on)
    rows = StarResponsibility.objects.filter(Exists(assessed), from_month__lte=period.month).annotate(
        name=Subquery(placements.order_by("-starts_on", "-revision").values("name")[:1])
    )
    latest_last = rows.select_related("star_kind", "task_force").order_by("from_month")
    return {(row.track, row.star_kind.code): row for row in latest_last}
