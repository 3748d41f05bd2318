"""送审稿: ask for one, watch it being drawn, download it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from branches.acting import acting_officer
from core.errors import Conflict, Invalid
from core.models import Job
from core.policy import policy
from core.services.files import file_response
from ledgers.forms import DraftForm
from ledgers.models import DraftPrint
from ledgers.permissions import get_draft_job_for
from ledgers.services.draft import request_draft
from scoring.permissions import get_period_for


@require_POST
@policy("can_draft")
def draft(request: HttpRequest) -> HttpResponse:
    """Have a 送审稿 drawn: of a paper of the district, or of the organisation named by code."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        raise Invalid("不能打印送审稿。", form.errors)
    period = get_period_for(request.user, form.cleaned_data["month"])
    job = request_draft(
        actor=acting_officer(request),
        period=period,
        organisation_code=form.cleaned_data["organisation"],
        kind=form.cleaned_data["kind"],
    )
    return redirect("ledgers:draft_print", pk=job.pk)


@require_GET
@policy("get_draft_job_for")
def draft_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Progress of one's draft, then its download; asked by htmx, only that piece."""
    job = get_draft_job_for(request.user, pk)
    name = "ledgers/_draft.html" if request.htmx and not request.htmx.boosted else "ledgers/draft.html"  # type: ignore[attr-defined]
    trail = [("台账", reverse("ledgers:ledgers")), ("送审稿", "")]
    return render(request, name, {"job": job, "draft": _print_of(job), "trail": trail})


@require_GET
@policy("get_draft_job_for")
def draft_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The drawn 送审稿."""
    found = _print_of(get_draft_job_for(request.user, pk))
    if found is None:
        raise Conflict("送审稿尚未绘制完成。")
    return file_response(
        found.file, f"送审稿 {found.get_kind_display()} {found.organisation.code} {found.period.code}.pdf"
    )


def _print_of(job: Job) -> DraftPrint | None:
    rows = DraftPrint.objects.filter(job=job).select_related("file", "organisation", "period")
    return rows.first()
