"""Merging grids of a street or a community in one sitting: numbered, looked at together, done in one act."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from branches.acting import Officer, acting_officer
from branches.forms import take_over
from branches.models import Organisation
from branches.permissions import ids_under
from core import clock
from core.errors import Invalid
from core.policy import policy
from grids.forms.merging import CHANGED, Group, GroupForm, GroupingForm
from grids.forms.rearranging import first_of_next_month
from grids.models import Grid
from grids.permissions import can_change_grids, get_street_or_community_for
from grids.selectors.keeping import visible_communities
from grids.selectors.places import GridFacts, ground_on
from grids.selectors.touched import Touched, touched_by_merges
from grids.services.merging import Merge, Result, merge_many, refusals_of

KEPT = ("starts_on", "document_no")


@dataclass(frozen=True)
class Asked:
    """Day, document and groups as they were sent: a refusal takes a field out of the form's cleaned data."""

    paper: dict[str, Any]
    seen: str
    parts: list[GroupForm]

    @classmethod
    def of(cls, request: HttpRequest, form: GroupingForm) -> Asked:
        parts = [GroupForm(request.POST, group=group) for group in form.groups]
        return cls({name: form.cleaned_data[name] for name in KEPT}, form.seen, parts)


@dataclass(frozen=True)
class Shown:
    """One group of the preview: its form, what it touches, why it would be refused."""

    group: Group
    form: GroupForm
    touched: Touched
    reasons: list[str]


@policy("can_change_grids")
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, code: str) -> HttpResponse:
    """Grids with the same number become one; first all merges are shown together, then all are done or none."""
    place, officer = get_street_or_community_for(request.user, code), acting_officer(request)  # type: ignore[arg-type]
    can_change_grids(officer, place).require()
    places = _places(request, place)
    before = sum(len(grids) for _, grids in places)
    form = GroupingForm(
        request.POST or None, places=places, initial={n: request.GET[n] for n in KEPT if n in request.GET}
    )
    context: dict[str, Any] = {}
    if form.is_valid():
        asked = Asked.of(request, form)
        if request.POST.get("step") == "merge" and _merge(request, officer, form, asked):
            after = before - sum(len(one.grids) - 1 for one in form.groups)
            messages.success(request, f"已合并 {len(asked.parts)} 组：{place} {before} 个网格变为 {after} 个。")
            return redirect(f"{reverse('grids:merge', args=[code])}?{urlencode({n: request.POST[n] for n in KEPT})}")
        context = _preview(officer, form, asked, before)
    context |= {"place": place, "form": form, "before": before, "trail": _trail(place)}
    return render(request, "grids/merge.html", context, status=422 if _is_wrong(form, context) else 200)


def _places(request: HttpRequest, place: Organisation) -> list[tuple[Organisation, list[GridFacts]]]:
    """The communities there with the grids that can still be merged."""
    under = set(ids_under([place]).values_list("descendant", flat=True))
    communities = [one for one in visible_communities(request.user) if one.pk in under]  # type: ignore[arg-type]
    grids = ground_on(max(clock.today(), first_of_next_month()), under).grids.values()
    found = [(one, [grid for grid in grids if grid.community_id == one.pk]) for one in communities]
    return [(one, own) for one, own in found if own]


def _merge(request: HttpRequest, officer: Officer, form: GroupingForm, asked: Asked) -> bool:
    """Whether it was done; what speaks against it stands in the forms."""
    if request.POST.get("seen") != asked.seen:
        form.add_error(None, CHANGED)
    if [part for part in asked.parts if not part.is_valid()]:
        form.add_error(None, "合并后的网格还有没填对的地方。")
    if form.errors:
        return False
    try:
        merge_many(actor=officer, merges=_merges(asked.parts), **asked.paper)
    except Invalid as error:
        take_over(form, error)
        return False
    return True


def _preview(officer: Officer, form: GroupingForm, asked: Asked, before: int) -> dict[str, Any]:
    parts, merges = asked.parts, _merges(asked.parts)
    leaving = [[grid for grid in one.grids if grid != one.into] for one in merges]
    touched = touched_by_merges(leaving, asked.paper["starts_on"]) if merges else []
    refused = {} if form.errors else refusals_of(actor=officer, merges=merges, **asked.paper)
    reasons = [refused.pop(part.group.label, []) for part in parts]
    groups = [Shown(part.group, part, *one) for part, *one in zip(parts, touched, reasons, strict=True)]
    if refused:  # of all groups: the day or the document
        take_over(form, Invalid("", refused))
    going = sum((Counter(dict(one.goes)) for one in touched), Counter[str]())
    return {
        "groups": groups,
        "going": sorted(going.items()),
        "after": before - sum(len(one.grids) - 1 for one in form.groups),
        "is_refused": bool(refused) or any(reasons) or any(name in form.errors for name in KEPT),
        "seen": asked.seen,
    }


def _merges(parts: list[GroupForm]) -> list[Merge]:
    """What was typed, else what is proposed."""
    pks = [one.pk for part in parts for one in part.group.grids]
    grids = Grid.objects.in_bulk(pks)
    found = []
    for part in parts:
        own = tuple(grids[one.pk] for one in part.group.grids)
        given = part.cleaned_data if part.is_bound and part.is_valid() else part.initial
        households = given.get("households")
        result = Result(given["name"], part.group.households if households is None else households, kind=given["kind"])
        into = next((one for one in own if one.code == given.get("into")), None)
        found.append(Merge(part.group.label, own, result, into))
    return found


def _is_wrong(form: GroupingForm, context: dict[str, Any]) -> bool:
    return bool(form.errors or context.get("is_refused"))


def _trail(place: Organisation) -> list[tuple[str, str]]:
    own = reverse("grids:ground_at", args=[place.code])
    return [("底数", reverse("grids:ground")), (str(place), own), ("合并网格", "")]
