"""The creation office keeps the chain: founding, renaming, moving, re-classing, closing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from branches.acting import acting_officer
from branches.choices import Level
from branches.forms import CloseForm, FoundForm, MoveForm, ReclassForm, RenameForm, take_over
from branches.models import Organisation
from branches.permissions import can_keep_chain, get_organisation_for
from branches.services.organisation import NewOrganisation, close_organisation, found_organisation
from branches.services.placing import change_class, move_organisation, rename_organisation
from branches.views.organisation import trail_of
from core.errors import Conflict, Invalid
from core.policy import policy

Act = Callable[[dict[str, Any]], Organisation]


@policy("can_keep_chain")
@require_http_methods(["GET", "POST"])
def found(request: HttpRequest, code: str) -> HttpResponse:
    parent = get_organisation_for(request.user, code)
    form = FoundForm(request.POST or None, parent=parent)
    return _page(request, parent, form, "新设下级党组织", lambda given: _found(request, parent, given))


@policy("can_keep_chain")
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, code: str) -> HttpResponse:
    shown = get_organisation_for(request.user, code)
    form = RenameForm(request.POST or None, initial={"name": str(shown)})

    def act(given: dict[str, Any]) -> Organisation:
        rename_organisation(actor=acting_officer(request), organisation=shown, **given)
        return shown

    return _page(request, shown, form, "更名", act)


@policy("can_keep_chain")
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, code: str) -> HttpResponse:
    shown = get_organisation_for(request.user, code)
    form = MoveForm(request.POST or None, organisation=shown)

    def act(given: dict[str, Any]) -> Organisation:
        move_organisation(actor=acting_officer(request), organisation=shown, **given)
        return shown

    return _page(request, shown, form, "划转", act)


@policy("can_keep_chain")
@require_http_methods(["GET", "POST"])
def reclass(request: HttpRequest, code: str) -> HttpResponse:
    shown = get_organisation_for(request.user, code)
    initial = {"track": shown.track, "form": shown.form}
    form = ReclassForm(request.POST or None, organisation=shown, initial=initial)

    def act(given: dict[str, Any]) -> Organisation:
        change_class(actor=acting_officer(request), organisation=shown, **given)
        return shown

    return _page(request, shown, form, "变更类别或组织形式", act)


@policy("can_keep_chain")
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, code: str) -> HttpResponse:
    shown = get_organisation_for(request.user, code)
    form = CloseForm(request.POST or None, organisation=shown)

    def act(given: dict[str, Any]) -> Organisation:
        closed_on = given.pop("starts_on")
        return close_organisation(actor=acting_officer(request), organisation=shown, closed_on=closed_on, **given)

    return _page(request, shown, form, "撤销", act)


def _page(request: HttpRequest, shown: Organisation, form: Form, title: str, act: Act) -> HttpResponse:
    """Ask the permit, check the form, call the service; a refusal is shown at its field."""
    can_keep_chain(acting_officer(request)).require()
    if form.is_valid():
        try:
            changed = act(dict(form.cleaned_data))
        except (Invalid, Conflict) as error:
            take_over(form, error)
        else:
            messages.success(request, f"{title}已登记。")
            return redirect("branches:organisation", code=changed.code)
    context = {"organisation": shown, "form": form, "title": title, "trail": trail_of(shown, title)}
    return render(request, "branches/keep.html", context, status=422 if form.errors else 200)


def _found(request: HttpRequest, parent: Organisation, given: dict[str, Any]) -> Organisation:
    new = NewOrganisation(
        name=given["name"],
        parent=parent,
        level=parent.level + 1 if parent.level and parent.level < Level.COURTYARD else None,
        code=given.get("code", ""),
        track=given.get("track", ""),
        form=given["form"],
    )
    return found_organisation(
        actor=acting_officer(request),
        new=new,
        opened_on=given["starts_on"],
        document_no=given["document_no"],
        reason=given["reason"],
    )
