"""Papers of a running month: the sheet for the weekly meeting, forms to be filled in by hand; one's own, a street's."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from branches.acting import acting_officer
from core.errors import Conflict, Forbidden, Invalid
from core.models import Job
from core.policy import policy
from core.services.files import file_response
from core.views.errors import is_partial
from ledgers.forms import MonthAskedForm, PaperRequestForm
from ledgers.models import PaperKind, WorkingPaper
from ledgers.permissions import can_print_paper, get_paper_job_for
from ledgers.selectors.papers import printable_assessments, running_month
from ledgers.services.papers import request_paper
from scoring.models import Assessment
from scoring.permissions import get_assessment_for, get_period_for
from scoring.selectors.weekly import weekly_sheet


@require_GET
@policy("get_assessment_for")
def weekly(request: HttpRequest, pk: int) -> HttpResponse:
    """One community's sheet for its weekly meeting, and the papers it may print."""
    assessment = get_assessment_for(request.user, pk)
    officer = acting_officer(request)
    can_print_paper(officer, assessment).require()
    month = f"{assessment.period.month.year}年{assessment.period.month.month}月"
    trail = [(f"{month} {assessment.placement.name}", reverse("scoring:assessment", args=[pk])), ("创建工作会单", "")]
    context = {
        "sheet": weekly_sheet(assessment, officer, request.user),
        "assessment": assessment,
        "kinds": PaperKind.choices,
        "trail": trail,
    }
    return render(request, "ledgers/weekly.html", context)


@require_GET
@policy("can_print_paper")
def papers(request: HttpRequest) -> HttpResponse:
    """The communities one may print for in a month, by street, each street in one file."""
    form = MonthAskedForm(request.GET)
    if not form.is_valid():
        raise Invalid("月份有误。", form.errors)
    month = form.cleaned_data["month"] or running_month(request.user)
    period = get_period_for(request.user, month)
    own = printable_assessments(acting_officer(request), period)
    if not own:
        raise Forbidden("没有可以打印的社区；请社区、街道或区创建办打印。")
    context = {
        "period": period,
        "streets": [_street(list(members)) for _, members in groupby(own, key=lambda one: one.street_id)],
        "kinds": PaperKind.choices,
        "trail": [("首页", "/"), (f"{period}用纸", "")],
    }
    return render(request, "ledgers/papers.html", context)


def _street(members: list[Assessment]) -> dict[str, Any]:
    return {"code": members[0].street.code, "name": members[0].street_name, "members": members}


@require_POST
@policy("can_print_paper")
def paper(request: HttpRequest) -> HttpResponse:
    """Have a paper drawn: of a community or of a street, by code."""
    form = PaperRequestForm(request.POST)
    if not form.is_valid():
        raise Invalid("不能打印。", form.errors)
    job = request_paper(
        actor=acting_officer(request),
        period=get_period_for(request.user, form.cleaned_data["month"]),
        kind=form.cleaned_data["kind"],
        organisation_code=form.cleaned_data["organisation"],
    )
    return redirect("ledgers:paper_print", pk=job.pk)


@require_GET
@policy("get_paper_job_for")
def paper_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Progress of one's paper, then its download; asked by htmx, only that piece."""
    job = get_paper_job_for(request.user, pk)
    name = "ledgers/_paper.html" if is_partial(request) else "ledgers/paper.html"
    title = PaperKind(job.params["kind"]).label
    context = {"job": job, "paper": _paper_of(job), "title": title, "trail": [("首页", "/"), (title, "")]}
    return render(request, name, context)


@require_GET
@policy("get_paper_job_for")
def paper_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The drawn paper."""
    found = _paper_of(get_paper_job_for(request.user, pk))
    if found is None:
        raise Conflict("还没有绘制完成，请稍候再下载。")
    return file_response(found.file, f"{found.get_kind_display()} {found.organisation.code} {found.period.code}.pdf")


def _paper_of(job: Job) -> WorkingPaper | None:
    return WorkingPaper.objects.filter(job=job).select_related("file", "organisation", "period").first()
