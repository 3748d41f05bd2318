"""The creation office's acts on a month: open, add, re-open, settle, recompute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from branches.acting import Officer
from branches.permissions import get_organisation_for
from core.errors import Conflict, PortalError
from core.policy import policy
from scoring.forms.office import read_month
from scoring.jobs import request_recompute
from scoring.models import Period, Programme
from scoring.permissions import can_direct
from scoring.services.period import join_period, open_period, reopen_period
from scoring.services.ruling import settle_remaining
from scoring.views.asked import acting_officer, asked_period, code
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
