"""Months: the list, and one month. The creation office sees its desk there, everybody else where the month stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from branches.choices import Level, Right
from core import clock
from core.errors import PortalError
from core.models import Job
from core.permit import Permit, refused
from core.policy import policy
from scoring.calc.windows import month_after
from scoring.choices import PeriodState
from scoring.jobs import RECOMPUTE
from scoring.models import Assessment, Period, Publication, StarResponsibility
from scoring.page_links import links_for
from scoring.permissions import can_direct
from scoring.selectors.desk import desk
from scoring.views.asked import acting_officer, asked_period

STEPS = (PeriodState.OPEN, PeriodState.CLOSED, PeriodState.PUBLISHED)


@require_GET
@policy("visible_periods")
def periods(request: HttpRequest) -> HttpResponse:
    """All months the reader may see, newest first."""
    return render(request, "scoring/periods.html", periods_context(request))


@require_GET
@policy("get_period_for")
def period(request: HttpRequest, month: date) -> HttpResponse:
    """One month: for the creation office the desk, for others its state, deadlines and publications."""
    return render_period(request, asked_period(request, month))


def periods_context(request: HttpRequest, error: PortalError | None = None) -> dict[str, Any]:
    officer = acting_officer(request)
    found = list(Period.objects.visible_to(request.user).select_related("programme"))  # type: ignore[arg-type]
    return {
        "rows": found,
        "permit": can_direct(officer),
        "next_month": month_after(found[0].month) if found else clock.today().replace(day=1),
        "error": error,
        "typed": request.POST if error else {},
        "trail": [("月度考评", "")],
    }


def render_period(request: HttpRequest, found: Period, error: PortalError | None = None) -> HttpResponse:
    """The page of a month; after a refusal with its message and its status."""
    officer = acting_officer(request)
    context: dict[str, Any] = {
        "period": found,
        "steps": _steps(found),
        "publications": Publication.objects.visible_to(request.user)  # type: ignore[arg-type]
        .filter(period=found)
        .select_related("published_by", "second_by")
        .defer("content"),
        "links": [*_own_links(request, found), *links_for(request.user, found, "period")],  # type: ignore[arg-type]
        "error": error,
        "typed": request.POST if error else {},
        "trail": [("月度考评", reverse("scoring:periods")), (str(found), "")],
    }
    if officer.has(Right.DIRECT):
        context |= _desk_context(found)
    return render(request, "scoring/period.html", context, status=error.status if error else 200)


def _desk_context(found: Period) -> dict[str, Any]:
    state = desk(found)
    return {
        "desk": state,
        "permits": _permits(found),
        "has_vetoes": state.has_vetoes,
        "job": Job.objects.filter(kind=RECOMPUTE, scope=f"period:{found.pk}").order_by("-pk").first(),
    }


def _permits(found: Period) -> dict[str, Permit]:
    """Why an act of the office is not offered now; the services ask again."""
    state = f"本月考评当前为“{found.get_state_display()}”"
    allowed = Permit(True)
    return {
        "join": allowed if found.is_open else refused(f"{state}，只有进行中的月份可以补列。"),
        "close": allowed if found.is_open else refused(f"{state}，不能关闭。"),
        "reopen": allowed if found.state == PeriodState.CLOSED else refused(f"{state}，只有已关闭的可以重新开放。"),
        "settle": refused("本月结果已公布，只能办理更正。") if found.is_published else allowed,
        "publish": allowed if found.state == PeriodState.CLOSED else refused(f"{state}，先关闭再公布。"),
    }


def _steps(found: Period) -> list[dict[str, Any]]:
    place = STEPS.index(PeriodState(found.state))
    return [
        {"label": step.label, "is_done": number < place, "is_current": number == place}
        for number, step in enumerate(STEPS)
    ]


def _own_links(request: HttpRequest, found: Period) -> list[tuple[str, str]]:
    """Where the officer's own work of the month lies."""
    officer = acting_officer(request)
    links = []
    if officer.organisation.level == Level.COMMUNITY:
        own = (
            Assessment.objects.filter(period=found, subject=officer.organisation.pk)
            .values_list("pk", flat=True)
            .first()
        )
        links += [("本社区考评", reverse("scoring:assessment", args=[own]))] if own else []
    if officer.has(Right.REVIEW_PLACE):
        links.append(("街道审核", reverse("scoring:review_street", args=[found.code])))
    if officer.has(Right.REVIEW_THEME):
        duties = StarResponsibility.objects.filter(task_force=officer.organisation.pk, from_month__lte=found.month)
        for code, name in dict(duties.order_by("star_kind").values_list("star_kind__code", "star_kind__name")).items():
            links.append((f"{name}核验", reverse("scoring:review_star", args=[found.code, code])))
    if found.is_published:
        links.append(("排名", reverse("scoring:ranking", args=[found.code])))
    return links
