"""The home page: what must I do now, by the appointment the person acts in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from branches.acting import Officer
from branches.choices import Level, Right
from core import clock
from core.models import Job
from core.policy import policy
from core.selectors.notifications import waiting_notifications
from ledgers.selectors.notices import troubles_in, with_ledger_troubles
from scoring.choices import PeriodState
from scoring.models import Period
from scoring.selectors.desk import Desk, desks
from scoring.selectors.unlocks import unlocked_for
from scoring.selectors.work import (
    community_work,
    last_publications,
    last_result,
    periods_in_hand,
    publications_in_force,
    street_work,
    task_force_work,
)
from weidu_portal.pages.home_charts import community_charts, district_chart, street_chart, task_force_chart
from weidu_portal.pages.navigation import safe_reverse

ADMINISTRATION = (
    (Right.ADMINISTER_SYSTEM, "后台任务", "查看后台任务的进度，处理失败的任务。", "core:jobs"),
    (Right.ADMINISTER_ACCOUNTS, "账号和任职", "建立账号、登记任职、重设密码。", "branches:accounts"),
    (Right.READ_AUDIT, "审计", "查看审计记录，核对审计链是否完整。", "core:audit"),
)


@require_GET
@policy("login")
def home(request: HttpRequest) -> HttpResponse:
    """One template; the parts that have nothing to say are not there."""
    officer: Officer | None = request.officer or None  # type: ignore[attr-defined]
    parts = _parts(officer) if officer else {"has_no_post": True}
    waiting = waiting_notifications(request.user)  # type: ignore[arg-type]
    return render(request, "pages/home.html", parts | {"notifications": waiting})


def _parts(officer: Officer) -> dict[str, Any]:
    parts: dict[str, Any] = {"administration": _administration(officer)}
    if officer.has(Right.ADMINISTER_SYSTEM):
        parts["failed_jobs"] = Job.objects.filter(state=Job.State.FAILED).count()
        parts["ledger_troubles"] = troubles_in(with_ledger_troubles(publications_in_force()))
    organisation = officer.organisation
    if officer.has(Right.DIRECT):
        return parts | _office()
    if officer.has(Right.REVIEW_THEME):
        force = {"task_force_months": task_force_work(organisation), "unlocked": unlocked_for(organisation)}
        return parts | force | task_force_chart(organisation, last_publications(1))
    if officer.has(Right.REVIEW_PLACE):
        publications = last_publications()
        street = {"street_months": street_work(organisation), "publications": publications}
        return parts | street | street_chart(organisation, publications) | {"unlocked": unlocked_for(organisation)}
    if organisation.level == Level.COMMUNITY and officer.has(Right.READ):
        months = community_work(organisation) if officer.has(Right.REPORT) else []
        unlocked = unlocked_for(organisation) if officer.has(Right.REPORT) else []
        result = last_result(organisation)
        own = {"community_months": months, "result": result, "is_community": True}
        return parts | own | community_charts(organisation, result) | {"unlocked": unlocked}
    if organisation.level == Level.GRID and officer.has(Right.KEEP_GROUND):
        return parts | {"own_grids_url": safe_reverse("grids:mine"), "publications": last_publications()}
    if officer.has(Right.READ):
        publications = last_publications()
        charts = district_chart(publications) if organisation.level == Level.DISTRICT else {}
        return parts | {"publications": publications, "is_reader": True} | charts
    return parts


def _office() -> dict[str, Any]:
    periods = periods_in_hand()
    found = desks(periods)
    publications = with_ledger_troubles(publications_in_force())
    return {
        "is_office": True,
        "office_months": [_office_month(period, found[period.pk]) for period in periods],
        "publications": publications,
        "ledger_troubles": troubles_in(publications),
        **district_chart(publications),
    }


def _office_month(period: Period, state: Desk) -> dict[str, Any]:
    """A month of the office with the act that comes next."""
    is_open = period.state == PeriodState.OPEN
    return {
        "period": period,
        "desk": state,
        "next_act": _next_act(period, state),
        "is_due": not is_open or _is_due(period, state),
        "url": safe_reverse("scoring:period", month=period.code),
        "trial_url": safe_reverse("scoring:trial", month=period.code),
        # While the month runs, what the task forces have still to do is no business of the office.
        "blocks": [block for block in state.blocks if block.what and not (is_open and block.what == "provisional")],
    }


def _next_act(period: Period, state: Desk) -> str:
    if period.state != PeriodState.OPEN:
        return "去公布结果"
    return "去关闭本月" if _is_due(period, state) else "看进度"


def _is_due(period: Period, state: Desk) -> bool:
    """Closing comes next once everything is settled or the last deadline has passed."""
    return state.counts.settled == state.counts.total or clock.today() > period.task_force_due_on


def _administration(officer: Officer) -> list[dict[str, str]]:
    return [
        {"title": title, "text": text, "url": safe_reverse(name)}
        for right, title, text, name in ADMINISTRATION
        if officer.has(right)
    ]
