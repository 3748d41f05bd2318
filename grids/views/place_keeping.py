"""Setting up, changing and closing grids, courtyards and centres."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from branches.acting import Officer, acting_officer
from branches.forms import take_over
from core import clock
from core.errors import Conflict, Forbidden, Invalid
from core.policy import policy
from grids.forms.places import ChangeForm, ClosePlaceForm, NewPlaceForm
from grids.models import Grid, GridState
from grids.models.grid import Standing
from grids.permissions import can_keep_any_ground, get_place_for
from grids.selectors.hanging import hanging_on
from grids.selectors.place_lists import names_at
from grids.services.closing import close_place
from grids.services.kinds import PlaceKind, can_keep_place, keepable_holders
from grids.services.places import history_of, last_state_id, record_state, set_up
from grids.views.asked import code_of
from grids.views.ground import LISTS
from grids.views.place import trail_of

Page = dict[str, Any]


@policy("can_keep_any_ground")
@require_http_methods(["GET", "POST"])
def place_new(request: HttpRequest, kind: str) -> HttpResponse:
    """A new place on the officer's ground."""
    place_kind, title = LISTS[kind][0], LISTS[kind][3]
    officer = acting_officer(request)
    holders = keepable_holders(officer, place_kind)
    if not holders.exists():
        can_keep_any_ground(officer).require()
        raise Forbidden("网格的设立由所属街道或区创建办办理。")
    asked = code_of(request.GET.get("community"))
    form = NewPlaceForm(
        request.POST or None,
        kind=place_kind,
        holders=holders,
        grids=_grids(request, asked),
        initial=_start(holders, asked),
    )
    if form.is_valid() and (place := _set_up(officer, place_kind, form)) is not None:
        messages.success(request, f"已设立，编号 {place.code}。")
        return redirect(f"grids:{place_kind.subject}", code=place.code)
    trail = [("底数", reverse("grids:ground")), (title, reverse("grids:places", args=[kind])), ("设立", "")]
    context = {"form": form, "title": f"设立{title}", "trail": trail, "back": reverse("grids:places", args=[kind])}
    return render(request, "grids/place_form.html", context, status=422 if form.errors else 200)


@policy("can_keep_any_ground")
@require_http_methods(["GET", "POST"])
def place_change(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Other values from a day on, or a correction of what was recorded for a day."""
    place = get_place_for(request.user, LISTS[kind][0].model, code)  # type: ignore[arg-type]
    place_kind, state = LISTS[kind][0], _present(place)
    _require(request, place_kind, state)
    initial = {name: getattr(state, name) for name in place_kind.asked} | {"seen": last_state_id(place)}
    form = ChangeForm(request.POST or None, kind=place_kind, initial=initial)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("starts_on", "reason", "seen")}
        try:
            record_state(actor=acting_officer(request), place=place, changes=form.changes(), **given)
        except (Invalid, Conflict) as error:
            take_over(form, error)
        else:
            messages.success(request, "变更已登记。")
            return redirect(f"grids:{place_kind.subject}", code=code)
    return _form_page(request, place, state, form, "变更登记")


@policy("can_keep_any_ground")
@require_http_methods(["GET", "POST"])
def place_close(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Closing a place, with the list of what still hangs on it."""
    place = get_place_for(request.user, LISTS[kind][0].model, code)  # type: ignore[arg-type]
    place_kind, state = LISTS[kind][0], _present(place)
    _require(request, place_kind, state)
    form = ClosePlaceForm(request.POST or None)
    if form.is_valid():
        try:
            close_place(actor=acting_officer(request), place=place, **form.cleaned_data)
        except (Invalid, Conflict) as error:
            take_over(form, error)
        else:
            messages.success(request, "撤销已登记。")
            return redirect(f"grids:{place_kind.subject}", code=code)
    return _form_page(request, place, state, form, "撤销", hanging=hanging_on(place, clock.today()))


def _form_page(request: HttpRequest, place: Standing, state: Any, form: Any, title: str, **more: Any) -> HttpResponse:
    kind = next(name for name, row in LISTS.items() if isinstance(place, row[0].model))
    holder = LISTS[kind][0].organisation_of(state)
    name = names_at([holder.pk], clock.today()).get(holder.pk, holder.code)
    context = {
        "form": form,
        "title": f"{state.name}：{title}",
        "trail": trail_of(place, state, name, title),
        "back": reverse(f"grids:{LISTS[kind][0].subject}", args=[place.code]),
        "place": place,
        **more,
    }
    return render(request, "grids/place_form.html", context, status=422 if form.errors else 200)


def _set_up(officer: Officer, kind: PlaceKind, form: NewPlaceForm) -> Standing | None:
    given = form.cleaned_data
    state = kind.state(**{kind.holder: given["holder"]}, starts_on=given["starts_on"], **form.values())
    try:
        place: Standing = set_up(actor=officer, state=state, grids=given.get("grids") or ())
    except (Invalid, Conflict) as error:
        take_over(form, error)
        return None
    return place


def _require(request: HttpRequest, kind: PlaceKind, state: Any) -> None:
    holder = kind.organisation_of(state)
    can_keep_place(acting_officer(request), kind, holder, getattr(state, "grid", None)).require()


def _present(place: Standing) -> Any:
    """The state of today, or the first of a place that is set up for a day to come."""
    history = history_of(place)
    reached = [state for state in history if state.starts_on <= clock.today()]
    return reached[-1] if reached else history[0]


def _grids(request: HttpRequest, community: str) -> Any:
    """Grids to choose from: those of the community the form was opened for, else all that are seen."""
    named = GridState.objects.in_force(clock.today()).filter(grid=OuterRef("pk")).values("name")[:1]
    standing = Grid.objects.visible_to(request.user).standing_on(clock.today()).annotate(name=Subquery(named))
    if community:
        standing = standing.filter(states__community__code=community).distinct()
    return standing.order_by("code")


def _start(holders: Any, asked: str) -> dict[str, Any]:
    only = list(holders[:2])
    return {"holder": asked or (only[0].code if len(only) == 1 else "")}
