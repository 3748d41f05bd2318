"""集中代填: one task over all communities of a street, typed into a grid or pasted from a sheet; kept as drafts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from branches.acting import Officer
from core.errors import Conflict, Invalid, PortalError
from core.policy import policy
from scoring.forms.grid import TypedGrid, typed_grid, versions
from scoring.forms.paste import read_block
from scoring.forms.paste_plan import PastePlan, plan_drafts, versions_of
from scoring.models import Assessment, Period
from scoring.permissions import can_enter_for_street
from scoring.selectors.current import CurrentItem
from scoring.selectors.entry_grid import TaskChoice, chosen_task, grid_rows, street_items, task_choices
from scoring.selectors.unit_names import UnitNames
from scoring.services.drafts import TypedRow
from scoring.services.many import save_drafts_of_many
from scoring.views.asked import acting_officer, asked_period, choice, period_trail

ACTS = ("save", "preview", "apply")


@require_http_methods(["GET", "POST"])
@policy("can_enter_for_street")
def street_grid(request: HttpRequest, month: date) -> HttpResponse:
    """GET: the grid of one task. POST: keep the grid, show what a pasted sheet would do, or keep the sheet."""
    officer = acting_officer(request)
    can_enter_for_street(officer).require()
    desk = _Desk(request, officer, asked_period(request, month))
    if request.method != "POST":
        return desk.page()
    act = choice(request.POST.get("act"), ACTS, "preview")
    try:
        return desk.save() if act == "save" else desk.paste(is_apply=act == "apply")
    except PortalError as refusal:
        return desk.page(error=refusal)


class _Desk:
    """One request at the grid: the task asked for, its items, what was typed or pasted."""

    def __init__(self, request: HttpRequest, officer: Officer, period: Period) -> None:
        self.request, self.officer, self.period = request, officer, period
        given = request.POST if request.method == "POST" else request.GET
        self.tasks: Sequence[TaskChoice] = task_choices(
            Assessment.objects.filter(period=period, street=officer.organisation)
        )
        self.key = chosen_task(self.tasks, given.get("task"))
        self.found: list[CurrentItem] = street_items(period, officer.organisation, self.key)
        self.grid = TypedGrid()
        self.plan: PastePlan | None = None
        self.block = ""

    @property
    def address(self) -> str:
        return f"{reverse('scoring:street_grid', args=[self.period.code])}?task={self.key}"

    def save(self) -> HttpResponse:
        """All cells of the grid or none."""
        self.grid = typed_grid(self.request.POST, self.officer, self.found)
        if self.grid.errors:
            raise Invalid(f"有 {len(self.grid.errors)} 个社区没有填对，都没有保存。")
        return self._saved(self.grid.rows)

    def paste(self, *, is_apply: bool) -> HttpResponse:
        """Preview; apply only what was previewed just so."""
        self.block = self.request.POST.get("block", "").replace("\r\n", "\n")
        names = UnitNames(self.period, [one.item.assessment_id for one in self.found])
        self.plan, wanted = plan_drafts(self.officer, self.found, names, read_block(self.block))
        if not is_apply:
            return self.page()
        if self.request.POST.get("seen") != seen(self.key, self.block):
            raise Conflict("内容改过，请核对新的预览后再写入。")
        if self.plan.faults:
            raise Invalid(f"有 {len(self.plan.faults)} 处问题，都没有写入。")
        shown = versions(self.request.POST)
        rows: dict[int, dict[int, TypedRow]] = {}
        for pk, planned in wanted.items():
            row = TypedRow(planned.entry, shown.get(pk, -1))
            rows.setdefault(planned.current.item.assessment_id, {})[pk] = row
        return self._saved(rows)

    def _saved(self, rows: dict[int, dict[int, TypedRow]]) -> HttpResponse:
        try:
            saved = save_drafts_of_many(actor=self.officer, rows=rows)
        except Invalid as refusal:
            self.grid.errors |= {int(pk): found[0] for pk, found in refusal.errors.items()}
            raise
        said = f"已存 {saved} 个社区的草稿，等社区确认后报送。" if saved else "没有改动。"
        messages.success(self.request, said)
        return redirect(self.address)

    def page(self, error: PortalError | None = None) -> HttpResponse:
        shown = versions_of(self.plan) if self.plan else {}
        context: dict[str, Any] = {
            "period": self.period,
            "tasks": self.tasks,
            "key": self.key,
            "rows": grid_rows(
                self.found, self.officer, lambda one: one.assessment.placement.name, self.grid.cells, self.grid.errors
            ),
            "rules": rules_of(self.found),
            "plan": self.plan,
            "shown": shown.items(),
            "seen": seen(self.key, self.block),
            "pasted": self.block,
            "error": error,
            "trail": period_trail(self.period, "集中代填"),
        }
        return render(self.request, "scoring/street_grid.html", context, status=error.status if error else 200)


def rules_of(found: Sequence[CurrentItem]) -> list[tuple[str, str]]:
    """How points are given, once a track where the tracks differ: (track or nothing, rule)."""
    rules = {one.assessment.get_track_display(): one.task.criterion_text for one in found}
    return list(rules.items()) if len(set(rules.values())) > 1 else [("", rule) for rule in set(rules.values())]


def seen(*parts: str) -> str:
    """A mark of what was previewed: applying another text is a new preview."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
