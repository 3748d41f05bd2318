"""The rubric: editions, one edition as a printed standard, and what the creation office does with drafts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.errors import Invalid
from core.permit import Permit, refused
from core.policy import policy
from scoring.choices import RubricState
from scoring.forms.rubrics import RubricUpload
from scoring.imports import import_rubrics
from scoring.models import Programme, Rubric
from scoring.permissions import can_keep_rubrics, get_rubric_for
from scoring.selectors.rubric_reader import editions_for, in_force_among, star_sections
from scoring.selectors.rubrics import rubric_content
from scoring.services.rubric import discard_draft, publish_rubric, publishing_faults


@require_GET
@policy("visible_to")
def rubrics(request: HttpRequest) -> HttpResponse:
    """All editions the reader may see."""
    editions = list(editions_for(request.user))  # type: ignore[arg-type]
    in_force = in_force_among(editions, clock.today().replace(day=1))
    context = {
        "rows": [{"rubric": rubric, "is_in_force": rubric.pk in in_force} for rubric in editions],
        "may_keep": _may_keep(request),
    }
    return render(request, "scoring/rubrics.html", context)


@require_GET
@policy("get_rubric_for")
def rubric(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition: of a published one the frozen content, of a draft what would be frozen."""
    edition = get_rubric_for(request.user, pk)  # type: ignore[arg-type]
    return render(request, "scoring/rubric.html", _reader_context(request, edition))


@require_http_methods(["GET", "POST"])
@policy("can_keep_rubrics")
def rubric_import(request: HttpRequest) -> HttpResponse:
    """Upload a file: all faults at once and nothing changed, or new drafts."""
    _may_keep(request).require()
    form = RubricUpload(request.POST, request.FILES) if request.method == "POST" else _blank_upload()
    faults: dict[str, list[str]] = {}
    if request.method == "POST" and form.is_valid():
        try:
            return _imported(request, form)
        except Invalid as refusal:
            form.add_error(None, refusal.message)
            faults = refusal.errors
    context = {"form": form, "faults": faults, "trail": [("评星标准", reverse("scoring:rubrics")), ("导入", "")]}
    return render(request, "scoring/rubric_import.html", context, status=422 if form.errors else 200)


@require_POST
@policy("can_keep_rubrics")
def rubric_publish(request: HttpRequest, pk: int) -> HttpResponse:
    edition = get_rubric_for(request.user, pk)  # type: ignore[arg-type]
    _may_keep(request).require()
    published = publish_rubric(actor=request.officer, rubric=edition)  # type: ignore[attr-defined]
    messages.success(request, f"{published} 已发布，内容不再改动。")
    return redirect("scoring:rubric", pk=pk)


@require_POST
@policy("can_keep_rubrics")
def rubric_discard(request: HttpRequest, pk: int) -> HttpResponse:
    edition = get_rubric_for(request.user, pk)  # type: ignore[arg-type]
    _may_keep(request).require()
    discard_draft(actor=request.officer, rubric=edition)  # type: ignore[attr-defined]
    messages.success(request, f"草稿 {edition} 已删除。")
    return redirect("scoring:rubrics")


def _may_keep(request: HttpRequest) -> Permit:
    officer = request.officer  # type: ignore[attr-defined]
    return can_keep_rubrics(officer) if officer else refused("当前账号没有在任岗位。")


def _reader_context(request: HttpRequest, edition: Rubric) -> dict[str, Any]:
    content = rubric_content(edition)
    sections = star_sections(content)
    is_draft = edition.state == RubricState.DRAFT
    return {
        "rubric": edition,
        "content": content,
        "sections": sections,
        "task_count": sum(len(section.tasks) for section in sections),
        "full_points": sum((section.full_points for section in sections), Decimal(0)),
        "is_draft": is_draft,
        "may_keep": is_draft and _may_keep(request),
        "faults": publishing_faults(edition) if is_draft else [],
        "trail": [
            ("评星标准", reverse("scoring:rubrics")),
            (f"{edition.get_track_display()} 第 {edition.number} 版", ""),
        ],
    }


def _blank_upload() -> RubricUpload:
    programme = Programme.objects.filter(is_practice=False).order_by("pk").first()
    return RubricUpload(initial={"programme": programme})


def _imported(request: HttpRequest, form: RubricUpload) -> HttpResponse:
    given = form.cleaned_data
    drafts = import_rubrics(
        actor=request.officer,  # type: ignore[attr-defined]
        programme=given["programme"],
        text=given["file"],
        first_month=given["first_month"],
    )
    if not drafts:
        messages.info(request, "文件内容与现有最新一版相同，没有新增。")
        return redirect("scoring:rubrics")
    names = "、".join(f"{draft.get_track_display()}第 {draft.number} 版" for draft in drafts)
    messages.success(request, f"已导入为草稿：{names}。核对后发布。")
    return redirect("scoring:rubric", pk=drafts[0].pk) if len(drafts) == 1 else redirect("scoring:rubrics")
