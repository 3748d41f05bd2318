"""The ground page a level, and lists of places as on any day."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from branches.acting import acting_officer
from branches.choices import Level, Right
from branches.models import Organisation
from branches.permissions import ids_under
from core import clock
from core.policy import policy
from grids.forms.places import DayForm, ListForm
from grids.models import CentreState
from grids.permissions import can_change_grids, can_keep_any_ground, can_keep_ground, can_keep_norms, own_organisations
from grids.selectors.figures import GroundPage, ground_page, shortfalls, stale_before, top_of
from grids.selectors.norms import norms_on
from grids.selectors.place_lists import (
    CENTRE_FLAGS,
    COURTYARD_FLAGS,
    GRID_FLAGS,
    Wanted,
    centre_list,
    company_list,
    courtyard_list,
    grid_list,
    listed_with,
)
from grids.services.kinds import CENTRE, COURTYARD, GRID, PlaceKind
from grids.services.places import confirm_places

PAGE_SIZE = 50
MANY = 200
KEEPING = frozenset({Right.KEEP_GROUND, Right.DIRECT})
LISTS: dict[str, tuple[PlaceKind, Any, dict[str, str], str]] = {
    "grids": (GRID, grid_list, GRID_FLAGS, "网格"),
    "courtyards": (COURTYARD, courtyard_list, COURTYARD_FLAGS, "庭院（小区）"),
    "centres": (CENTRE, centre_list, CENTRE_FLAGS, "党群服务中心（站）"),
}


@policy("visible_to")
@require_GET
def ground(request: HttpRequest, code: str = "") -> HttpResponse:
    """A place on the chain with its coverage figures: first what stands below, then how it adds up."""
    form = DayForm(request.GET)
    top = top_of(request.user)  # type: ignore[arg-type]
    if not code and top is None:
        return redirect("grids:registers")
    if not code and top is not None and (top.level or 0) > Level.COMMUNITY:
        return redirect("grids:places", kind="grids")
    page = ground_page(request.user, code or _top_code(top), form.day())  # type: ignore[arg-type]
    if page is None:
        raise Http404("没有这个党组织。")
    context = {"page": page, "form": form, "is_today": page.day == clock.today(), **_links(request, page)}
    return render(request, "grids/ground.html", context, status=200 if form.is_valid() else 422)


@policy("visible_to")
@require_GET
def places(request: HttpRequest, kind: str) -> HttpResponse:
    """Grids, courtyards or centres of the own subtree."""
    place_kind, _rows_of, _flags, title = LISTS[kind]
    form, day, rows = _asked(request, kind)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "kind": kind,
        "title": title,
        "form": form,
        "day": day,
        "page": page,
        "rows": _shown(place_kind, list(page.object_list), day),
        "listed": listed_with(page.object_list, day),
        "query": _query(request),
        "is_today": day == clock.today(),
        "may_keep": bool(request.officer and request.officer.rights & KEEPING),
        "may_add": bool(request.officer) and _may_add(request, place_kind),
        "file_query": request.GET.urlencode(),
        "trail": [("底数", reverse("grids:ground")), (title, "")],
    }
    return render(request, "grids/places.html", context, status=200 if form.is_valid() else 422)


def places_asked(request: HttpRequest, kind: str) -> tuple[date, Any]:
    """The day of the list, and the states of that day it is filtered to."""
    return _asked(request, kind)[1:]


def _asked(request: HttpRequest, kind: str) -> tuple[ListForm, date, Any]:
    """An unusable filter shows everything, and the page says what is wrong with it."""
    place_kind, rows_of, flags, _title = LISTS[kind]
    form = ListForm(request.GET, kind=place_kind, flags=flags, under=_scopes(request))
    wanted = _wanted(form) if form.is_valid() else Wanted()
    return form, form.day(), rows_of(request.user, form.day(), wanted)


@policy("can_keep_any_ground")
@require_POST
def places_confirm(request: HttpRequest, kind: str) -> HttpResponse:
    """Say of chosen places that they are still as recorded."""
    place_kind = LISTS[kind][0]
    officer = acting_officer(request)
    can_keep_any_ground(officer).require()
    codes = request.POST.getlist("chosen")[:MANY]
    chosen = list(place_kind.model.objects.visible_to(request.user).filter(code__in=codes))
    if count := confirm_places(actor=officer, places=chosen):
        messages.success(request, f"已确认 {count} 处与登记一致。")
    else:
        messages.error(request, "没有选中任何一行。")
    return redirect(_way_back(request, reverse("grids:places", args=[kind])))


@policy("visible_companies")
@require_GET
def companies(request: HttpRequest) -> HttpResponse:
    """Property companies, with how many courtyards of the own subtree each manages."""
    form = DayForm(request.GET)
    day = form.day()
    own = ids_under(own_organisations(request.user))  # type: ignore[arg-type]
    under = Q(contracts__community__in=own, contracts__voided_at__isnull=True, contracts__starts_on__lte=day)
    in_force = under & (Q(contracts__ends_on__isnull=True) | Q(contracts__ends_on__gt=day))
    text = request.GET.get("q", "").replace("\x00", "")[:60].strip()
    rows = company_list(request.user, day, text).annotate(managed=Count("contracts", filter=in_force))  # type: ignore[arg-type]
    page = Paginator(rows.order_by("-managed", "name"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form,
        "day": day,
        "text": text,
        "query": _query(request),
        "trail": [("底数", reverse("grids:ground")), ("物业服务企业", "")],
    }
    return render(request, "grids/companies.html", context, status=200 if form.is_valid() else 422)


def _top_code(top: Organisation | None) -> str:
    """The creation office acts for the organisation it hangs under."""
    if top is None or top.level is not None:
        return top.code if top else ""
    above = Organisation.objects.as_of(clock.today()).with_parent_code().get(pk=top.pk)
    return getattr(above, "parent_code", "") or ""


def _links(request: HttpRequest, page: GroundPage) -> dict[str, Any]:
    officer = request.officer
    here = Organisation(pk=page.node.organisation_id, code=page.node.code, level=page.node.level)
    return {
        "trail": [("底数", reverse("grids:ground")), *[_step(one) for one in page.above], (page.node.name, "")],
        "may_change_grids": page.node.level in (Level.STREET, Level.COMMUNITY)
        and bool(officer)
        and bool(can_change_grids(officer, here)),
        "may_keep": page.is_community and bool(officer) and bool(can_keep_ground(officer, here)),
        "may_keep_norms": bool(officer) and bool(can_keep_norms(officer)),
    }


def _step(node: Any) -> tuple[str, str]:
    return node.name, reverse("grids:ground_at", args=[node.code])


def _scopes(request: HttpRequest) -> list[Organisation]:
    """Streets and communities the account may narrow a list to."""
    today = clock.today()
    own = ids_under(own_organisations(request.user))  # type: ignore[arg-type]
    found = Organisation.objects.standing_on(today).as_of(today).filter(pk__in=own, level__in=(2, 3))
    return list(found.order_by("code"))


def _wanted(form: ListForm) -> Wanted:
    given = form.cleaned_data
    under = Organisation.objects.filter(code=given["under"]).values_list("pk", flat=True)
    return Wanted(
        text=given["q"].strip(),
        under=under.first() if given["under"] else None,
        kind=given["kind"],
        flag=given["flag"],
    )


def _shown(kind: PlaceKind, states: list[Any], day: Any) -> list[Any]:
    """The rows of a page with whether they are stale, and what centres are short of."""
    norms = norms_on(day)
    is_stale = stale_before(norms, day)
    for state in states:
        place = getattr(state, kind.subject)
        state.place, state.is_stale = place, is_stale(place.confirmed_on)
        if isinstance(state, CentreState):
            state.missing = shortfalls(state, norms.get("centre_min_area"))  # type: ignore[attr-defined]
    return states


def _query(request: HttpRequest) -> str:
    kept = [(name, value) for name, value in request.GET.items() if name != "page" and value]
    return urlencode(kept) + "&" if kept else ""


def _way_back(request: HttpRequest, default: str) -> str:
    asked = request.POST.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if is_ours and asked.startswith("/") else default


def _may_add(request: HttpRequest, kind: PlaceKind) -> bool:
    """Grids are the street's and the office's; the others whoever keeps ground of a community."""
    officer = acting_officer(request)
    level = officer.organisation.level
    return bool(officer.rights & KEEPING) and (level in (None, 2) or (kind is not GRID and level == 3))
