"""What the report form does with one item: autosave, taking back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from core.canonical import fixed
from core.errors import Conflict, Invalid, PortalError
from core.policy import policy
from core.templatetags.portal import clock_time
from scoring.forms.report import chosen_ids, json_row, raw_rows, typed_row, whole
from scoring.models import AssessmentItem
from scoring.permissions import can_report, get_assessment_for, get_item_for
from scoring.selectors.current import frozen_rubric
from scoring.selectors.report_row import derived_of
from scoring.selectors.writers import standing_entry, writers
from scoring.services.confirmation import confirm_reports
from scoring.services.drafts import TypedRow
from scoring.services.report import save_draft, withdraw_item


@require_POST
@policy("get_item_for")
def draft(request: HttpRequest, pk: int) -> JsonResponse:
    """Keep one row, sent as JSON {kind, value, note, version} or as the fields of the form; answers in JSON."""
    item = get_item_for(request.user, pk)  # type: ignore[arg-type]
    try:
        return _saved(request, item)
    except PortalError as error:
        errors = error.errors if isinstance(error, Invalid) else {}
        theirs = {"theirs": standing_entry(item)} if isinstance(error, Conflict) else {}
        return JsonResponse({"message": error.message, "errors": errors, **theirs}, status=error.status)


def _saved(request: HttpRequest, item: AssessmentItem) -> JsonResponse:
    can_report(request.officer, item.assessment).require()  # type: ignore[attr-defined]
    row = _row(request, item.pk)
    if row.version is None:
        raise Conflict("页面内容不完整，请刷新页面后再填。")
    saved = save_draft(actor=request.officer, item=item, entry=row.entry, expected_version=row.version)  # type: ignore[attr-defined]
    derived = derived_of(frozen_rubric(item.assessment.rubric.sha256).tasks[item.task.number], saved.draft)
    return JsonResponse(
        {
            "version": saved.version,
            "saved_at": clock_time(saved.draft_at) if saved.draft_at else "",
            "points": fixed(derived.points) if derived is not None else None,
            "derivation": derived.derivation if derived is not None else "",
            "errors": {},
        }
    )


def _row(request: HttpRequest, pk: int) -> TypedRow:
    if request.content_type == "application/json":
        return json_row(request.body)
    return typed_row(raw_rows(request.POST).get(pk, {}))


@require_GET
@policy("get_assessment_for")
def others(request: HttpRequest, pk: int) -> JsonResponse:
    """Who else is writing for this community just now, asked by the open form every while; answers in JSON."""
    found = get_assessment_for(request.user, pk)  # type: ignore[arg-type]
    can_report(request.officer, found).require()  # type: ignore[attr-defined]
    now = writers(found, request.officer.person)  # type: ignore[attr-defined]
    return JsonResponse({"drafts": now.drafts, "sent": now.sent})


@require_POST
@policy("get_assessment_for")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The community stands by what was sent on its behalf, all that the page listed at once."""
    found = get_assessment_for(request.user, pk)  # type: ignore[arg-type]
    confirmed = confirm_reports(
        actor=request.officer,  # type: ignore[attr-defined]
        assessment=found,
        report_ids=chosen_ids(request.POST.getlist("report")),
    )
    messages.success(request, f"已确认代填的 {len(confirmed)} 项。")
    return redirect("scoring:assessment", pk=found.pk)


@require_POST
@policy("get_item_for")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a submitted item back before any review."""
    item = get_item_for(request.user, pk)  # type: ignore[arg-type]
    taken = withdraw_item(actor=request.officer, item=item, expected_version=whole(request.POST.get("version")))  # type: ignore[attr-defined]
    messages.success(request, f"第{taken.task.number}项已撤回，改好后请重新报送。")
    return redirect("scoring:assessment", pk=item.assessment_id)
