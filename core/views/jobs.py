"""Background jobs: all of them for the system administrator, her own for everybody."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.actor import actor_of
from core.forms import JobFilter
from core.models import Job
from core.permissions import can_cancel_job, can_list_jobs, can_retry_job, get_job_for, visible_jobs
from core.policy import policy
from core.selectors.calendar import calendar_warning
from core.services import jobs as service
from core.views.errors import is_partial

PER_PAGE = 50


@require_GET
@policy("can_list_jobs")
def jobs(request: HttpRequest) -> HttpResponse:
    """Every job, newest first."""
    can_list_jobs(request.user).require()
    form = JobFilter(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    found = visible_jobs(request.user)
    page = Paginator(found.filter(state=state) if state else found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(job, service.title_of(job.kind)) for job in page]
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "query": f"state={state}&" if state else "",
        "warning": calendar_warning(clock.today()),
    }
    return render(request, "core/jobs.html", context)


@require_GET
@policy("get_job_for")
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job; asked by htmx, only its progress."""
    found = get_job_for(request.user, pk)
    return render(request, "core/_job.html" if is_partial(request) else "core/job.html", _context(request, found))


@require_POST
@policy("can_cancel_job")
def cancel_job(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_job_for(request.user, pk)
    can_cancel_job(request.user, found).require()
    service.cancel(actor=actor_of(request), job=found)
    return redirect("core:job", pk=pk)


@require_POST
@policy("can_retry_job")
def retry_job(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_job_for(request.user, pk)
    can_retry_job(request.user, found).require()
    again = service.retry(actor=actor_of(request), job=found)
    return redirect("core:job", pk=again.pk)


def _context(request: HttpRequest, found: Job) -> dict[str, object]:
    return {
        "job": found,
        "title": service.title_of(found.kind),
        "can_cancel": can_cancel_job(request.user, found),
        "can_retry": can_retry_job(request.user, found),
    }
