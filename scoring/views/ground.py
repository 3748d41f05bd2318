"""What stands behind an item on the ground: what follows now, and what was frozen when it was reported."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from core.policy import policy
from scoring.permissions import get_item_for
from scoring.selectors.item_ground import item_ground


@require_GET
@policy("get_item_for")
def ground(request: HttpRequest, pk: int) -> HttpResponse:
    """The figure, the rows behind it with a word why each counts or does not, and what the report kept."""
    item = get_item_for(request.user, pk)  # type: ignore[arg-type]
    shown = item_ground(item, request.user)  # type: ignore[arg-type]
    month = f"{item.assessment.period.month.year}年{item.assessment.period.month.month}月"
    context = {
        "shown": shown,
        "item": item,
        "task": shown.current.task,
        "trail": [
            (f"{month} {item.assessment.placement.name}", reverse("scoring:assessment", args=[item.assessment_id])),
            (f"第{shown.current.task.number}项", reverse("scoring:item", args=[pk])),
            ("底数", ""),
        ],
    }
    return render(request, "scoring/item_ground.html", context)
