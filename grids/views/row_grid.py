"""表格修改: the rows of one community in a grid, typed or pasted, kept all together or not at all."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from branches.acting import Officer, acting_officer
from branches.models import Organisation
from core.errors import Invalid, PortalError
from core.policy import policy
from grids.forms.row_grid import new_rows, pasted_cells, shown_rows, typed_lines
from grids.imports.lines import Plan, add_refusal
from grids.imports.plan import apply_plan, plan_lines
from grids.permissions import can_keep_register
from grids.registers import Register, register_named
from grids.registers.options import Options
from grids.selectors.keeping import keepable_grids
from grids.selectors.registers import community_rows
from grids.views.asked import asked_community, trail_of, whole

PAGE = 40
SOURCE = "表格修改"


@require_http_methods(["GET", "POST"])
@policy("can_keep_register")
def row_grid(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: the grid. POST: keep it, or take a pasted block over as new lines."""
    register, officer = register_named(slug), acting_officer(request)
    can_keep_register(officer, register.model).require()
    community = None
    if register.is_of_community:
        community, kept = asked_community(request, officer)
        if community is None:
            context = {"register": register, "communities": kept, "trail": trail_of(register, ("选择社区", ""))}
            return render(request, "grids/choose_community.html", context)
    desk = _Desk(request, register, officer, community)
    if request.method != "POST":
        return desk.page()
    return desk.pasted() if request.POST.get("act") == "paste" else desk.save()


class _Desk:
    """One request at the grid."""

    def __init__(
        self, request: HttpRequest, register: Register, officer: Officer, community: Organisation | None
    ) -> None:
        self.request, self.register, self.officer, self.community = request, register, officer, community
        self.plan: Plan | None = None
        self.block: list[dict[str, str]] = []
        found = community_rows(register, community.pk if community else 0)
        only = keepable_grids(officer)
        if only is not None and "grid" in register.fields:
            found = found.filter(grid__in=only)
        given = request.POST if request.method == "POST" else request.GET
        self.shown = Paginator(found, PAGE).get_page(whole(given.get("page")) or 1)

    @property
    def address(self) -> str:
        scope = f"?community={self.community.code}&" if self.community else "?"
        return f"{reverse('grids:row_grid', args=[self.register.slug])}{scope}page={self.shown.number}"

    def save(self) -> HttpResponse:
        """All cells of the grid or none."""
        lines = typed_lines(self.request.POST, self.register, self.community)
        self.plan = plan_lines(self.officer, self.register, lines)
        if self.plan.is_faulty:
            return self.page(Invalid("有几处没有填对，一行也没有保存，改好标出的格子再保存。"))
        try:
            kept = apply_plan(self.officer, self.plan, SOURCE)
        except PortalError as refusal:
            add_refusal(self.plan, refusal)
            return self.page(refusal)
        said = f"新登记 {kept.recorded} 行，改动 {kept.changed} 行。"
        messages.success(self.request, said if kept.recorded or kept.changed else "没有改动。")
        return redirect(self.address)

    def pasted(self) -> HttpResponse:
        """The block as new lines, to be looked at before it is saved; what was typed stays."""
        lines = typed_lines(self.request.POST, self.register, self.community)
        self.plan = plan_lines(self.officer, self.register, lines)
        for line in self.plan.lines:
            line.faults.clear()
        try:
            self.block = pasted_cells(self.register, self.request.POST.get("block", ""))
        except Invalid as refusal:
            return self.page(refusal)
        messages.info(self.request, f"已把 {len(self.block)} 行放到下面“新”行里，核对后点保存。")
        return self.page()

    def page(self, error: PortalError | None = None) -> HttpResponse:
        options = Options(self.register, [self.community.pk] if self.community else [], keepable_grids(self.officer))
        context: dict[str, Any] = {
            "register": self.register,
            "community": self.community,
            "page": self.shown,
            "columns": self.register.sheet_columns,
            "rows": shown_rows(self.register, list(self.shown), options, self.community, self.plan),
            "new_rows": new_rows(self.register, options, self.community, self.plan, self.block),
            "error": error,
            "query": f"community={self.community.code}&" if self.community else "",
            "trail": trail_of(self.register, ("表格修改", "")),
        }
        return render(self.request, "grids/row_grid.html", context, status=error.status if error else 200)
