"""The audit administrator reads what was done, and proves that the record is whole."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from core.actor import actor_of
from core.forms import AuditFilter
from core.jobs import VERIFY_AUDIT, request_verification
from core.models import ChainHead, Job
from core.permissions import can_read_audit
from core.policy import policy
from core.selectors.audit_list import audit_entries, entry_row

PER_PAGE = 50


@require_GET
@policy("can_read_audit")
def audit(request: HttpRequest) -> HttpResponse:
    """What was done, newest first, and the last proof of the chain."""
    can_read_audit(request.user).require()
    form = AuditFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = Paginator(audit_entries(**wanted), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [entry_row(entry) for entry in page],
        "query": _query(request),
        "head": ChainHead.objects.filter(pk=1).first(),
        "proof": Job.objects.filter(kind=VERIFY_AUDIT).first(),
    }
    return render(request, "core/audit.html", context)


@require_POST
@policy("can_read_audit")
def verify_audit(request: HttpRequest) -> HttpResponse:
    """Start the proof in the background."""
    can_read_audit(request.user).require()
    request_verification(actor=actor_of(request))
    return redirect("core:audit")


def _query(request: HttpRequest) -> str:
    kept = urlencode([(name, value) for name, value in request.GET.items() if name != "page" and value])
    return f"{kept}&" if kept else ""
