"""任务分工: which post of a community answers for which task, by which day; and the sheet of it for the wall."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.choices import Level
from branches.models import Organisation
from branches.permissions import can_keep_duties, get_organisation_for
from branches.services.duties import keep_duty_posts
from core.errors import Invalid, PortalError
from core.policy import policy
from scoring.forms.duties import TypedDuties, asked_month, typed_duties
from scoring.models import Programme
from scoring.selectors.assignments import SUGGESTED_POSTS, duty_table, months_to_assign, present_programme
from scoring.services.assignment import assign_tasks
from scoring.views.asked import acting_officer


@require_http_methods(["GET", "POST"])
@policy("can_keep_duties")
def duties(request: HttpRequest, code: str) -> HttpResponse:
    """GET: all tasks in one table. POST: keep the table, or give the ticked tasks one choice."""
    community, programme = _asked(request, code)
    if request.method != "POST":
        return _page(request, community, programme)
    typed = TypedDuties()
    try:
        typed = typed_duties(request.POST)
        if typed.errors:
            raise Invalid(f"有 {len(typed.errors)} 项没有看懂，都没有保存。")
        month = asked_month(request.POST.get("month"), months_to_assign(programme))
        changed = assign_tasks(
            actor=acting_officer(request),
            organisation=community,
            programme=programme,
            from_month=month,
            duties=typed.duties,
        )
    except PortalError as refusal:
        return _page(request, community, programme, typed=typed, error=refusal)
    messages.success(request, f"已保存，改动 {changed} 项。" if changed else "没有改动。")
    return redirect(f"{reverse('scoring:duties', args=[community.code])}?month={month:%Y-%m}")


@require_POST
@policy("can_keep_duties")
def duty_posts(request: HttpRequest, code: str) -> HttpResponse:
    """The community's own list of posts, one a line."""
    community, programme = _asked(request, code)
    titles = request.POST.get("titles", "")
    try:
        changed = keep_duty_posts(
            actor=acting_officer(request), organisation=community, titles=titles[:5000].splitlines()
        )
    except PortalError as refusal:
        return _page(request, community, programme, error=refusal, titles=titles)
    messages.success(request, f"岗位名单已保存，改动 {changed} 个。" if changed else "没有改动。")
    return redirect("scoring:duties", code=community.code)


@require_GET
@policy("can_keep_duties")
def duty_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The one-page 分工表, for the wall and for signing."""
    community, programme = _asked(request, code)
    month = asked_month(request.GET.get("month"), months_to_assign(programme))
    context = {
        "community": community,
        "table": duty_table(community, programme, month),
        "trail": [(f"{community}分工", reverse("scoring:duties", args=[community.code])), ("分工表", "")],
    }
    return render(request, "scoring/duty_sheet.html", context)


def _asked(request: HttpRequest, code: str) -> tuple[Organisation, Programme]:
    """A community and the programme; refused before anything is told of it."""
    community = get_organisation_for(request.user, code)  # type: ignore[arg-type]
    can_keep_duties(acting_officer(request), community).require()
    programme = present_programme()
    if programme is None or community.level != Level.COMMUNITY:
        raise Http404("没有这个社区的任务分工。")
    return community, programme


def _page(
    request: HttpRequest,
    community: Organisation,
    programme: Programme,
    *,
    typed: TypedDuties | None = None,
    error: PortalError | None = None,
    titles: str | None = None,
) -> HttpResponse:
    months = months_to_assign(programme)
    asked = (request.GET if request.method == "GET" else request.POST).get("month")
    month = next((one for one in months if f"{one:%Y-%m}" == asked), months[0])
    table = duty_table(
        community, programme, month, typed=typed.typed if typed else None, errors=typed.errors if typed else None
    )
    context: dict[str, Any] = {
        "community": community,
        "months": months,
        "table": table,
        "faults": [row for row in table.rows if row.error],
        "error": error,
        "titles": titles if titles is not None else "\n".join(table.duty_titles or SUGGESTED_POSTS),
        "trail": [(str(community), reverse("branches:organisation", args=[community.code])), ("任务分工", "")],
    }
    return render(request, "scoring/duties.html", context, status=error.status if error else 200)
