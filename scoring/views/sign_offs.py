"""审签: the street's second step, on a page of its own with what is being signed."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from branches.choices import Right
from core.errors import Forbidden, PortalError
from core.policy import policy
from scoring.selectors.signing import signing_sheet
from scoring.services.sign_off import sign_off_street
from scoring.views.asked import acting_officer, asked_period


@require_http_methods(["GET", "POST"])
@policy("can_sign_off")
def sign_off(request: HttpRequest, month: date) -> HttpResponse:
    """GET: the batch since the last signature. POST: another person than the reviewers signs it."""
    officer = acting_officer(request)
    if not officer.has(Right.REVIEW_PLACE):
        raise Forbidden("只有本街道可以审签。")
    period = asked_period(request, month)
    street = officer.organisation
    error = None
    if request.method == "POST":
        try:
            signed = sign_off_street(actor=officer, period=period, street=street)
        except PortalError as refusal:
            error = refusal
        else:
            messages.success(request, f"已审签 {signed.reviews} 条审核意见。")
            return redirect("scoring:review_street", month=period.code)
    context = {
        "period": period,
        "sheet": signing_sheet(period, street, officer),
        "error": error,
        "trail": [
            (str(period), reverse("scoring:period", args=[period.code])),
            ("街道审核", reverse("scoring:review_street", args=[period.code])),
            ("审签", ""),
        ],
    }
    return render(request, "scoring/sign_off.html", context, status=error.status if error else 200)
