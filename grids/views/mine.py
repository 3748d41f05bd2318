"""The page a grid secretary opens on the phone: what was done this week, what is open, one line more."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from branches.acting import Officer, acting_officer
from branches.forms import take_over
from core import clock
from core.errors import Conflict, Invalid
from core.policy import policy
from grids.choices import ActivityKind
from grids.forms.figures import DoneForm, FoundForm
from grids.models import Activity, Rectification
from grids.permissions import can_keep_own_grids, get_row_for
from grids.selectors.mine import WEEK, OwnGrid, done_since, open_findings, own_grids
from grids.services.rows import change_row, record_row

TERM = timedelta(days=15)


@policy("can_keep_own_grids")
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """GET: the week. POST: one thing that was done."""
    officer, grids = _own(request)
    form = DoneForm(request.POST or None, initial=_fresh(grids), grids=grids)
    if form.is_valid():
        given = dict(form.cleaned_data)
        own = given.pop("grid")
        given["title"] = given["title"] or str(ActivityKind(given["kind"]).label)
        try:
            record_row(actor=officer, row=Activity(community=own.state.community, grid=own.grid, **given))
        except (Invalid, Conflict) as refusal:
            take_over(form, refusal)
        else:
            messages.success(request, "已记下。")
            return redirect("grids:mine")
    return _page(request, grids, form=form)


@policy("can_keep_own_grids")
@require_POST
def found(request: HttpRequest) -> HttpResponse:
    """A hazard or a dirty spot that was found."""
    officer, grids = _own(request)
    form = FoundForm(request.POST, grids=grids)
    if form.is_valid():
        given = dict(form.cleaned_data)
        own = given.pop("grid")
        row = Rectification(
            community=own.state.community, grid=own.grid, found_on=clock.today(), due_on=clock.today() + TERM, **given
        )
        try:
            record_row(actor=officer, row=row)
        except (Invalid, Conflict) as refusal:
            take_over(form, refusal)
        else:
            messages.success(request, f"已登记，整改期限 {row.due_on:%Y-%m-%d}。")
            return redirect("grids:mine")
    return _page(request, grids, found_form=form)


@policy("can_keep_own_grids")
@require_POST
def mended(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found is mended today; the community strikes it off."""
    officer, _ = _own(request)
    row = get_row_for(request.user, Rectification, pk)
    if row.mended_on is None:
        row.mended_on = clock.today()
        change_row(actor=officer, row=row, version=row.version)
    messages.success(request, "已记为整改，由社区核对后销号。")
    return redirect("grids:mine")


def _own(request: HttpRequest) -> tuple[Officer, list[OwnGrid]]:
    officer = acting_officer(request)
    can_keep_own_grids(officer).require()
    return officer, own_grids(officer, clock.today())


def _fresh(grids: list[OwnGrid]) -> dict[str, Any]:
    first = grids[0].grid.code if grids else ""
    return {"key": uuid.uuid4(), "on": clock.today(), "grid": first}


def _page(
    request: HttpRequest,
    grids: list[OwnGrid],
    form: DoneForm | None = None,
    found_form: FoundForm | None = None,
) -> HttpResponse:
    form = form or DoneForm(initial=_fresh(grids), grids=grids)
    found_form = found_form or FoundForm(initial=_fresh(grids), grids=grids)
    context = {
        "grids": grids,
        "form": form,
        "found_form": found_form,
        "done": done_since(grids, clock.today() - WEEK),
        "open": open_findings(grids),
        "today": clock.today(),
    }
    return render(request, "grids/mine.html", context, status=422 if form.errors or found_form.errors else 200)
