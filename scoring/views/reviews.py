"""The two review lists, and the acts on them: one item, many at once."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.acting import Officer
from branches.choices import Level, Right
from branches.models import Organisation
from branches.permissions import get_organisation_for
from core.errors import Forbidden, Invalid, PortalError
from core.policy import policy
from core.views.errors import is_partial
from scoring.choices import Axis, Outcome, ReviewBasis
from scoring.models import AssessmentItem
from scoring.permissions import get_item_for
from scoring.selectors.evidence import evidence_of
from scoring.selectors.review_list import ReviewRow, review_rows
from scoring.selectors.review_pages import GROUPED, SHOWN, Wish, star_review, street_progress, street_review
from scoring.services.review import BulkResult, review_items
from scoring.services.review import review_item as give_review
from scoring.views.asked import (
    acting_officer,
    asked_period,
    asked_version,
    axis_of,
    choice,
    code,
    period_trail,
    tickets,
    way_back,
)

_KEPT = ("by", "show", "community", "star", "task", "street")
BASES = (ReviewBasis.CHECKED.value, ReviewBasis.AS_LAST_MONTH.value)


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
        "tabs": _tabs(request, wish),
        "trail": period_trail(period, "街道审核"),
        "here": request.get_full_path(),
        "other": "专班",
        "sign_off_url": reverse("scoring:sign_off", args=[period.code]) if officer.has(Right.REVIEW_PLACE) else "",
    }
    return render(request, "scoring/review_street.html", context)


@require_GET
@policy("can_review")
def star(request: HttpRequest, month: date, star_code: str) -> HttpResponse:
    """A task force's star, one task over all communities at a time."""
    officer = acting_officer(request)
    if not (officer.has(Right.REVIEW_THEME) or officer.has(Right.DIRECT)):
        raise Forbidden("只有专班和区创建办可以查看专班核验清单。")
    wish = _wish(request, by="task")
    asked = code(request.GET.get("street"))
    review = star_review(
        request.user, month, officer, wish, star=star_code, task=request.GET.get("task", ""), street=asked
    )
    if review is None:
        raise Http404("没有这颗星的核验任务。")
    name = next(tab.title for tab in review.stars if tab.key == star_code)
    context = {
        "period": review.period,
        "review": review,
        "name": name,
        "star": star_code,
        "wish": wish,
        "street": review.street,
        "axis": Axis.TASK_FORCE.value,
        "tabs": _tabs(request, wish),
        "trail": period_trail(review.period, f"{name}核验"),
        "here": request.get_full_path(),
        "other": "街道",
    }
    return render(request, "scoring/review_star.html", context)


@require_http_methods(["GET", "POST"])
@policy("can_review")
def review_item(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the item with the form of one axis. POST: agree, set points, return, confirm 不涉及."""
    item = get_item_for(request.user, pk)  # type: ignore[arg-type]
    officer = acting_officer(request)
    if request.method == "GET":
        return _show(request, item, axis_of(request.GET.get("axis")), officer)
    axis = axis_of(request.POST.get("axis"))
    try:
        given = give_review(
            actor=officer,
            item=item,
            axis=axis,
            outcome=request.POST.get("outcome", ""),
            points=request.POST.get("points", ""),
            reason=request.POST.get("reason", ""),
            expected_version=asked_version(request),
        )
    except PortalError as error:
        return _show(request, item, axis, officer, error)
    done = f"已办理：{Outcome(given.outcome).label}。"
    if is_partial(request):
        return _show(request, item, axis, officer, done=done)
    messages.success(request, done)
    return redirect(way_back(request, _item_page(item, axis)) + f"#item-{item.pk}")


@require_POST
@policy("can_review")
def review_bulk(request: HttpRequest) -> HttpResponse:
    """Agree with the ticked items, or with all that came unchanged; what could not be done is told with the reason."""
    officer = acting_officer(request)
    axis = axis_of(request.POST.get("axis"))
    seen = tickets(request.POST.getlist("item"))
    basis = choice(request.POST.get("basis"), BASES, ReviewBasis.CHECKED.value)
    if not seen:
        raise Invalid("请先勾选要同意的事项。")
    items = list(AssessmentItem.objects.visible_to(request.user).filter(pk__in=seen))  # type: ignore[arg-type]
    if len(items) != len(seen):
        raise Http404("有事项不在您的查看范围内。")
    result = review_items(actor=officer, axis=axis, items=items, basis=basis, expected_versions=seen)
    tell_bulk(request, result)
    return redirect(way_back(request, reverse("scoring:periods")))


def tell_bulk(request: HttpRequest, result: BulkResult) -> None:
    """What a bulk act did, and why it left what it left."""
    text = f"同意 {result.done} 项"
    if not result.skipped:
        messages.success(request, f"{text}。")
        return
    reasons = Counter(reason.rstrip("。") for _, reason in result.skipped)
    told = "；".join(f"{reason}（{count} 项）" for reason, count in reasons.most_common())
    messages.warning(request, f"{text}，{len(result.skipped)} 项未办：{told}。")


def _show(
    request: HttpRequest,
    item: AssessmentItem,
    axis: Axis,
    officer: Officer,
    error: PortalError | None = None,
    done: str = "",
) -> HttpResponse:
    """The item as it stands now: its row for htmx, else a page of its own. After a refusal with what was typed."""
    row = _row(item, axis, officer)
    context: dict[str, Any] = {
        "row": row,
        "axis": axis.value,
        "is_open": not done and bool(row.permit),
        "done": done,
        "error": error,
        "typed": request.POST if error else {},
        "here": way_back(request, _item_page(item, axis)),
    }
    status = error.status if error else 200
    if is_partial(request):
        if done and axis == Axis.STREET:
            context |= _progress(item, context["here"])
        return render(request, "scoring/_review_row.html", context, status=status)
    context["period"] = item.assessment.period
    context["beside"] = evidence_of(item, request.user, officer)  # type: ignore[arg-type]
    context["trail"] = period_trail(item.assessment.period, f"{row.community} · {row.task}")
    return render(request, "scoring/review_item.html", context, status=status)


def _progress(item: AssessmentItem, page: str) -> dict[str, Any]:
    """The street's progress after the act, to stand in place of the one on the page it was done on."""
    assessment = item.assessment
    matrix, counts = street_progress(assessment.period, assessment.street)
    community = QueryDict(urlsplit(page).query).get("community", "")
    return {"matrix": matrix, "counts": counts, "street": assessment.street, "wish": Wish(community=community)}


def _row(item: AssessmentItem, axis: Axis, officer: Officer) -> ReviewRow:
    return review_rows(AssessmentItem.objects.filter(pk=item.pk), axis, officer)[0]


def _wish(request: HttpRequest, by: str = "community") -> Wish:
    return Wish(
        by=by if by == "task" else choice(request.GET.get("by"), GROUPED, "community"),
        show=choice(request.GET.get("show"), SHOWN, "waiting"),
        community=code(request.GET.get("community")),
        star=code(request.GET.get("star")),
        page=request.GET.get("page", "1")[:9],
    )


def _tabs(request: HttpRequest, wish: Wish) -> dict[str, Any]:
    """The links of grouping and filter; each keeps the rest of the address."""
    return {
        "by": [(label, _with(request, by=key), key == wish.by) for key, label in GROUPED.items()],
        "show": [(label, _with(request, show=key), key == wish.show) for key, label in SHOWN.items()],
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


def _item_page(item: AssessmentItem, axis: Axis) -> str:
    return reverse("scoring:review_item", args=[item.pk]) + f"?axis={axis.value}"
