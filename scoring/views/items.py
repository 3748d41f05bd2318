"""One item with its whole history, and the community's one objection to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from core.errors import Invalid
from core.policy import policy
from scoring.choices import Window
from scoring.forms.appeal import AppealForm
from scoring.permissions import can_add_evidence, can_appeal, can_rule, get_item_for
from scoring.selectors.assignments import held_for
from scoring.selectors.current import current_item_for
from scoring.selectors.evidence import evidence_of
from scoring.selectors.explain import explain_item
from scoring.selectors.item_history import item_history
from scoring.selectors.next_star import advice_on_item
from scoring.selectors.report_row import WINDOW_WORDS
from scoring.services.appeal import appeal_item


@require_GET
@policy("get_item_for")
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """The clause, why it counts as it does, and who said what when."""
    return _page(request, pk, AppealForm())


@require_POST
@policy("can_appeal")
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the office for a second look."""
    found = get_item_for(request.user, pk)  # type: ignore[arg-type]
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, form, status=422)
    try:
        appeal_item(actor=request.officer, item=found, reason=form.cleaned_data["reason"])  # type: ignore[attr-defined]
    except Invalid as refusal:
        form.add_error("reason", refusal.message)
        return _page(request, pk, form, status=422)
    messages.success(request, "复核申请已提交，由区创建办答复。")
    return redirect("scoring:item", pk=found.pk)


def _page(request: HttpRequest, pk: int, form: AppealForm, status: int = 200) -> HttpResponse:
    current = current_item_for(request.user, pk)  # type: ignore[arg-type]
    history = item_history(current)
    name = current.assessment.placement.name
    month = f"{current.assessment.period.month.year}年{current.assessment.period.month.month}月"
    context = {
        "current": current,
        "task": current.task,
        "star": current.item.task.star.kind,
        "window": WINDOW_WORDS[Window(current.task.window)],
        "explanation": explain_item(current, history.organisations),
        "events": history.events,
        "next_stars": [advice] if (advice := advice_on_item(request.officer, current)) else [],  # type: ignore[attr-defined]
        "duty": held_for(current.assessment.subject_id, current.assessment.period.month, current.task.key),
        "may_appeal": can_appeal(request.officer, current),  # type: ignore[attr-defined]
        "beside": evidence_of(current.item, request.user, request.officer),  # type: ignore[arg-type, attr-defined]
        "may_add_evidence": can_add_evidence(request.officer, current),  # type: ignore[attr-defined]
        "may_rule": can_rule(request.officer, current),  # type: ignore[attr-defined]
        "form": form,
        "trail": [
            (f"{month} {name}", reverse("scoring:assessment", args=[current.assessment.pk])),
            (f"第{current.task.number}项", ""),
        ],
    }
    return render(request, "scoring/item.html", context, status=status)
