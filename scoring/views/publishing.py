"""公布: what would be published, the text of the 通报 and who sees it; then the act under the officer's name."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from branches.acting import Officer
from core.errors import PortalError
from core.policy import policy
from scoring.choices import PeriodState, Visibility
from scoring.models import Period
from scoring.permissions import can_direct
from scoring.selectors.after_closing import after_closing
from scoring.selectors.changes import change_rows
from scoring.selectors.desk import blocks_of
from scoring.selectors.notice import PARTS, notice_draft
from scoring.selectors.trial import trial
from scoring.services.notice import discard_notice_draft, save_notice_draft
from scoring.services.publication import publish_ranking
from scoring.views.asked import acting_officer, asked_period, period_trail, whole

LONG = 200


@require_http_methods(["GET", "POST"])
@policy("can_direct")
def publish(request: HttpRequest, month: date) -> HttpResponse:
    """GET: the trial in short, the text and the visibility to choose. POST: publish, or keep or drop the draft of the
    text; a refusal keeps what was typed.
    """
    period = asked_period(request, month)
    officer = acting_officer(request)
    can_direct(officer).require()
    if request.method == "GET":
        return _page(request, period)
    act = ACTS.get(request.POST.get("act", ""), _publish)
    try:
        said, place = act(request, officer, period)
    except PortalError as error:
        period.refresh_from_db()
        return _page(request, period, error)
    messages.success(request, said)
    return redirect(place, month=period.code)


def _publish(request: HttpRequest, officer: Officer, period: Period) -> tuple[str, str]:
    publication = publish_ranking(actor=officer, period=period, **_decided(request))
    return f"{publication}。", "scoring:period"


def _save(request: HttpRequest, officer: Officer, period: Period) -> tuple[str, str]:
    version = whole(request.POST.get("version")) or 0
    visibility = request.POST.get("visibility", "")
    save_notice_draft(actor=officer, period=period, text=_text(request), visibility=visibility, version=version)
    return "通报草稿已保存，尚未公布。", "scoring:publish"


def _discard(request: HttpRequest, officer: Officer, period: Period) -> tuple[str, str]:
    discard_notice_draft(actor=officer, period=period)
    return "已放弃草稿，恢复为系统拟的文字。", "scoring:publish"


ACTS = {"save": _save, "discard": _discard}


def _text(request: HttpRequest) -> dict[str, str]:
    return {part: request.POST.get(part, "") for part in PARTS}


def _decided(request: HttpRequest) -> dict[str, Any]:
    """What the form says of text and visibility; a bare POST leaves both as proposed."""
    notice = _text(request) if "title" in request.POST else None
    return {"notice": notice, "visibility": request.POST.get("visibility")}


def _page(request: HttpRequest, period: Period, error: PortalError | None = None) -> HttpResponse:
    found = trial(period)
    proposed = found.content["notice"]
    typed = request.POST if error and "title" in request.POST else proposed
    context = {
        "period": period,
        "trial": found,
        "changes": change_rows(found.changes),
        "is_closed": period.state == PeriodState.CLOSED,
        "after": None if period.is_open else after_closing(period),
        "blocks": blocks_of(period, found.items),
        "parts": [(key, label, longest, typed.get(key, ""), longest > LONG) for key, (label, longest) in PARTS.items()],
        "visibilities": Visibility.choices,
        "visibility": request.POST.get("visibility") or found.content["rules"]["visibility"],
        "draft": notice_draft(period),
        "error": error,
        "trail": period_trail(period, "公布"),
    }
    return render(request, "scoring/period_publish.html", context, status=error.status if error else 200)
