"""Dated figures of the district: a list, one measure with its line, and the creation office's form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from branches.acting import acting_officer
from branches.choices import Level
from branches.forms import take_over
from branches.models import Organisation
from core import clock
from core.errors import Conflict, Invalid
from core.policy import policy
from grids.forms.figures import FigureForm, MeasureForm
from grids.models import Measure
from grids.permissions import can_keep_norms
from grids.selectors.statistics import measure_lines, points_of, revisions, series
from grids.services.statistics import define_measure, record_statistic, seed_figures


@policy("visible_figures")
@require_http_methods(["GET", "POST"])
def statistics(request: HttpRequest) -> HttpResponse:
    """GET: every measure with its newest figure, for every post-holder. POST: a new measure, by the office."""
    form = MeasureForm(request.POST or None)
    if request.method == "POST":
        officer = acting_officer(request)
        can_keep_norms(officer).require()
        if form.is_valid():
            try:
                measure = define_measure(actor=officer, **form.cleaned_data)
            except (Invalid, Conflict) as refusal:
                take_over(form, refusal)
            else:
                messages.success(request, f"指标“{measure.name}”已登记，请填第一个数字。")
                return redirect("grids:measure", code=measure.code)
    context = {
        "lines": measure_lines(request.user, _district()),
        "form": form,
        "may_keep": _may_keep(request),
        "empty_measures": Measure.objects.filter(statistics__isnull=True),
    }
    return render(request, "grids/statistics.html", context, status=422 if form.errors else 200)


@policy("can_keep_norms")
@require_POST
def statistics_seed(request: HttpRequest) -> HttpResponse:
    """Fill in the figures that were reported 2021 to 2025."""
    officer = acting_officer(request)
    can_keep_norms(officer).require()
    added = seed_figures(actor=officer)
    messages.success(request, f"补入 {added} 个数字，已有的没有改动。")
    return redirect("grids:statistics")


@policy("visible_figures")
@require_http_methods(["GET", "POST"])
def measure(request: HttpRequest, code: str) -> HttpResponse:
    """GET: one measure's line. POST: the figure of a day, by the office."""
    shown = get_object_or_404(Measure, code=code)
    form = FigureForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST":
        officer = acting_officer(request)
        can_keep_norms(officer).require()
        if form.is_valid():
            try:
                record_statistic(actor=officer, measure=shown, organisation=_district(), **form.cleaned_data)
            except (Invalid, Conflict) as refusal:
                take_over(form, refusal)
            else:
                messages.success(request, "数字已登记。")
                return redirect("grids:measure", code=shown.code)
    return render(request, "grids/measure.html", _measure(request, shown, form), status=422 if form.errors else 200)


def _measure(request: HttpRequest, shown: Measure, form: FigureForm) -> dict[str, Any]:
    rows = series(request.user, shown, _district())
    return {
        "measure": shown,
        "rows": rows,
        "points": points_of(rows),
        "top": max((float(row.value) for row in rows), default=0.0),
        "revisions": revisions(shown, _district()),
        "form": form,
        "may_keep": _may_keep(request),
        "trail": [("底数", ""), ("统计数字", reverse("grids:statistics")), (shown.name, "")],
    }


def _may_keep(request: HttpRequest) -> bool:
    return bool(request.officer and can_keep_norms(request.officer))


def _district() -> Organisation:
    return Organisation.objects.get(level=Level.DISTRICT)
