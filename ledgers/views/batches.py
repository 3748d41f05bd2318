"""A batch of ledgers: how far it is, what failed and why; asking again, stopping."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from branches.acting import acting_officer
from core.errors import Invalid
from core.policy import policy
from core.views.errors import is_partial
from ledgers.forms import RetryForm
from ledgers.models import LedgerBatch
from ledgers.permissions import get_batch_for
from ledgers.selectors.batches import is_opening, progress_of
from ledgers.services.batch import cancel_batch, retry_batch


@require_GET
@policy("get_batch_for")
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Document by document; asked by htmx, only that piece."""
    found = get_batch_for(request.user, pk)
    name = "ledgers/_batch.html" if is_partial(request) else "ledgers/batch.html"
    return render(request, name, _context(found))


@require_POST
@policy("get_batch_for")
def batch_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw again what failed: one document, or without a choice all of them."""
    found = get_batch_for(request.user, pk)
    form = RetryForm(request.POST)
    if not form.is_valid():
        raise Invalid("不能重试。", form.errors)
    count = retry_batch(actor=acting_officer(request), batch=found, document=form.cleaned_data["document"])
    messages.success(request, f"已重新排队 {count} 册。")
    return redirect("ledgers:batch", pk=pk)


@require_POST
@policy("get_batch_for")
def batch_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop what is not drawn yet."""
    found = get_batch_for(request.user, pk)
    cancel_batch(actor=acting_officer(request), batch=found)
    messages.success(request, "已停止，已绘制的台账保留。")
    return redirect("ledgers:batch", pk=pk)


def _context(found: LedgerBatch) -> dict[str, Any]:
    progress = progress_of(found)
    month = found.publication.period.code
    trail = [("台账", f"{reverse('ledgers:ledgers')}?month={month}"), (f"第 {found.pk} 批", "")]
    opening = found.job if found.opened_at is None else None
    is_alive = progress.is_alive or is_opening(found)
    return {"batch": found, "progress": progress, "opening": opening, "is_alive": is_alive, "trail": trail}
