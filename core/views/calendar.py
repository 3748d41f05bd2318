"""The working-day table: what a year's holidays and exchanged days are."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.actor import actor_of
from core.errors import Invalid, PortalError
from core.forms import CalendarYear, SpecialDayForm
from core.models import SpecialDay
from core.permissions import can_keep_calendar
from core.policy import policy
from core.selectors.calendar import calendar_warning
from core.services.calendar import seed_calendar, set_special_day, shipped_years


@require_http_methods(["GET", "POST"])
@policy("can_keep_calendar")
def calendar(request: HttpRequest) -> HttpResponse:
    """GET: a year's special days. POST: one day said or changed."""
    can_keep_calendar(request.user).require()
    if request.method != "POST":
        return _page(request, SpecialDayForm())
    form = SpecialDayForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        special = set_special_day(actor=actor_of(request), **form.typed)
    except Invalid as refusal:
        for field, found in refusal.errors.items():
            form.add_error(field, found)
        return _page(request, form, status=422)
    messages.success(request, f"{special.day:%Y-%m-%d} 已登记为{'上班' if special.is_working else '休息'}。")
    return redirect(_address(special.day.year))


@require_POST
@policy("can_keep_calendar")
def calendar_seed(request: HttpRequest) -> HttpResponse:
    """Fill in a year from the list that ships."""
    can_keep_calendar(request.user).require()
    form = CalendarYear(request.POST)
    if not form.is_valid():
        raise Invalid("请写明年份。")
    year = form.cleaned_data["year"]
    try:
        added = seed_calendar(actor=actor_of(request), year=year)
    except PortalError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"{year} 年补入 {added} 天，已有的没有改动。")
    return redirect(_address(year))


def _address(year: int) -> str:
    return f"{reverse('core:calendar')}?year={year}"


def _page(request: HttpRequest, form: SpecialDayForm, status: int = 200) -> HttpResponse:
    asked = CalendarYear(request.GET)
    year = asked.cleaned_data["year"] if asked.is_valid() else clock.today().year
    context: dict[str, Any] = {
        "form": form,
        "year": year,
        "years": [year - 1, year, year + 1],
        "days": SpecialDay.objects.filter(day__year=year),
        "warning": calendar_warning(clock.today()),
        "is_shipped": year in shipped_years(),
        "last_shipped": shipped_years()[-1],
    }
    return render(request, "core/calendar.html", context, status=status)
