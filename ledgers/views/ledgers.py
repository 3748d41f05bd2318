"""Issued ledgers: the month's list, one to read, its PDF; the office has them made."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from branches.acting import acting_officer
from branches.choices import Right
from core.errors import Conflict, Invalid
from core.policy import policy
from core.services.files import file_response
from core.sheets.writing import MEDIA_TYPE
from ledgers.filters import LedgerFilter
from ledgers.forms import MonthForm
from ledgers.models import Ledger
from ledgers.permissions import can_issue, get_ledger_for, may_bundle
from ledgers.selectors.batches import is_opening, latest_batch
from ledgers.selectors.drafts import draft_choices, period_to_draft
from ledgers.selectors.issuing import latest_publication, publication_in_force
from ledgers.selectors.ledgers import latest_file, ledger_rows, street_names, successor_of
from ledgers.services.issue import issue_ledgers
from ledgers.services.spreadsheet import ledger_workbook
from scoring.models import Period
from scoring.permissions import get_period_for

PER_PAGE = 150  # a month is 111 documents


@require_GET
@policy("visible_ledgers")
def ledgers(request: HttpRequest) -> HttpResponse:
    """The ledgers one may see, the latest month first; filters by month, street and kind."""
    rows = ledger_rows(request.user)
    months = _months(rows)
    wanted = request.GET.copy()
    wanted.setdefault("month", f"{months[0]:%Y-%m}" if months else "")
    chosen = LedgerFilter(wanted, queryset=rows)
    page = _page_of(chosen.qs if chosen.is_valid() else rows.none(), request.GET.get("page"))
    return render(
        request,
        "ledgers/ledgers.html",
        {
            "page": page,
            "filter": chosen,
            "months": months,
            "streets": street_names(rows),
            "query": _query(wanted),
            "bundles_month": _bundles_month(request, wanted, months),
            "office": _office_card(request),
            "draft": _draft_card(request),
        },
    )


def _page_of(rows: Any, number: str | None) -> Any:
    """One page; what fits on it is not counted first."""
    first = list(rows[: PER_PAGE + 1])
    return Paginator(first if len(first) <= PER_PAGE else rows, PER_PAGE).get_page(number)


def _months(rows: Any) -> list[date]:
    return list(
        rows.order_by("-publication__period__month").values_list("publication__period__month", flat=True).distinct()
    )


def _query(wanted: Any) -> str:
    kept = wanted.copy()
    kept.pop("page", None)
    return f"{kept.urlencode()}&" if kept else ""


def _bundles_month(request: HttpRequest, wanted: Any, months: list[date]) -> str:
    """The month shown, where it has archives and volumes for this officer; empty otherwise."""
    officer = request.officer  # type: ignore[attr-defined]
    shown = {f"{month:%Y-%m}" for month in months}
    return wanted["month"] if officer and wanted["month"] in shown and may_bundle(officer) else ""


def _office_card(request: HttpRequest) -> dict[str, Any] | None:
    """The latest publication, how many of its ledgers are not drawn, and its batch."""
    officer = request.officer  # type: ignore[attr-defined]
    if not officer or not officer.has(Right.DIRECT):
        return None
    publication = latest_publication()
    if publication is None:
        return None
    batch = latest_batch(publication)
    return {
        "publication": publication,
        "undrawn": publication.documents - publication.drawn,
        "batch": batch,
        "is_running": batch is not None and (batch.is_at_work or is_opening(batch)),
    }


def _draft_card(request: HttpRequest) -> dict[str, Any] | None:
    officer = request.officer  # type: ignore[attr-defined]
    period = period_to_draft() if officer else None
    if period is None:
        return None
    choices, can_rank = draft_choices(officer, period), officer.has(Right.DIRECT)
    return {"period": period, "choices": choices, "can_rank": can_rank} if can_rank or choices else None


@require_POST
@policy("can_issue")
def issue(request: HttpRequest) -> HttpResponse:
    """Have the ledgers of a published month issued and drawn in the background."""
    officer = acting_officer(request)
    can_issue(officer).require()
    publication = publication_in_force(_period(request))
    can_issue(officer, publication).require()
    batch = issue_ledgers(actor=officer, publication=publication)
    messages.success(request, f"{publication}的台账已排队生成，可以离开本页。")
    return redirect("ledgers:batch", pk=batch.pk)


def _period(request: HttpRequest) -> Period:
    form = MonthForm(request.POST)
    if not form.is_valid():
        raise Invalid("月份有误。", form.errors)
    return get_period_for(request.user, form.cleaned_data["month"])


@require_GET
@policy("get_ledger_for")
def ledger(request: HttpRequest, number: str) -> HttpResponse:
    """One ledger: its number, digest, what it follows, what superseded it, and what it says."""
    found = get_ledger_for(request.user, number)
    publication, successor = successor_of(found)
    return render(
        request,
        "ledgers/ledger.html",
        {
            "ledger": found,
            "body": found.data,
            "has_pdf": latest_file(found) is not None,
            "later": publication,
            "successor": successor,
            "trail": [("台账", reverse("ledgers:ledgers")), (found.number, "")],
        },
    )


@require_GET
@policy("get_ledger_for")
def pdf(request: HttpRequest, number: str) -> HttpResponseBase:
    """The kept PDF as a download."""
    found = get_ledger_for(request.user, number)
    stored = latest_file(found)
    if stored is None:
        raise Conflict("这册台账已签发，文件尚未绘制，请稍后再下载。")
    return file_response(stored, filename_of(found))


@require_GET
@policy("get_ledger_for")
def xlsx(request: HttpRequest, number: str) -> HttpResponse:
    """The same content as a workbook, made on the spot."""
    found = get_ledger_for(request.user, number)
    response = HttpResponse(ledger_workbook(found), content_type=MEDIA_TYPE)
    name = filename_of(found, "xlsx")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response


def filename_of(ledger: Ledger, ending: str = "pdf") -> str:
    """府后社区 2026年10月….pdf: words first, the number for the archive."""
    return f"{ledger.name} {ledger.title} {ledger.number}.{ending}"
