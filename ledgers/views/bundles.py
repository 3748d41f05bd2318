"""Archive and bound volume: what is there, having one made, the download."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from branches.acting import acting_officer
from core.errors import Invalid
from core.policy import policy
from core.services.files import file_response
from core.services.jobs import title_of
from ledgers.calc.filing import plain
from ledgers.forms import BundleForm, MonthForm
from ledgers.models import Bundle, BundleKind
from ledgers.permissions import get_bundle_for
from ledgers.selectors.bundles import bundle_jobs, bundle_place, shelves
from ledgers.selectors.issuing import publication_in_force
from ledgers.services.bundle import MAKE_BUNDLE, request_bundle
from ledgers.services.rendering import scope_of
from scoring.models import Publication
from scoring.permissions import get_period_for

ENDINGS = {BundleKind.ARCHIVE: "zip", BundleKind.VOLUME: "pdf"}


@require_GET
@policy("visible_bundles")
def bundles(request: HttpRequest) -> HttpResponse:
    """The bundles of a month's publication in force that one may read or have made."""
    publication = _publication(request, request.GET)
    address = f"{reverse('ledgers:ledgers')}?month={publication.period.code}"
    officer = request.officer or None  # type: ignore[attr-defined]
    return render(
        request,
        "ledgers/bundles.html",
        {
            "publication": publication,
            "shelves": shelves(request.user, officer, publication),  # type: ignore[arg-type]
            "jobs": bundle_jobs(request.user, scope_of(publication.pk), MAKE_BUNDLE),  # type: ignore[arg-type]
            "job_title": title_of(MAKE_BUNDLE),
            "trail": [("台账", address), ("档案包和合订本", "")],
        },
    )


@require_POST
@policy("can_bundle")
def bundle_make(request: HttpRequest) -> HttpResponse:
    """Have an archive or a volume made in the background."""
    officer = acting_officer(request)
    form = BundleForm(request.POST)
    if not form.is_valid():
        raise Invalid("不能生成成套文件。", form.errors)
    publication = _publication(request, request.POST)
    organisation = bundle_place(publication, form.cleaned_data["organisation"])
    if organisation is None:
        raise Http404("没有这个单位的台账。")
    kind = form.cleaned_data["kind"]
    request_bundle(actor=officer, publication=publication, kind=kind, organisation=organisation)
    messages.success(request, "已排队，可以离开本页。")
    return redirect(f"{reverse('ledgers:bundles')}?month={publication.period.code}")


@require_GET
@policy("get_bundle_for")
def bundle_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The kept file as a download."""
    found = get_bundle_for(request.user, pk)
    return file_response(found.file, filename_of(found))


def filename_of(bundle: Bundle) -> str:
    """西大街道 2026年10月考评台账档案包.zip."""
    words = f"{bundle.name} {bundle.publication.period} {bundle.get_kind_display()}"
    correction = f"（第{bundle.publication.number}版）" if bundle.publication.number > 1 else ""
    return f"{plain(words + correction)}.{ENDINGS[BundleKind(bundle.kind)]}"


def _publication(request: HttpRequest, sent: Any) -> Publication:
    form = MonthForm(sent)
    if not form.is_valid():
        raise Invalid("月份有误。", form.errors)
    return publication_in_force(get_period_for(request.user, form.cleaned_data["month"]))
