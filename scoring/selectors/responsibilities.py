"""Which task force serves which star of which track in a month."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef

from branches.models import Organisation
from scoring.models import Assessment, Period, StarResponsibility


def served_stars(period: Period) -> dict[tuple[str, str], int]:
    """Track and star code → task force id, for tracks that the month has: of each star the latest responsibility not
    after the month.
    """
    assessed = Assessment.objects.filter(period=period, track=OuterRef("track"))
    rows = StarResponsibility.objects.filter(Exists(assessed), from_month__lte=period.month)
    return {
        (row.track, row.star_kind.code): row.task_force_id
        for row in rows.select_related("star_kind").order_by("from_month")
    }


def task_forces_of(period: Period) -> list[dict[str, Any]]:
    """The task forces of a month by code, with their names of the month's end and the stars they serve."""
    served = served_stars(period)
    forces = Organisation.objects.filter(pk__in=set(served.values())).as_of(period.ends_on).order_by("code")
    return [
        {
            "code": force.code,
            "name": force.name or force.code,
            "stars": [{"track": track, "star": star} for (track, star), pk in sorted(served.items()) if pk == force.pk],
        }
        for force in forces
    ]
