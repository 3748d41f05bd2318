"""Rulings, unlocks and vetoes of the creation office before publication."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from branches.acting import Officer
from core.errors import Invalid, PortalError
from core.policy import policy
from core.text import clean_text
from scoring.choices import ReportKind
from scoring.forms.office import read_moment
from scoring.models import Assessment, AssessmentItem, Period, Star, Veto
from scoring.permissions import can_direct, get_item_for
from scoring.selectors.current import current_items
from scoring.selectors.ruling_list import (
    PER_PAGE,
    WHATS,
    items_for,
    places_named,
    ruling_places,
    ruling_rows,
    voice_taken,
)
from scoring.selectors.vetoes import newest_entries
from scoring.services.ruling import rule_item
from scoring.services.unlock import unlock_item
from scoring.services.veto import impose_veto, lift_veto
from scoring.views.asked import acting_officer, asked_period, asked_version, choice, period_trail, way_back, whole

Act = Callable[[Officer, AssessmentItem], str]


@require_GET
@policy("can_direct")
def rulings(request: HttpRequest, month: date) -> HttpResponse:
    """One kind of open items with all voices side by side, and the form of the ruling."""
    period = asked_period(request, month)
    officer = acting_officer(request)
    can_direct(officer).require()
    what = choice(request.GET.get("what"), WHATS, "gap")
    community = clean_text(
        request.GET.get("community", ""), max_length=40, label="社区", is_single_line=True, is_printed=False
    )
    number = whole(request.GET.get("number", "")[:4])
    places = places_named(period, community, number) if what == "item" else ruling_places(period, what)
    page = Paginator(places, PER_PAGE).get_page(request.GET.get("page", "1")[:9])
    context = {
        "period": period,
        "what": what,
        "tabs": [(label, f"?what={key}", key == what) for key, label in WHATS.items()],
        "page": page,
        "query": f"what={what}&",
        "rows": ruling_rows(items_for(list(page)), officer),
        "community": community,
        "number": number,
        "here": request.get_full_path(),
        "trail": period_trail(period, "认定"),
    }
    return render(request, "scoring/rulings.html", context)


@require_http_methods(["GET", "POST"])
@policy("can_rule")
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: one item with all voices. POST: decide it, points or 不涉及, with a reason and perhaps a 文号."""

    def act(officer: Officer, item: AssessmentItem) -> str:
        kind, points = _decision(request, item)
        rule_item(
            actor=officer,
            item=item,
            kind=kind,
            points=points,
            reason=request.POST.get("reason", ""),
            document_no=request.POST.get("document_no", ""),
            expected_version=asked_version(request),
        )
        return "已认定。"

    return _acted(request, pk, act, "rule")


def _decision(request: HttpRequest, item: AssessmentItem) -> tuple[str, Any]:
    """What is ruled: a voice taken over as it stands, or what was typed; both at once is a contradiction."""
    kind, points = request.POST.get("kind", ReportKind.POINTS), request.POST.get("points", "")
    take = choice(request.POST.get("take"), ("report", "street", "task_force"), "")
    if not take:
        return kind, points
    if points.strip() or kind == ReportKind.NOT_APPLICABLE:
        raise Invalid("请在采用一方意见和另定之间二选一：采用的，认定分留空。")
    taken = voice_taken(current_items(AssessmentItem.objects.filter(pk=item.pk))[0], take)
    if taken is None:
        raise Invalid("所选的一方还没有意见，请刷新后再办。")
    return taken


@require_http_methods(["GET", "POST"])
@policy("can_direct")
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """限时解锁: one item of a closed month, until a moment, with a reason."""

    def act(officer: Officer, item: AssessmentItem) -> str:
        until = read_moment(request.POST.get("until"))
        unlock_item(actor=officer, item=item, until=until, reason=request.POST.get("reason", ""))
        return "已限时解锁。"

    return _acted(request, pk, act, "unlock")


@require_http_methods(["GET", "POST"])
@policy("can_direct")
def vetoes(request: HttpRequest, month: date) -> HttpResponse:
    """一票否决 under a clause that the edition itself carries; nothing here where no edition has one."""
    period = asked_period(request, month)
    officer = acting_officer(request)
    can_direct(officer).require()
    clauses = _clauses(period)
    if not clauses:
        raise Http404("本月的评星标准没有否决条款。")
    error = None
    if request.method == "POST":
        try:
            messages.success(request, _veto(request, period, officer, clauses))
            return redirect("scoring:vetoes", month=period.code)
        except PortalError as refusal:
            error = refusal
    rows = Veto.objects.filter(assessment__period=period)
    context = {
        "period": period,
        "clauses": [
            (key, f"{star.kind.name}（{star.rubric.get_track_display()}）：{clause}")
            for key, (star, clause) in clauses.items()
        ],
        "assessments": Assessment.objects.filter(period=period)
        .select_related("placement", "subject")
        .order_by("subject__code"),
        "rows": rows.select_related("assessment__placement", "star__kind", "by").order_by("-at", "-pk"),
        "in_force": newest_entries(rows),
        "error": error,
        "typed": request.POST if error else {},
        "trail": period_trail(period, "一票否决"),
    }
    return render(request, "scoring/vetoes.html", context, status=error.status if error else 200)


def _veto(request: HttpRequest, period: Period, officer: Officer, clauses: dict[str, tuple[Star, str]]) -> str:
    reason = request.POST.get("reason", "")
    lifted = whole(request.POST.get("veto"))
    if lifted is not None:
        veto = get_object_or_404(
            Veto.objects.select_related("assessment__period"), pk=lifted, assessment__period=period
        )
        lift_veto(actor=officer, veto=veto, reason=reason)
        return "已解除否决。"
    chosen = clauses.get(request.POST.get("clause", ""))
    assessment = Assessment.objects.filter(period=period, pk=whole(request.POST.get("assessment")) or 0).first()
    if chosen is None or assessment is None:
        raise Invalid("请选择社区和否决条款。")
    star, clause = chosen
    if star.rubric_id != assessment.rubric_id:
        raise Invalid("该社区的评星标准没有这一条款。")
    impose_veto(actor=officer, assessment=assessment, star=star, clause=clause, reason=reason)
    return "已记录否决。"


def _clauses(period: Period) -> dict[str, tuple[Star, str]]:
    """Clauses of the month's editions by a short key."""
    stars = Star.objects.filter(rubric__assessments__period=period).exclude(veto=[]).distinct()
    return {
        f"{star.pk}-{number}": (star, entry["clause"])
        for star in stars.select_related("kind", "rubric").order_by("rubric", "order")
        for number, entry in enumerate(star.veto)
    }


def _acted(request: HttpRequest, pk: int, act: Act, form: str) -> HttpResponse:
    """One act on an item: back to where the form stood, or the item's page with the refusal."""
    item = get_item_for(request.user, pk)  # type: ignore[arg-type]
    officer = acting_officer(request)
    can_direct(officer).require()
    error = None
    if request.method == "POST":
        try:
            messages.success(request, act(officer, item))
            return redirect(way_back(request, reverse("scoring:item", args=[pk])))
        except PortalError as refusal:
            error = refusal
    context: dict[str, Any] = {
        "row": ruling_rows(current_items(AssessmentItem.objects.filter(pk=pk)), officer)[0],
        "period": item.assessment.period,
        "form": form,
        "error": error,
        "typed": request.POST if error else {},
        "here": way_back(request, reverse("scoring:item", args=[pk])),
        "trail": period_trail(item.assessment.period, "认定"),
    }
    return render(request, "scoring/ruling_item.html", context, status=error.status if error else 200)
