"""抽查核验: draw a sample, print its sheets, record what was found, review what differs."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.acting import Officer
from core.errors import Invalid, PortalError
from core.policy import policy
from core.views.errors import is_partial
from scoring.calc.sampling import Size
from scoring.choices import Outcome
from scoring.models import Period, SpotCheck
from scoring.permissions import can_spot_check, get_drawn_item_for, get_spot_check_for
from scoring.selectors.spot_checks import spot_check_lines, tour_of
from scoring.selectors.spot_draw import Ground, ground_of, sample, size_of, usual_size
from scoring.services.spot_check import (
    agree_matching,
    check_size,
    draw_spot_check,
    record_finding,
    review_finding,
)
from scoring.views.asked import acting_officer, asked_period, asked_version, period_trail, tickets, whole
from scoring.views.review_acts import tell_bulk

FIELDS = ("communities", "items_each", "doubtful_percent")
SEED = "scoring.spot_check.seed"


@require_http_methods(["GET", "POST"])
@policy("can_spot_check")
def spot_checks(request: HttpRequest, month: date) -> HttpResponse:
    """GET: the samples of the month, and with sizes what a new one would come to. POST: draw it."""
    period = asked_period(request, month)
    officer = acting_officer(request)
    lines = spot_check_lines(period, request.user)  # type: ignore[arg-type]
    permit = can_spot_check(officer, period)
    if not lines or request.method == "POST":
        permit.require()
    ground = ground_of(period, officer.organisation) if permit else Ground(0, 0)
    context: dict[str, Any] = {
        "period": period,
        "lines": lines,
        "permit": permit,
        "ground": ground,
        "trail": period_trail(period, "抽查核验"),
    }
    if request.method == "POST":
        return _draw(request, period, officer, context)
    try:
        context |= _preview(request, period, officer, ground) if permit else {}
    except Invalid as error:
        context |= {"error": error, "typed": request.GET}
        return render(request, "scoring/spot_checks.html", context, status=error.status)
    return render(request, "scoring/spot_checks.html", context)


def _preview(request: HttpRequest, period: Period, officer: Officer, ground: Ground) -> dict[str, Any]:
    """The sizes of the year, or what a sample of the sizes asked for comes to, with the seed that will draw it."""
    if not any(field in request.GET for field in FIELDS):
        size = usual_size(period, ground)
        return {"typed": dict(zip(FIELDS, size, strict=True))}
    size = _size(request.GET)
    seed = secrets.token_hex(8)
    signed = signing.dumps([period.pk, officer.organisation.pk, *size, seed], salt=SEED)
    found = size_of(sample(period, officer.organisation, size, seed))
    return {"typed": request.GET, "preview": found, "plan": signed}


def _draw(request: HttpRequest, period: Period, officer: Officer, context: dict[str, Any]) -> HttpResponse:
    try:
        size, seed = _plan(request.POST.get("plan", ""), period, officer)
        drawn = draw_spot_check(actor=officer, period=period, size=size, seed=seed)
    except PortalError as error:
        return render(request, "scoring/spot_checks.html", {**context, "error": error}, status=error.status)
    messages.success(request, f"已抽取 {drawn.items.count()} 项。可以打印核验表，也可以在手机上记录结果。")
    return redirect("scoring:spot_check", pk=drawn.pk)


def _plan(signed: str, period: Period, officer: Officer) -> tuple[Size, str]:
    """What the preview showed: nobody chooses the seed."""
    try:
        month, organisation, *size, seed = signing.loads(signed, salt=SEED, max_age=24 * 3600)
    except (signing.BadSignature, ValueError) as error:
        raise Invalid("请先预览，再抽取。") from error
    if (month, organisation) != (period.pk, officer.organisation.pk):
        raise Invalid("请先预览，再抽取。")
    return Size(*size), seed


def _size(typed: Any) -> Size:
    """The three numbers as typed; Invalid names those that are none."""
    given = {field: whole(typed.get(field, "")[:4].strip()) for field in FIELDS}
    missing = {field: ["请填写整数。"] for field, value in given.items() if value is None}
    if missing:
        raise Invalid("社区数、每个社区项数和疑点占比请填写整数。", missing)
    size = Size(*(value or 0 for value in given.values()))
    check_size(size)
    return size


@require_GET
@policy("get_spot_check_for")
def spot_check(request: HttpRequest, pk: int) -> HttpResponse:
    """One sample by street and community, with what was found and how to record it."""
    found = get_spot_check_for(request.user, pk)  # type: ignore[arg-type]
    return _page(request, found)


@require_GET
@policy("get_spot_check_for")
def sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """One A4 check sheet a community."""
    found = get_spot_check_for(request.user, pk)  # type: ignore[arg-type]
    context = {
        "spot_check": found,
        "period": found.period,
        "tour": tour_of(found, None),
        "trail": [*_trail(found), ("核验表", "")],
    }
    return render(request, "scoring/spot_check_sheets.html", context)


@require_POST
@policy("can_record_finding")
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """相符, 不符 with what was found, or taken back to 未查."""
    drawn = get_drawn_item_for(request.user, pk)  # type: ignore[arg-type]
    officer = acting_officer(request)
    try:
        record_finding(
            actor=officer,
            drawn=drawn,
            result=request.POST.get("result", ""),
            text=request.POST.get("text", ""),
            expected_revision=whole(request.POST.get("revision")),
        )
    except PortalError as error:
        return _answer(request, drawn.spot_check, pk, error)
    return _answer(request, drawn.spot_check, pk)


@require_POST
@policy("can_review")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the points of an item that was found to differ, or return it; the reason is what was found."""
    drawn = get_drawn_item_for(request.user, pk)  # type: ignore[arg-type]
    try:
        given = review_finding(
            actor=acting_officer(request),
            drawn=drawn,
            outcome=request.POST.get("outcome", ""),
            points=request.POST.get("points", ""),
            expected_version=asked_version(request),
        )
    except PortalError as error:
        return _answer(request, drawn.spot_check, pk, error)
    if not is_partial(request):
        messages.success(request, f"已办理：{Outcome(given.outcome).label}。")
    return _answer(request, drawn.spot_check, pk)


@require_POST
@policy("can_review")
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree with what was found to match and is not reviewed yet."""
    found = get_spot_check_for(request.user, pk)  # type: ignore[arg-type]
    seen = tickets(request.POST.getlist("item"))
    if not seen:
        raise Invalid("没有可以记为同意的事项。")
    tell_bulk(request, agree_matching(actor=acting_officer(request), spot_check=found, expected_versions=seen))
    return redirect("scoring:spot_check", pk=found.pk)


def _answer(request: HttpRequest, found: SpotCheck, drawn: int, error: PortalError | None = None) -> HttpResponse:
    """The row as it stands now for htmx; else the page, after a refusal with its reason."""
    status = error.status if error else 200
    if is_partial(request):
        tour = tour_of(found, acting_officer(request), only=drawn)
        context = {"row": tour.places[0].rows[0], "error": error, "typed": request.POST if error else {}}
        return render(request, "scoring/_spot_check_row.html", context, status=status)
    if error:
        return _page(request, found, {"refused": drawn, "error": error, "typed": request.POST}, status)
    return redirect(f"{reverse('scoring:spot_check', args=[found.pk])}#drawn-{drawn}")


def _page(
    request: HttpRequest, found: SpotCheck, extra: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "spot_check": found,
        "period": found.period,
        "tour": tour_of(found, acting_officer(request)),
        "trail": [*_trail(found), (f"第 {found.number} 次", "")],
        **(extra or {}),
    }
    return render(request, "scoring/spot_check.html", context, status=status)


def _trail(found: SpotCheck) -> list[tuple[str, str]]:
    month = found.period.code
    return [(str(found.period), reverse("scoring:period", args=[month])),
            ("抽查核验", reverse("scoring:spot_checks", args=[month]))]  # fmt: skip
