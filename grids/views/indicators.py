"""What the registers of one community yield, indicator by indicator, with the rows behind."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from core import clock
from core.policy import policy
from grids.forms.figures import AsAtForm
from grids.permissions import get_community_for
from grids.selectors.indicator_page import indicators_of


@policy("get_community_for")
@require_GET
def indicators(request: HttpRequest, code: str) -> HttpResponse:
    """Every indicator of a community as of a day."""
    community = get_community_for(request.user, code)
    form = AsAtForm(request.GET) if request.GET else AsAtForm(initial={"on": clock.today()})
    day = (form.cleaned_data["on"] if form.is_valid() else None) or clock.today()
    context = {
        "community": community,
        "day": day,
        "form": form,
        "shown": indicators_of(community, day),
        "trail": [(community.name, reverse("branches:organisation", args=[code])), ("底数指标", "")],
    }
    return render(request, "grids/indicators.html", context, status=422 if form.errors else 200)
