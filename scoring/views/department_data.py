"""部门数据核验: one task over all communities by a department's sheet; agree where equal, else set with the source."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from branches.acting import Officer
from core.errors import Conflict, Invalid, PortalError
from core.policy import policy
from scoring.forms.department import DepartmentForm
from scoring.forms.grid import versions
from scoring.forms.paste import read_block
from scoring.forms.paste_plan import READINGS, PastePlan, View, plan_reviews, versions_of
from scoring.models import Period
from scoring.permissions import can_review_star
from scoring.selectors.current import CurrentItem
from scoring.selectors.entry_grid import chosen_task
from scoring.selectors.served import served_items, served_tasks
from scoring.selectors.unit_names import UnitNames
from scoring.services.many import Given, Source, checked_source, review_from_source
from scoring.views.asked import acting_officer, asked_period, choice, period_trail
from scoring.views.street_grid import rules_of, seen


@require_http_methods(["GET", "POST"])
@policy("can_review_star")
def department_data(request: HttpRequest, month: date) -> HttpResponse:
    """GET: the form of one task. POST: what the sheet would do, or (`act=apply`) the reviews."""
    officer = acting_officer(request)
    can_review_star(officer).require()
    desk = _Desk(request, officer, asked_period(request, month))
    if request.method != "POST":
        return desk.page()
    try:
        return desk.paste(is_apply=request.POST.get("act") == "apply")
    except PortalError as refusal:
        return desk.page(error=refusal)


class _Desk:
    """One request: the task asked for, its items under the task force, the sheet."""

    def __init__(self, request: HttpRequest, officer: Officer, period: Period) -> None:
        self.request, self.officer, self.period = request, officer, period
        given = request.POST if request.method == "POST" else request.GET
        self.tasks = served_tasks(period, officer.organisation)
        if not self.tasks:
            raise Http404("本月没有由本专班负责的任务。")
        self.key = chosen_task(self.tasks, given.get("task"))
        self.found: list[CurrentItem] = served_items(period, officer.organisation, self.key)
        self.form = DepartmentForm(request.POST if request.method == "POST" else None)
        self.plan: PastePlan | None = None
        self.block = ""

    @property
    def mark(self) -> str:
        fields = [self.form.data.get(name, "") for name in self.form.fields] if self.form.is_bound else []
        return seen(self.key, *fields, self.block)

    def paste(self, *, is_apply: bool) -> HttpResponse:
        """Preview; apply only what was previewed just so."""
        self.block = self.request.POST.get("block", "").replace("\r\n", "\n")
        source = self._source()
        names = UnitNames(self.period, [one.item.assessment_id for one in self.found])
        reading = choice(self.form.cleaned_data["reading"], READINGS, "points")
        self.plan, wanted = plan_reviews(self.officer, self.found, names, read_block(self.block), reading)
        if not is_apply:
            return self.page()
        if self.request.POST.get("seen") != self.mark:
            raise Conflict("内容改过，请核对新的预览后再写入。")
        if self.plan.faults:
            raise Invalid(f"有 {len(self.plan.faults)} 处问题，都没有写入。")
        return self._given(source, wanted)

    def _source(self) -> Source:
        if not self.form.is_valid():
            raise Invalid("请先填好部门、表名和日期。")
        clean = self.form.cleaned_data
        try:
            return checked_source(clean["department"], clean["title"], clean["day"])
        except Invalid as error:
            for name, found in error.errors.items():
                self.form.add_error(name, found)
            raise

    def _given(self, source: Source, wanted: dict[int, View]) -> HttpResponse:
        shown = versions(self.request.POST)
        views = {
            pk: Given(view.outcome, view.points, view.derivation, shown.get(pk, -1)) for pk, view in wanted.items()
        }
        written = review_from_source(actor=self.officer, source=source, views=views)
        messages.success(self.request, f"已按部门数据核验 {written} 个社区。" if written else "没有改动。")
        return redirect(f"{reverse('scoring:department_data', args=[self.period.code])}?task={self.key}")

    def page(self, error: PortalError | None = None) -> HttpResponse:
        shown = versions_of(self.plan) if self.plan else {}
        context: dict[str, Any] = {
            "period": self.period,
            "tasks": self.tasks,
            "key": self.key,
            "form": self.form,
            "communities": len(self.found),
            "rules": rules_of(self.found),
            "plan": self.plan,
            "shown": shown.items(),
            "seen": self.mark,
            "pasted": self.block,
            "error": error,
            "trail": period_trail(self.period, "部门数据核验"),
        }
        return render(self.request, "scoring/department_data.html", context, status=error.status if error else 200)
