"""Published results as pictures: one community over its months, a month task by task."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from core.policy import policy
from scoring.permissions import get_publication_for, get_rated_community_for
from scoring.selectors.charts import own_months, star_spokes, total_points
from scoring.selectors.item_heat import item_grids, seen_cells
from scoring.selectors.ranking import assessment_row
from scoring.views.asked import asked_period, whole


@require_GET
@policy("get_rated_community_for")
def community(request: HttpRequest, code: str) -> HttpResponse:
    """The published months of one community: its stars in the last one, its totals over twelve."""
    found = get_rated_community_for(request.user, code)
    months = own_months(found)
    latest = assessment_row(months[0].sha256, code)
    context: dict[str, Any] = {
        "community": found,
        "name": latest["name"],
        "latest": latest,
        "month": months[0].month,
        "spokes": star_spokes(latest),
        "points": total_points(months),
        "months": months,
        "trail": [("排名", reverse("scoring:rankings")), (latest["name"], "")],
    }
    return render(request, "scoring/results.html", context)


@require_GET
@policy("get_publication_for")
def items(request: HttpRequest, month: date) -> HttpResponse:
    """A published month task by task, street by street: what the reader may read of the items."""
    period = asked_period(request, month)
    publication = get_publication_for(request.user, period, whole(request.GET.get("number")))
    context = {
        "period": period,
        "publication": publication,
        "grids": item_grids(publication, seen_cells(request.user, period)),
        "trail": [
            ("排名", reverse("scoring:rankings")),
            (str(period), f"{reverse('scoring:ranking', args=[period.code])}?number={publication.number}"),
            ("逐项得分图", ""),
        ],
    }
    return render(request, "scoring/result_items.html", context)
