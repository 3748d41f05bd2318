"""Merging, splitting, moving grids and handing ground over: looked at first, then done in one act."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from branches.acting import Officer, acting_officer
from branches.choices import Level
from branches.forms import take_over
from branches.models import Organisation
from core import clock
from core.errors import Conflict, Invalid
from core.policy import policy
from grids.forms.rearranging import HandOverForm, MoveForm, SplitForm, parts_asked
from grids.guards import touched_by_closing
from grids.models import Courtyard, Grid, GridState
from grids.permissions import can_change_grids, get_place_for
from grids.selectors.keeping import keepable_communities
from grids.selectors.place_lists import names_at
from grids.selectors.places import GridFacts, Ground, ground_on
from grids.selectors.touched import touched_by_merge
from grids.services.merging import LARGEST_SPLIT, Result, split_grid
from grids.services.moving import hand_over_community, hand_over_coverage, move_grid
from grids.views.place import trail_of


@policy("can_change_grids")
@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, code: str) -> HttpResponse:
    """One grid becomes several; every courtyard is put into a part."""
    grid, state, ground = _grid(request, code)
    facts = ground.grids.get(grid.pk)
    courtyards = facts.courtyards if facts else []
    parts = parts_asked(request.POST.get("parts") or request.GET.get("parts"))
    form = SplitForm(request.POST or None, parts=parts, courtyards=courtyards)
    if form.is_valid() and (made := _split(acting_officer(request), grid, form)) is not None:
        messages.success(request, f"已分设为 {'、'.join(one.code for one in made)}。")
        return redirect("grids:ground_at", code=state.community.code)
    more = {"parts": parts, "choices": range(2, LARGEST_SPLIT + 1)}
    return _page(request, "grids/split.html", grid, state, form, "分设网格", more)


@policy("can_change_grids")
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, code: str) -> HttpResponse:
    """A grid with its courtyards goes to another community, from the first day of a month."""
    grid, state, ground = _grid(request, code)
    officer = acting_officer(request)
    form = MoveForm(request.POST or None, communities=_communities(officer).exclude(pk=state.community_id))
    if form.is_valid():
        try:
            move_grid(actor=officer, grid=grid, **form.cleaned_data)
        except (Invalid, Conflict) as error:
            take_over(form, error)
        else:
            messages.success(request, "划转已登记。")
            return redirect("grids:grid", code=code)
    facts = ground.grids.get(grid.pk)
    more = {"facts": facts, "shared": _shared(facts), "touched": touched_by_merge([grid], clock.today())}
    return _page(request, "grids/move.html", grid, state, form, "划转网格", more)


@policy("can_change_grids")
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, code: str) -> HttpResponse:
    """What a community holds or a branch covers goes to the organisation that follows it."""
    officer, day = acting_officer(request), clock.today()
    leaving = Organisation.objects.visible_to(officer.user).as_of(day).filter(code=code).first()
    if leaving is None or leaving.level not in (Level.COMMUNITY, Level.GRID):
        raise Http404("没有这个党组织。")
    can_change_grids(officer, leaving).require()
    successors = Organisation.objects.standing_on(day).as_of(day).filter(level=leaving.level).exclude(pk=leaving.pk)
    form = HandOverForm(request.POST or None, successors=successors.order_by("code"))
    if form.is_valid() and (count := _hand_over(officer, leaving, form)) is not None:
        messages.success(request, f"已移交 {count} 项。")
        return redirect("grids:ground")
    context = {
        "leaving": leaving,
        "form": form,
        "touched": touched_by_closing(leaving, day),
        "trail": [("底数", reverse("grids:ground")), (f"{leaving}：移交", "")],
    }
    return render(request, "grids/hand_over.html", context, status=422 if form.errors else 200)


def _split(officer: Officer, grid: Grid, form: SplitForm) -> list[Grid] | None:
    given = form.cleaned_data
    found = Courtyard.objects.in_bulk([one.pk for one in form.courtyards])
    results = [
        Result(
            given[f"name_{number}"],
            given[f"households_{number}"],
            tuple(found[pk] for pk in form.of_part(number)),
        )
        for number in range(1, form.parts + 1)
    ]
    paper = {name: given[name] for name in ("starts_on", "document_no")}
    try:
        return split_grid(actor=officer, grid=grid, results=results, **paper)
    except (Invalid, Conflict) as error:
        take_over(form, error)
        return None


def _hand_over(officer: Officer, leaving: Organisation, form: HandOverForm) -> int | None:
    try:
        if leaving.level == Level.COMMUNITY:
            return hand_over_community(actor=officer, community=leaving, **form.cleaned_data)
        return hand_over_coverage(actor=officer, organisation=leaving, **form.cleaned_data)
    except (Invalid, Conflict) as error:
        take_over(form, error)
        return None


def _communities(officer: Officer) -> Any:
    today = clock.today()
    kept = [one.pk for one in keepable_communities(officer)]
    return Organisation.objects.standing_on(today).as_of(today).filter(pk__in=kept).order_by("code")


def _grid(request: HttpRequest, code: str) -> tuple[Grid, GridState, Ground]:
    grid = get_place_for(request.user, Grid, code)  # type: ignore[arg-type]
    state = grid.states.latest_ones().select_related("community").get()
    can_change_grids(acting_officer(request), state.community).require()
    return grid, state, ground_on(max(clock.today(), state.starts_on), [state.community_id])


def _shared(facts: GridFacts | None) -> list[str]:
    """Courtyards that also lie in another grid: they stop a move."""
    return [one.name for one in facts.courtyards if len(one.grids) > 1] if facts else []


def _page(
    request: HttpRequest, template: str, grid: Grid, state: GridState, form: Any, title: str, more: dict[str, Any]
) -> HttpResponse:
    name = names_at([state.community_id], clock.today()).get(state.community_id, "")
    context = {"grid": grid, "state": state, "form": form, "title": title, **more}
    context["trail"] = trail_of(grid, state, name, title)
    return render(request, template, context, status=422 if form.errors else 200)
