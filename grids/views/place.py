"""One grid, courtyard, centre or company as on any day."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from branches.models import Organisation
from core import clock
from core.policy import policy
from grids.forms.places import DayForm
from grids.models import Courtyard, Grid, GridSuccession, ServiceCentre
from grids.models.grid import Standing
from grids.permissions import can_change_grids, can_keep_ground, get_place_for, visible_companies
from grids.selectors.figures import stale_before
from grids.selectors.norms import norms_on
from grids.selectors.place_lists import names_at
from grids.selectors.place_pages import centre_page, company_page, courtyard_page, grid_page
from grids.services.kinds import GRID, can_keep_place, kind_of


@policy("get_place_for")
@require_GET
def grid(request: HttpRequest, code: str) -> HttpResponse:
    """A grid as one core and two wings."""
    place, form = get_place_for(request.user, Grid, code), DayForm(request.GET)  # type: ignore[arg-type]
    page = grid_page(request.user, place, form.day())  # type: ignore[arg-type]
    context = {
        "page": page,
        "came_from": place.preceded_by.select_related("predecessor"),
        "went_to": GridSuccession.objects.filter(predecessor=place).select_related("successor"),
        "may_rearrange": _may(request, page.state.community, rearrange=True),
    }
    return _render(request, "grids/grid.html", place, page.state, form, context)


@policy("get_place_for")
@require_GET
def courtyard(request: HttpRequest, code: str) -> HttpResponse:
    """A courtyard with its grids, contract, committee, coverage and history."""
    place, form = get_place_for(request.user, Courtyard, code), DayForm(request.GET)  # type: ignore[arg-type]
    page = courtyard_page(request.user, place, form.day())  # type: ignore[arg-type]
    return _render(request, "grids/courtyard.html", place, page.state, form, {"page": page})


@policy("get_place_for")
@require_GET
def centre(request: HttpRequest, code: str) -> HttpResponse:
    """A centre with its six things and what is short."""
    place, form = get_place_for(request.user, ServiceCentre, code), DayForm(request.GET)  # type: ignore[arg-type]
    context = centre_page(place, form.day())
    return _render(request, "grids/centre.html", place, context["state"], form, context)


@policy("visible_companies")
@require_GET
def company(request: HttpRequest, pk: int) -> HttpResponse:
    """A property company with the courtyards it manages, as far as the account sees them."""
    found = visible_companies(request.user).filter(pk=pk).first()  # type: ignore[arg-type]
    if found is None:
        raise Http404("没有这家企业。")
    form = DayForm(request.GET)
    context = {
        "company": found,
        "form": form,
        "day": form.day(),
        "contracts": company_page(found, request.user, form.day()),  # type: ignore[arg-type]
        "trail": [("底数", reverse("grids:ground")), ("物业服务企业", reverse("grids:companies")), (found.name, "")],
    }
    return render(request, "grids/company.html", context, status=200 if form.is_valid() else 422)


def trail_of(place: Standing, state: Any, name: str, label: str = "") -> list[tuple[str, str]]:
    """From the ground page of the community down to the place, and to a page below it if `label` is given."""
    kind = kind_of(place)
    holder = kind.organisation_of(state)
    own = reverse(f"grids:{kind.subject}", args=[place.code]) if label else ""
    trail = [("底数", reverse("grids:ground")), (name, reverse("grids:ground_at", args=[holder.code]))]
    return [*trail, (state.name, own), *([(label, "")] if label else [])]


def _render(
    request: HttpRequest, template: str, place: Standing, state: Any, form: DayForm, context: dict[str, Any]
) -> HttpResponse:
    kind, day = kind_of(place), form.day()
    holder = kind.organisation_of(state)
    name = names_at([holder.pk], day).get(holder.pk, holder.code)
    officer = request.officer
    keeps = officer and can_keep_place(officer, kind, holder, getattr(state, "grid", None))
    context |= {
        "place": place,
        "kind": f"{kind.subject}s",
        "form": form,
        "day": day,
        "is_today": day == clock.today(),
        "holder_name": name,
        "stands": place.stands_on(day),
        "is_stale": stale_before(norms_on(day), day)(place.confirmed_on),
        "may_keep": bool(keeps) and place.closed_on is None,
        "may_confirm": kind is not GRID and bool(keeps) or _may(request, holder),
        "trail": trail_of(place, state, name),
    }
    return render(request, template, context, status=200 if form.is_valid() else 422)


def _may(request: HttpRequest, community: Organisation, *, rearrange: bool = False) -> bool:
    if not request.officer:
        return False
    rule = can_change_grids if rearrange else can_keep_ground
    return bool(rule(request.officer, community))
