"""The creation office's checklist: the four counts, the list behind each of them, timed unlocks, the close itself."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from branches.choices import Track
from core.errors import PortalError
from core.policy import policy
from scoring.choices import Step
from scoring.models import Period
from scoring.permissions import can_direct
from scoring.selectors.after_closing import after_closing
from scoring.selectors.desk import KINDS, desk
from scoring.selectors.month_items import Wish, month_items, places_of, words_of
from scoring.selectors.responsibilities import serving_names
from scoring.selectors.unlocks import unlocks_of
from scoring.services.period import close_period
from scoring.views.asked import acting_officer, asked_period, choice, code
from scoring.views.periods import render_period

PER_PAGE = 50
WHATS = {**dict(Step.choices), "gap": "意见相差过大", "claim": "未确认的不涉及"}


@require_http_methods(["GET", "POST"])
@policy("can_direct")
def close(request: HttpRequest, month: date) -> HttpResponse:
    """GET: the closing checklist, at any time. POST: close."""
    period = _directed(request, month)
    if request.method == "GET":
        return _checklist(request, period)
    try:
        close_period(actor=acting_officer(request), period=period)
    except PortalError as error:
        period.refresh_from_db()
        return render_period(request, period, error)
    messages.success(request, f"{period}已关闭。")
    return redirect("scoring:period", month=period.code)


@require_GET
@policy("can_direct")
def items(request: HttpRequest, month: date) -> HttpResponse:
    """The items behind one number of the checklist."""
    period = _directed(request, month)
    wish = Wish(
        step=choice(request.GET.get("step"), {**WHATS, **KINDS}, ""),
        street=code(request.GET.get("street")),
        star=code(request.GET.get("star")),
        track=choice(request.GET.get("track"), Track.values, ""),
    )
    page = Paginator(places_of(period, wish), PER_PAGE).get_page(request.GET.get("page", "1")[:9])
    query = f"street={wish.street}&star={wish.star}&track={wish.track}&"
    context = {
        "period": period,
        "wish": wish,
        "tabs": [("全部", f"?{query}", not wish.step)]
        + [(label, f"?{query}step={key}", key == wish.step) for key, label in WHATS.items()],
        "page": page,
        "query": f"{query}step={wish.step}&",
        "rows": month_items(list(page)),
        "narrowed": words_of(period, wish),
        "trail": _trail(period, "事项"),
    }
    return render(request, "scoring/month_items.html", context)


@require_GET
@policy("can_direct")
def unlocks(request: HttpRequest, month: date) -> HttpResponse:
    """Every timed unlock of the month: those in force first."""
    period = _directed(request, month)
    rows = sorted(unlocks_of(period), key=lambda row: not row.is_open)
    context = {"period": period, "rows": rows, "trail": _trail(period, "限时解锁")}
    return render(request, "scoring/unlocks.html", context)


def _checklist(request: HttpRequest, period: Period) -> HttpResponse:
    found = desk(period)
    forces = serving_names(period)
    context = {
        "period": period,
        "desk": found,
        "stars": [(line, forces.get((line.track, line.code), "")) for line in found.stars],
        "after": None if period.is_open else after_closing(period),
        "trail": _trail(period, "关闭核对表"),
    }
    return render(request, "scoring/period_close.html", context)


def _directed(request: HttpRequest, month: date) -> Period:
    period = asked_period(request, month)
    can_direct(acting_officer(request)).require()
    return period


def _trail(period: Period, here: str) -> list[tuple[str, str]]:
    """Under the checklist, but for the checklist itself."""
    trail = [
        ("月度考评", reverse("scoring:periods")),
        (str(period), reverse("scoring:period", args=[period.code])),
    ]
    if here != "关闭核对表":
        trail.append(("关闭核对表", reverse("scoring:close_period", args=[period.code])))
    return [*trail, (here, "")]
