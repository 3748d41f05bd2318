"""The creation office's acts on a month: open, add, close, re-open, settle, publish, recompute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from branches.acting import Officer
from branches.permissions import get_organisation_for
from core.errors import Conflict, PortalError
from core.policy import policy
from scoring.forms.office import read_month
from scoring.jobs import request_recompute
from scoring.models import Period, Programme
from scoring.permissions import can_direct
from scoring.selectors.desk import blocks_of, desk
from scoring.selectors.trial import trial
from scoring.services.period import close_period, join_period, open_period, reopen_period
from scoring.services.publication import publish_ranking
from scoring.services.ruling import settle_remaining
from scoring.views.asked import acting_officer, asked_period, code, period_trail
from scoring.views.periods import periods_context, render_period

Act = Callable[[Officer, Period], str]


@require_POST
@policy("can_direct")
def open_next(request: HttpRequest) -> HttpResponse:
    """开启下月: freezes place, track and edition of every community."""
    officer = acting_officer(request)
    can_direct(officer).require()
    try:
        opened = open_period(actor=officer, programme=_programme(), month=read_month(request.POST.get("month")))
    except PortalError as error:
        return render(request, "scoring/periods.html", periods_context(request, error), status=error.status)
    messages.success(request, f"{opened}已开启。")
    return redirect("scoring:period", month=opened.code)


@require_POST
@policy("can_direct")
def join(request: HttpRequest, month: date) -> HttpResponse:
    """补列: an organisation founded after opening."""

    def act(officer: Officer, period: Period) -> str:
        organisation = get_organisation_for(officer.user, code(request.POST.get("organisation")))
        join_period(actor=officer, period=period, organisation=organisation)
        return f"{organisation.name}已列入本月考评。"

    return _acted(request, month, act)


@require_http_methods(["GET", "POST"])
@policy("can_direct")
def close(request: HttpRequest, month: date) -> HttpResponse:
    """GET: what is still open. POST: close."""
    if request.method == "GET":
        period = _directed(request, month)
        context = {"period": period, "desk": desk(period), "trail": period_trail(period, "关闭本月")}
        return render(request, "scoring/period_close.html", context)

    def act(officer: Officer, period: Period) -> str:
        close_period(actor=officer, period=period)
        return f"{period}已关闭。"

    return _acted(request, month, act)


@require_POST
@policy("can_direct")
def reopen(request: HttpRequest, month: date) -> HttpResponse:
    def act(officer: Officer, period: Period) -> str:
        reopen_period(actor=officer, period=period, reason=request.POST.get("reason", ""))
        return f"{period}已重新开放。"

    return _acted(request, month, act)


@require_POST
@policy("can_direct")
def settle(request: HttpRequest, month: date) -> HttpResponse:
    """其余按现有意见认定: gaps and unconfirmed 不涉及 stay."""

    def act(officer: Officer, period: Period) -> str:
        settled = settle_remaining(actor=officer, period=period, reason=request.POST.get("reason", ""))
        return f"已按现有意见认定 {settled} 项。"

    return _acted(request, month, act)


@require_http_methods(["GET", "POST"])
@policy("can_direct")
def publish(request: HttpRequest, month: date) -> HttpResponse:
    """GET: what would be published, in short. POST: publish under the officer's name."""
    if request.method == "GET":
        period = _directed(request, month)
        found = trial(period)
        context = {
            "period": period,
            "trial": found,
            "blocks": blocks_of(period, found.items),
            "trail": period_trail(period, "公布"),
        }
        return render(request, "scoring/period_publish.html", context)

    def act(officer: Officer, period: Period) -> str:
        publication = publish_ranking(actor=officer, period=period)
        return f"{publication}。"

    return _acted(request, month, act)


@require_POST
@policy("can_direct")
def recompute(request: HttpRequest, month: date) -> HttpResponse:
    """Queue a recompute of the month; its progress is the job's page."""
    period = _directed(request, month)
    job = request_recompute(actor=acting_officer(request), period=period)
    return redirect("core:job", pk=job.pk)


def _acted(request: HttpRequest, month: date, act: Act) -> HttpResponse:
    """One act on a month: back to its page, or the page with the refusal."""
    period = _directed(request, month)
    try:
        done = act(acting_officer(request), period)
    except PortalError as error:
        period.refresh_from_db()
        return render_period(request, period, error)
    messages.success(request, done)
    return redirect("scoring:period", month=period.code)


def _directed(request: HttpRequest, month: date) -> Period:
    period = asked_period(request, month)
    can_direct(acting_officer(request)).require()
    return period


def _programme() -> Programme:
    programme = Programme.objects.order_by("is_practice", "pk").first()
    if programme is None:
        raise Conflict("还没有考评项目，请先设置。")
    return programme
