"""People on the ground of a community: 5+3 by number, contacts, first secretaries."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from branches.acting import acting_officer
from branches.forms import take_over
from core import clock
from core.errors import Conflict, Invalid
from core.policy import policy
from grids.forms.figures import PostCountForm
from grids.permissions import can_keep_ground, get_community_for
from grids.selectors.people import contacts, first_secretaries, post_lines
from grids.services.posts import record_post_count


@policy("get_community_for")
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, code: str) -> HttpResponse:
    """GET: the page. POST: a count from a day on."""
    community = get_community_for(request.user, code)
    today = clock.today()
    form = PostCountForm(request.POST or None, initial={"starts_on": today})
    if request.method == "POST":
        officer = acting_officer(request)
        can_keep_ground(officer, community).require()
        if form.is_valid():
            try:
                record_post_count(actor=officer, community=community, **form.cleaned_data)
            except (Invalid, Conflict) as refusal:
                take_over(form, refusal)
            else:
                messages.success(request, "岗位配备已登记。")
                return redirect("grids:people", code=code)
    context = {
        "community": community,
        "lines": post_lines(community, today),
        "contacts": contacts(request.user, community, today),
        "first_secretaries": first_secretaries(community, today),
        "form": form,
        "permit": can_keep_ground(request.officer, community) if request.officer else None,
        "trail": [(community.name, reverse("branches:organisation", args=[code])), ("岗位和人员", "")],
    }
    return render(request, "grids/people.html", context, status=422 if form.errors else 200)
