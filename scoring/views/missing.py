"""谁还没报、没审: a page to look at and a text to paste into the group chat."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from branches.acting import acting_officer
from branches.choices import Right
from core.policy import policy
from scoring.permissions import can_see_missing
from scoring.selectors.missing import missing_texts
from scoring.selectors.progress import month_progress
from scoring.views.asked import asked_period, period_trail


@require_GET
@policy("can_see_missing")
def missing(request: HttpRequest, month: date) -> HttpResponse:
    """The office sees every street, a street its own communities."""
    period = asked_period(request, month)
    officer = acting_officer(request)
    can_see_missing(officer).require()
    street = None if officer.has(Right.DIRECT) else officer.organisation
    progress = month_progress(period, street)
    context = {
        "period": period,
        "progress": progress,
        "texts": missing_texts(progress, is_one_street=street is not None),
        "trail": period_trail(period, "谁还没报、没审"),
    }
    return render(request, "scoring/missing.html", context)
