"""按纸质表录入: the tasks of one community as a grid of cells, with the number and the day of the form typed once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.errors import Invalid, PortalError
from core.policy import policy
from scoring.forms.grid import TypedGrid, typed_grid
from scoring.models import Assessment
from scoring.page_links import links_for_assessment
from scoring.permissions import can_report, get_assessment_for
from scoring.selectors.entry_grid import assessment_items, grid_rows
from scoring.services.entries import check_paper
from scoring.services.many import save_drafts_of_many
from scoring.views.asked import acting_officer


@require_http_methods(["GET", "POST"])
@policy("get_assessment_for")
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the grid. POST: keep every filled cell as a draft that names the form, or nothing."""
    assessment = get_assessment_for(request.user, pk)  # type: ignore[arg-type]
    officer = acting_officer(request)
    can_report(officer, assessment).require()
    if request.method != "POST":
        return _page(request, assessment)
    grid = TypedGrid()
    try:
        form = check_paper(request.POST.get("form_number", ""), request.POST.get("filled_on", ""))
        found = assessment_items(assessment)
        grid = typed_grid(request.POST, officer, found, form)
        if grid.errors:
            raise Invalid(f"有 {len(grid.errors)} 项没有填对，都没有保存。")
        saved = save_drafts_of_many(actor=officer, rows=grid.rows)
    except PortalError as refusal:
        return _page(request, assessment, grid, refusal)
    messages.success(
        request, f"已按 {form['form_number']} 录入 {saved} 项草稿，核对后请报送。" if saved else "没有改动。"
    )
    return redirect("scoring:assessment", pk=assessment.pk)


def _page(
    request: HttpRequest, assessment: Assessment, grid: TypedGrid | None = None, error: PortalError | None = None
) -> HttpResponse:
    officer = acting_officer(request)
    month = f"{assessment.period.month.year}年{assessment.period.month.month}月"
    found = assessment_items(assessment)
    typed = grid or TypedGrid()
    if error is not None and isinstance(error, Invalid):
        typed.errors |= {int(key): said[0] for key, said in error.errors.items() if key.isdecimal()}
    cells = typed.cells or (typed_grid(request.POST, officer, []).cells if request.method == "POST" else {})
    context: dict[str, Any] = {
        "assessment": assessment,
        "period": assessment.period,
        "rows": grid_rows(found, officer, lambda one: f"{one.task.number}. {one.task.title}", cells, typed.errors),
        "is_on_behalf": officer.organisation.pk != assessment.subject_id,
        "form_number": request.POST.get("form_number", "")[:100],
        "filled_on": request.POST.get("filled_on", "")[:20],
        "links": links_for_assessment(officer, assessment),
        "error": error,
        "trail": [
            (f"{month} {assessment.placement.name}", reverse("scoring:assessment", args=[assessment.pk])),
            ("按纸质表录入", ""),
        ],
    }
    return render(request, "scoring/paper.html", context, status=error.status if error else 200)
