"""One community's month: the report form for whoever enters, a reading page for everybody else in scope."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.errors import Conflict, Invalid
from core.policy import policy
from scoring.forms.report import Fields, chosen_ids, raw_rows, tickets, typed_rows, whole
from scoring.models import Assessment
from scoring.page_links import links_for_assessment
from scoring.permissions import can_report, get_assessment_for, get_item_for
from scoring.selectors.evidence import evidence_counts
from scoring.selectors.report_form import report_form
from scoring.services.drafts import DraftResult, follow_ground, save_drafts
from scoring.services.report import submit_items

# What the buttons of the form say: send what is filled in; send it and confirm the proposed values and the unchanged
# states listed there.
SEND, SEND_ALL = "submit", "submit_all"


@require_http_methods(["GET", "POST"])
@policy("get_assessment_for")
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the month; a POST keeps what was typed and, with SEND or SEND_ALL, sends it."""
    found = get_assessment_for(request.user, pk)  # type: ignore[arg-type]
    if request.method != "POST":
        return _page(request, found)
    can_report(request.officer, found).require()  # type: ignore[attr-defined]
    rows = raw_rows(request.POST)
    if (followed := whole(request.POST.get("follow"))) is not None:
        return _follow(request, found, followed, rows)
    result = save_drafts(actor=request.officer, assessment=found, rows=typed_rows(rows), is_beside_ground=True)  # type: ignore[attr-defined]
    if result.errors:
        return _with_errors(request, found, result.errors, rows, status=409 if result.is_conflict else 422)
    if request.POST.get("act") in (SEND, SEND_ALL):
        return _submitted(request, found, rows, result)
    messages.success(request, f"草稿已存 {len(result.saved)} 项。" if result.saved else "没有改动。")
    return redirect("scoring:assessment", pk=found.pk)


def _follow(request: HttpRequest, found: Assessment, pk: int, rows: dict[int, Fields]) -> HttpResponse:
    """What the ground yields in one row, with everything typed in the others kept."""
    version = whole(rows.pop(pk, {}).get("version"))
    result = save_drafts(actor=request.officer, assessment=found, rows=typed_rows(rows), is_beside_ground=True)  # type: ignore[attr-defined]
    item = get_item_for(request.user, pk)  # type: ignore[arg-type]
    follow_ground(actor=request.officer, item=item, expected_version=version)  # type: ignore[attr-defined]
    if result.errors:
        return _with_errors(request, found, result.errors, rows, status=409 if result.is_conflict else 422)
    messages.success(request, "已按底数填。")
    return redirect(f"{request.path}#item-{pk}")


def _submitted(request: HttpRequest, found: Assessment, rows: dict[int, Fields], result: DraftResult) -> HttpResponse:
    try:
        sent = _submit(request, found, rows, result)
    except Invalid as refusal:
        return _with_errors(request, found, _by_item(request, found, refusal), rows, status=422)
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return _page(request, found, status=refusal.status)
    messages.success(request, f"已报送 {sent} 项。")
    return redirect("scoring:assessment", pk=found.pk)


def _submit(request: HttpRequest, found: Assessment, rows: dict[int, Fields], result: DraftResult) -> int:
    """Send every draft of the form and what was confirmed as unchanged, on the versions the person looked at."""
    form = report_form(found, request.officer, request.user)  # type: ignore[attr-defined, arg-type]
    confirms = request.POST.get("act") == SEND_ALL
    confirmed = chosen_ids(request.POST.getlist("unchanged")) if confirms else set()
    proposed = tickets(request.POST.getlist("proposed")) if confirms else {}
    looked_at = {pk: version for pk, fields in rows.items() if (version := whole(fields.get("version"))) is not None}
    reports = submit_items(
        actor=request.officer,  # type: ignore[attr-defined]
        assessment=found,
        item_ids=form.ready_ids,
        confirm_unchanged_ids=confirmed,
        confirm_proposed=proposed,
        expected_versions=looked_at | result.saved,
    )
    return len(reports)


def _by_item(request: HttpRequest, found: Assessment, refusal: Invalid) -> dict[int, str]:
    """Messages of `submit_items` (by task number) under the item they belong to."""
    form = report_form(found, request.officer, request.user)  # type: ignore[attr-defined, arg-type]
    ids = {str(row.number): row.pk for row in form.rows}
    return {
        ids[number]: f"第{number}项：{problems[0]}"
        for key, problems in refusal.errors.items()
        if (number := key.split(".")[0]) in ids
    }


def _with_errors(
    request: HttpRequest, found: Assessment, errors: Mapping[int, str], rows: Mapping[int, Fields], *, status: int
) -> HttpResponse:
    kept = {pk: rows[pk] for pk in errors if pk in rows}
    return _page(request, found, typed=kept, errors=errors, status=status)


def _page(
    request: HttpRequest,
    found: Assessment,
    *,
    typed: Mapping[int, Fields] | None = None,
    errors: Mapping[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    form = report_form(found, request.officer, request.user, typed=typed, errors=errors)  # type: ignore[attr-defined, arg-type]
    month = f"{found.period.month.year}年{found.period.month.month}月"
    trail = [("首页", "/"), (f"{month} {found.placement.name}", "")]
    context = {
        "assessment": found,
        "period": found.period,
        "form": form,
        "errors": errors or {},
        "evidence_counts": evidence_counts(found),
        "links": links_for_assessment(request.officer, found) if form.can_report else (),  # type: ignore[attr-defined]
        "trail": trail,
    }
    return render(request, "scoring/assessment.html", context, status=status)
