"""What a reviewer does: one item, many at once, and taking either back. A refusal stands where the act was tried."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from branches.acting import Officer
from core.errors import Forbidden, Invalid, PortalError
from core.policy import policy
from core.views.errors import is_partial
from scoring.choices import Axis, Outcome, ReviewBasis
from scoring.models import AssessmentItem, Period
from scoring.permissions import get_item_for, reviews_on
from scoring.selectors.evidence import evidence_of
from scoring.selectors.return_phrases import phrase_named, phrases_for
from scoring.selectors.review_list import ReviewRow, review_row
from scoring.selectors.review_pages import star_tabs, street_progress
from scoring.selectors.review_queue import Wish
from scoring.services.review import BulkResult, review_items
from scoring.services.review import review_item as give_review
from scoring.services.undo import undo_batch, undo_review
from scoring.views.asked import (
    acting_officer,
    asked_version,
    axis_of,
    batch_of,
    choice,
    code,
    period_trail,
    tickets,
    way_back,
    whole,
)

BASES = (ReviewBasis.CHECKED.value, ReviewBasis.AS_LAST_MONTH.value, ReviewBasis.IN_BULK.value)
FORMS = ("whole", "set", "return", "closed")


@require_http_methods(["GET", "POST"])
@policy("can_review")
def review_item(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the item with the form of one axis. POST: agree, set points, return, confirm 不涉及."""
    item = get_item_for(request.user, pk)  # type: ignore[arg-type]
    officer = acting_officer(request)
    if request.method == "GET":
        return _show(request, item, axis_of(request.GET.get("axis")), officer)
    axis = axis_of(request.POST.get("axis"))
    outcome = request.POST.get("outcome", "")
    try:
        given = give_review(
            actor=officer,
            item=item,
            axis=axis,
            outcome=outcome,
            points=request.POST.get("points", ""),
            reason=_reason(request, item),
            expected_version=asked_version(request),
        )
    except PortalError as error:
        return _show(request, item, axis, officer, error)
    return _done(request, item, axis, officer, f"已办理：{Outcome(given.outcome).label}")


@require_POST
@policy("can_undo")
def review_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what the axis said of one item last."""
    item = get_item_for(request.user, pk)  # type: ignore[arg-type]
    officer = acting_officer(request)
    axis = axis_of(request.POST.get("axis"))
    try:
        undo_review(actor=officer, item=item, axis=axis, expected_version=asked_version(request))
    except PortalError as error:
        return _show(request, item, axis, officer, error)
    if is_partial(request):
        return _show(request, item, axis, officer, undone="已撤销，请重新办理")
    messages.success(request, "已撤销意见，该事项回到待审。")
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
    reviews_on(officer, axis).require()
    result = review_items(actor=officer, axis=axis, items=items, basis=basis, expected_versions=seen)
    tell_bulk(request, result)
    return redirect(way_back(request, reverse("scoring:periods")))


@require_POST
@policy("can_undo")
def review_bulk_undo(request: HttpRequest) -> HttpResponse:
    """Take back one bulk act as a whole."""
    officer = acting_officer(request)
    axis = axis_of(request.POST.get("axis"))
    reviews_on(officer, axis).require()
    batch = batch_of(request.POST.get("batch"))
    if not batch:
        raise Invalid("请选择要撤销的一批。")
    visible = AssessmentItem.objects.visible_to(request.user)  # type: ignore[arg-type]
    seen = visible.filter(reviews__batch=batch, reviews__axis=axis)
    period = Period.objects.filter(assessments__items__in=seen).distinct().first()
    if period is None:
        raise Http404("没有这一批审核。")
    result = undo_batch(actor=officer, period=period, axis=axis, batch=batch)
    tell_bulk(request, result, f"已撤销 {result.done} 项，回到待审")
    return redirect(way_back(request, reverse("scoring:periods")))


def tell_bulk(request: HttpRequest, result: BulkResult, done: str = "") -> None:
    """What a bulk act did, and why it left what it left; refused as a whole when nothing of it was hers to do."""
    if result.forbidden and result.forbidden == len(result.skipped) and not result.done:
        raise Forbidden(f"一项也没有办成：{_reasons(result)}。")
    text = done or f"同意 {result.done} 项"
    if result.skipped:
        messages.warning(request, f"{text}，{len(result.skipped)} 项未办：{_reasons(result)}。")
    else:
        messages.success(request, f"{text}。")


def _reasons(result: BulkResult) -> str:
    reasons = Counter(reason.rstrip("。") for _, reason in result.skipped)
    return "；".join(f"{reason}（{count} 项）" for reason, count in reasons.most_common())


def _reason(request: HttpRequest, item: AssessmentItem) -> str:
    """What was typed, after the ready-made phrase that was chosen; a phrase that is there already is not repeated."""
    typed = request.POST.get("reason", "")
    phrase = phrase_named(item, whole(request.POST.get("phrase")))
    return phrase + typed if phrase and phrase not in typed else typed


def _done(request: HttpRequest, item: AssessmentItem, axis: Axis, officer: Officer, done: str) -> HttpResponse:
    if is_partial(request):
        return _show(request, item, axis, officer, done=done)
    messages.success(request, f"{done}。")
    return redirect(way_back(request, _item_page(item, axis)) + f"#item-{item.pk}")


def _show(
    request: HttpRequest,
    item: AssessmentItem,
    axis: Axis,
    officer: Officer,
    error: PortalError | None = None,
    *,
    done: str = "",
    undone: str = "",
) -> HttpResponse:
    """The item as it stands now: its row for htmx, else a page of its own. After a refusal with what was typed."""
    row = review_row(item, axis, officer)
    wanted = _wanted_form(request)
    context: dict[str, Any] = {
        "row": row,
        "axis": axis.value,
        "is_open": not (done or undone or wanted == "closed") and bool(row.permit),
        "wanted": wanted,
        "done": done,
        "undone": undone,
        "error": error,
        "typed": request.POST if error else {},
        "here": way_back(request, _item_page(item, axis)),
    }
    context["by"] = QueryDict(urlsplit(context["here"]).query).get("by", "task")
    if context["is_open"]:
        context["phrases"] = phrases_for(item)
    status = error.status if error else 200
    if is_partial(request):
        if done or undone:
            context |= _progress(request, officer, row, context["here"])
        return render(request, "scoring/_review_row.html", context, status=status)
    context["period"] = item.assessment.period
    context["beside"] = evidence_of(item, request.user, officer)  # type: ignore[arg-type]
    context["trail"] = period_trail(item.assessment.period, f"{row.community} · {row.task}")
    return render(request, "scoring/review_item.html", context, status=status)


def _wanted_form(request: HttpRequest) -> str:
    """Which form stands open: the one asked for, or the one that was refused."""
    if request.method == "GET":
        return choice(request.GET.get("form"), FORMS, "whole")
    return choice(request.POST.get("form"), FORMS, "closed" if request.POST.get("outcome") == "agree" else "whole")


def _progress(request: HttpRequest, officer: Officer, row: ReviewRow, page: str) -> dict[str, Any]:
    """What an act changes elsewhere on the page it was done on: the street's progress, or the counts on the tabs."""
    assessment = row.current.assessment
    asked = QueryDict(urlsplit(page).query)
    if row.axis == Axis.STREET:
        matrix, counts = street_progress(assessment.period, assessment.street)
        wish = Wish(community=code(asked.get("community")))
        return {"matrix": matrix, "counts": counts, "street": assessment.street, "wish": wish}
    star, period = row.current.item.task.star.kind.code, assessment.period
    tabs = star_tabs(request.user, period.month, officer, star=star, task=asked.get("task", ""))  # type: ignore[arg-type]
    return {"star_tabs": tabs, "period": period, "star": star}


def _item_page(item: AssessmentItem, axis: Axis) -> str:
    return reverse("scoring:review_item", args=[item.pk]) + f"?axis={axis.value}"
