"""The tree of the chain, one organisation with its history, contacts on request."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from branches.choices import Level, PartyForm, Track
from branches.forms import TreeForm, UnmaskForm, take_over
from branches.models import Organisation
from branches.page_links import links_for
from branches.permissions import can_keep_chain, can_unmask_contacts, get_organisation_for, holds_any_appointment
from branches.selectors.chain import chain_tree, children_of, history_of, parents_of, search_organisations
from branches.selectors.contacts import PostHolder, post_holders
from branches.services.person import unmask_contact
from core import clock
from core.errors import Invalid
from core.policy import policy


@policy("visible_to")
@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    """The whole chain as it stood on a day, or what was searched for on that day."""
    form = TreeForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    day, text = chosen.get("day") or clock.today(), chosen.get("q", "")
    context: dict[str, Any] = {"form": form, "day": day, "text": text, "is_today": day == clock.today()}
    may_see = holds_any_appointment(request.user)
    if text.strip():
        context["found"] = search_organisations(text, day) if may_see else []
    else:
        context["tree"] = chain_tree(day) if may_see else []
    name = "branches/_organisations.html" if request.htmx else "branches/organisations.html"
    return render(request, name, context, status=200 if form.is_valid() else 422)


@policy("visible_to")
@require_GET
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Name, place, people and history of one organisation."""
    shown = get_organisation_for(request.user, code)
    return render(request, "branches/organisation.html", _page(request, shown))


@policy("can_unmask_contacts")
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The full work phone of one post-holder, for a reason; shown once, on the answer to the form."""
    shown = get_organisation_for(request.user, code)
    holder = _holder(shown, request, pk)
    can_unmask_contacts(request.officer).require()
    form = UnmaskForm(request.POST or None)
    context = {"organisation": shown, "holder": holder, "form": form, "trail": trail_of(shown, "查看电话")}
    if form.is_valid():
        try:
            context["work_phone"] = unmask_contact(
                actor=request.officer,
                person=holder.appointment.person,
                organisation=shown,
                reason=form.cleaned_data["reason"],
            )
        except Invalid as error:
            take_over(form, error)
    return render(request, "branches/contact.html", context, status=422 if form.errors else 200)


def trail_of(shown: Organisation, label: str = "") -> list[tuple[str, str]]:
    """From the tree down to the organisation, and to a page below it if `label` is given."""
    above = parents_of(shown, clock.today())
    trail = [("党组织", reverse("branches:organisations"))]
    trail += [(str(one), reverse("branches:organisation", args=[one.code])) for one in above]
    own = reverse("branches:organisation", args=[shown.code]) if label else ""
    return [*trail, (str(shown), own), *([(label, "")] if label else [])]


def _page(request: HttpRequest, shown: Organisation) -> dict[str, Any]:
    today: date = clock.today()
    may_keep = bool(can_keep_chain(request.officer))
    return {
        "organisation": shown,
        "trail": trail_of(shown),
        "links": links_for(request.user, shown),
        "below": children_of(shown, today),
        "history": history_of(shown),
        "successions": shown.successions.select_related("successor"),
        "track_label": Track(shown.track).label if shown.track else "",
        "form_label": PartyForm(shown.form).label if shown.form else "",
        "aliases": shown.aliases.all(),
        "holders": post_holders(shown, request.user, today),
        "may_unmask": bool(can_unmask_contacts(request.officer)),
        "may_keep": may_keep and shown.closed_on is None,
        "may_found_below": may_keep and shown.level is not None and shown.level < Level.COURTYARD,
        "stands": shown.stands_on(today),
    }


def _holder(shown: Organisation, request: HttpRequest, pk: int) -> PostHolder:
    for holder in post_holders(shown, request.user, clock.today()):  # type: ignore[arg-type]
        if holder.appointment.pk == pk and holder.is_masked:
            return holder
    raise Http404("没有这位任职人员。")
