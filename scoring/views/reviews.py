"""The two review lists: the street's communities, a task force's star. The acts on them are in `review_acts`."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from branches.acting import Officer
from branches.choices import Level, Right
from branches.models import Organisation
from branches.permissions import get_organisation_for
from core.errors import Forbidden
from core.policy import policy
from scoring.choices import Axis
from scoring.selectors.review_pages import star_review, street_review
from scoring.selectors.review_queue import GROUPED, SHOWN, Wish, batches_of
from scoring.views.asked import acting_officer, asked_period, choice, code, period_trail

VIEWS = {"list": "清单", "board": "一览表"}
_KEPT = ("view", "by", "show", "community", "star", "task", "street")


@require_GET
@policy("can_review")
def street(request: HttpRequest, month: date) -> HttpResponse:
    """The street's communities by star, then what waits for the street, exceptions first."""
    officer = acting_officer(request)
    period = asked_period(request, month)
    wish = _wish(request)
    reviewed = _street_of(request, officer)
    review = street_review(period, reviewed, officer, wish)
    context = {
        "period": period,
        "review": review,
        "wish": wish,
        "axis": Axis.STREET.value,
        "tabs": _tabs(request, wish, review.queue.whys),
        "trail": period_trail(period, "街道审核"),
        "here": request.get_full_path(),
        "other": "专班",
        "sign_off_url": reverse("scoring:sign_off", args=[period.code]) if officer.has(Right.REVIEW_PLACE) else "",
        "batches": batches_of(period, Axis.STREET, officer.organisation),
    }
    return render(request, "scoring/review_street.html", context)


@require_GET
@policy("can_review")
def star(request: HttpRequest, month: date, star_code: str) -> HttpResponse:
    """A task force's star over all communities, as a whole or one task at a time."""
    officer = acting_officer(request)
    if not (officer.has(Right.REVIEW_THEME) or officer.has(Right.DIRECT)):
        raise Forbidden("只有专班和区创建办可以查看专班核验清单。")
    wish = _wish(request)
    asked = code(request.GET.get("street"))
    review = star_review(
        request.user, month, officer, wish, star=star_code, task=request.GET.get("task", ""), street=asked
    )
    if review is None:
        raise Http404("没有这颗星的核验任务。")
    name = next(tab.title for tab in review.tabs.stars if tab.key == star_code)
    context = {
        "period": review.period,
        "review": review,
        "name": name,
        "star": star_code,
        "wish": wish,
        "street": review.street,
        "axis": Axis.TASK_FORCE.value,
        "tabs": _tabs(request, wish, review.queue.whys),
        "trail": period_trail(review.period, f"{name}核验"),
        "here": request.get_full_path(),
        "other": "街道",
        "batches": batches_of(review.period, Axis.TASK_FORCE, officer.organisation),
    }
    return render(request, "scoring/review_star.html", context)


def _wish(request: HttpRequest) -> Wish:
    return Wish(
        by=choice(request.GET.get("by"), GROUPED, "task"),
        show=choice(request.GET.get("show"), SHOWN, "waiting"),
        view=choice(request.GET.get("view"), VIEWS, "list"),
        community=code(request.GET.get("community")),
        star=code(request.GET.get("star")),
        page=request.GET.get("page", "1")[:9],
    )


def _tabs(request: HttpRequest, wish: Wish, whys: list[tuple[str, str, int]]) -> dict[str, Any]:
    """The links of view, grouping and filter; each keeps the rest of the address. What waits is counted by its reason;
    what lies in a fold is found further down the page."""
    shown = [
        (key, label, count, _with(request, show=key, view="") if key in SHOWN else f"#fold-{key}", key == wish.show)
        for key, label, count in whys
    ]
    return {
        "view": [(label, _with(request, view=key), key == wish.view) for key, label in VIEWS.items()],
        "by": [(label, _with(request, by=key), key == wish.by) for key, label in GROUPED.items()],
        "show": [
            ("waiting", "待审", sum(one[2] for one in whys), _with(request, show="waiting"), wish.show == "waiting"),
            *shown,
            ("all", "全部", None, _with(request, show="all"), wish.show == "all"),
        ],
        "pages": f"{_with(request).removeprefix('?')}&",
        "all": _with(request, community="", star=""),
    }


def _with(request: HttpRequest, **changes: str) -> str:
    kept = {key: request.GET[key] for key in _KEPT if key in request.GET}
    wanted = {key: value for key, value in {**kept, **changes}.items() if value}
    return f"?{urlencode(wanted)}"


def _street_of(request: HttpRequest, officer: Officer) -> Organisation:
    """Her own street; the creation office looks at any. Another street answers like one that does not exist."""
    asked = code(request.GET.get("street"))
    if officer.has(Right.DIRECT):
        found = get_organisation_for(request.user, asked) if asked else None  # type: ignore[arg-type]
        if found is None or found.level != Level.STREET:
            raise Http404("请从月度考评页选择街道。")
        return found
    if not officer.has(Right.REVIEW_PLACE):
        raise Forbidden("只有街道可以审核本街道的社区。")
    if asked and asked != officer.organisation.code:
        raise Http404("没有这个街道。")
    return officer.organisation
