"""佐证 of an item: the list with what may be done to it, one piece, its file."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Invalid, PortalError
from core.policy import policy
from core.services.files import file_response
from core.uploads.accept import accept
from scoring.forms.evidence import EvidenceForm
from scoring.models import Evidence
from scoring.permissions import can_add_evidence, can_remove_evidence, get_evidence_for
from scoring.selectors.current import CurrentItem, current_item_for
from scoring.selectors.evidence import evidence_of, last_month_ids, reusable_evidence, type_word, uses_of
from scoring.services.evidence import MOST, link_evidence, record_evidence, unlink_evidence
from scoring.views.asked import whole


@require_http_methods(["GET", "POST"])
@policy("get_item_for")
def item_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands beside an item; a POST records a file or a note there."""
    current = _current(request, pk)
    if request.method != "POST":
        return _page(request, current, EvidenceForm(initial={"form_key": uuid.uuid4()}))
    can_add_evidence(request.officer, current).require()  # type: ignore[attr-defined]
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, current, form, status=422)
    try:
        return _recorded(request, current, form)
    except PortalError as refusal:
        _add_errors(form, refusal)
        return _page(request, current, form, status=refusal.status)


def _recorded(request: HttpRequest, current: CurrentItem, form: EvidenceForm) -> HttpResponse:
    typed = form.cleaned_data
    recorded = record_evidence(
        actor=request.officer,  # type: ignore[attr-defined]
        item=current.item,
        upload=accept(typed["file"]) if typed["file"] else None,
        title=typed["title"],
        text=typed["text"],
        happened_on=typed["happened_on"],
        form_key=typed["form_key"],
    )
    title = recorded.evidence.title
    if recorded.is_known:
        messages.success(request, f"这个文件本社区以前登记过，直接用“{title}”，没有重复登记。")
    else:
        messages.success(request, f"已登记佐证“{title}”。")
    return redirect("scoring:item_evidence", pk=current.item.pk)


def _add_errors(form: EvidenceForm, refusal: PortalError) -> None:
    errors = refusal.errors if isinstance(refusal, Invalid) else {}
    for field, found in errors.items():
        form.add_error(field if field in form.fields else None, found)
    if not errors:
        form.add_error(None, refusal.message)


@require_POST
@policy("get_item_for")
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Put earlier pieces of the community beside an item: the ticked ones, or all of last month's."""
    current = _current(request, pk)
    can_add_evidence(request.officer, current).require()  # type: ignore[attr-defined]
    item = current.item
    ids = last_month_ids(item) if request.POST.get("what") == "last_month" else _ticked(request)
    found = list(Evidence.objects.visible_to(request.user).filter(pk__in=ids))  # type: ignore[arg-type]
    if len(found) != len(ids):
        raise Http404("有佐证不在您的查看范围内。")
    if not found:
        raise Invalid("请先勾选要用的佐证。")
    fresh = link_evidence(actor=request.officer, item=item, evidence=found)  # type: ignore[attr-defined]
    messages.success(request, f"已用上 {fresh} 件佐证。")
    return redirect("scoring:item_evidence", pk=pk)


@require_POST
@policy("get_item_for")
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a piece away from an item."""
    current = _current(request, pk)
    chosen = whole(request.POST.get("evidence"))
    can_remove_evidence(request.officer, current).require()  # type: ignore[attr-defined]
    if chosen is None:
        raise Invalid("页面已过期，请刷新后再办。")
    unlink_evidence(actor=request.officer, item=current.item, evidence_id=chosen)  # type: ignore[attr-defined]
    messages.success(request, "已移除，登记过的材料仍保留，可以再用。")
    return redirect("scoring:item_evidence", pk=pk)


@require_GET
@policy("get_evidence_for")
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece: what it is, who recorded it, where it stands."""
    found = get_evidence_for(request.user, pk)  # type: ignore[arg-type]
    uses = uses_of(found, request.user)  # type: ignore[arg-type]
    context = {
        "evidence": found,
        "type": type_word(found),
        "is_picture": bool(found.file and found.file.media_type == "image/jpeg"),
        "uses": uses,
        "trail": [("首页", "/"), *_way_to(uses), (found.title, "")],
    }
    return render(request, "scoring/evidence.html", context)


def _way_to(uses: list[Any]) -> list[tuple[str, str]]:
    if not uses:
        return []
    item = uses[0].item
    return [(f"第{item.task.number}项佐证", reverse("scoring:item_evidence", args=[item.pk]))]


@require_GET
@policy("get_evidence_for")
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself, as a download."""
    found = get_evidence_for(request.user, pk)  # type: ignore[arg-type]
    if found.file is None:
        raise Http404("这件佐证没有文件。")
    return file_response(found.file, found.file_name)


def _current(request: HttpRequest, pk: int) -> CurrentItem:
    return current_item_for(request.user, pk)  # type: ignore[arg-type]


def _ticked(request: HttpRequest) -> set[int]:
    ids = {whole(value) for value in request.POST.getlist("evidence")}
    if None in ids or len(ids) > MOST:
        raise Invalid(f"一次最多选 {MOST} 件；页面过期的请刷新后再选。")
    return {pk for pk in ids if pk is not None}


def _page(request: HttpRequest, current: CurrentItem, form: EvidenceForm, status: int = 200) -> HttpResponse:
    item, officer = current.item, request.officer  # type: ignore[attr-defined]
    user: Any = request.user
    beside = evidence_of(item, user, officer)
    may_add = can_add_evidence(officer, current)
    reusable = reusable_evidence(item, user) if may_add else []
    last_month = last_month_ids(item) if may_add else set()
    assessment = current.assessment
    month = f"{assessment.period.month.year}年{assessment.period.month.month}月"
    context = {
        "current": current,
        "task": current.task,
        "beside": beside,
        "may_add": may_add,
        "may_remove": can_remove_evidence(officer, current),
        "is_full": len(beside.pieces) >= MOST,
        "most": MOST,
        "reusable": [(one, type_word(one)) for one in reusable],
        "last_month": len([one for one in reusable if one.pk in last_month]),
        "form": form,
        "trail": [
            (
                f"{month} {current.assessment.placement.name}",
                reverse("scoring:assessment", args=[current.assessment.pk]),
            ),
            (f"第{current.task.number}项", reverse("scoring:item", args=[item.pk])),
            ("佐证", ""),
        ],
    }
    return render(request, "scoring/item_evidence.html", context, status=status)
