"""One place on a day: 一核两翼 of a grid, what hangs on a courtyard, what a centre is short of, and their histories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from branches.models import Appointment, Organisation
from branches.permissions import sees_contacts_of
from branches.selectors.contacts import masked
from core.models import User
from grids.calc.terms import is_overdue
from grids.choices import CoverageKind, NormKey
from grids.models import (
    CentreState,
    Committee,
    Courtyard,
    CourtyardState,
    Grid,
    GridState,
    GroundContact,
    PartnerUnit,
    PropertyCompany,
    Rectification,
    ServiceCentre,
    ServiceContract,
)
from grids.models.grid import Standing
from grids.selectors.figures import shortfalls, six_of
from grids.selectors.norms import norms_on
from grids.selectors.place_lists import names_at
from grids.selectors.places import CourtyardFacts, GridFacts, ground_on


@dataclass(frozen=True)
class Holder:
    """Somebody with a post on the ground; `phone` is masked already where it has to be."""

    pk: int
    post: str
    name: str
    phone: str
    is_masked: bool


@dataclass(frozen=True)
class Branch:
    """A Party organisation that covers a place, and its people."""

    code: str
    name: str
    kind: str
    company: str
    holders: list[Holder]


@dataclass(frozen=True)
class Change:
    """A state of a place with its last day (None = still in force) and the labels of what it changed."""

    state: Any
    last_on: date | None
    changed: tuple[str, ...]


@dataclass(frozen=True)
class GridPage:
    """The core and its two wings: branches – committees – companies, and everybody's posts."""

    grid: Grid
    state: GridState
    facts: GridFacts | None
    branches: list[Branch]
    committees: list[Committee]
    contracts: list[ServiceContract]
    contacts: list[Holder]
    partners: list[PartnerUnit]
    centres: list[CentreState]
    rectifications: list[Rectification]
    history: list[Change]


@dataclass(frozen=True)
class CourtyardPage:
    """A courtyard with its grids, who covers, manages and stands for it."""

    courtyard: Courtyard
    state: CourtyardState
    facts: CourtyardFacts | None
    branches: list[Branch]
    committees: list[Committee]
    contracts: list[ServiceContract]
    contacts: list[Holder]
    history: list[Change]


def grid_page(user: User, grid: Grid, day: date) -> GridPage:
    """One grid as on `day`."""
    history = history_with_changes(grid.states.current().select_related("community").order_by("starts_on"), grid)
    state = state_at(history, day)
    facts = ground_on(day, [state.community_id]).grids.get(grid.pk)
    yards = [one.pk for one in facts.courtyards] if facts else []
    is_plain = sees_contacts_of(user, state.community)
    stations = CentreState.objects.in_force(day).filter(grid=grid).select_related("centre")
    return GridPage(
        grid=grid,
        state=state,
        facts=facts,
        branches=branches_of(user, facts.coverages if facts else [], day),
        committees=_committees(day, [grid.pk], yards),
        contracts=list(ServiceContract.objects.in_force(day).filter(courtyard__in=yards).select_related("company")),
        contacts=[_contact(one, is_plain) for one in _on(GroundContact, day, [grid.pk], yards)],
        partners=list(_on(PartnerUnit, day, [grid.pk], yards)),
        centres=[one for one in stations if one.centre.stands_on(day)],
        rectifications=_open_findings(grid, day),
        history=history,
    )


def courtyard_page(user: User, courtyard: Courtyard, day: date) -> CourtyardPage:
    """One courtyard as on `day`; its contracts also past ones."""
    states = courtyard.states.current().select_related("community").order_by("starts_on")
    history = history_with_changes(states, courtyard)
    state = state_at(history, day)
    facts = ground_on(day, [state.community_id]).courtyards.get(courtyard.pk)
    is_plain = sees_contacts_of(user, state.community)
    contracts = ServiceContract.objects.standing().filter(courtyard=courtyard, starts_on__lte=day)
    return CourtyardPage(
        courtyard=courtyard,
        state=state,
        facts=facts,
        branches=branches_of(user, facts.coverages if facts else [], day),
        committees=_committees(day, [one.pk for one in facts.grids] if facts else [], [courtyard.pk]),
        contracts=list(contracts.select_related("company").order_by("-starts_on")),
        contacts=[_contact(one, is_plain) for one in _on(GroundContact, day, [], [courtyard.pk])],
        history=history,
    )


def centre_page(centre: ServiceCentre, day: date) -> dict[str, Any]:
    """A centre with its six things, what is short, and its history."""
    states = centre.states.current().select_related("organisation", "grid").order_by("starts_on")
    history = history_with_changes(states, centre)
    state, least = state_at(history, day), norms_on(day).get(NormKey.CENTRE_MIN_AREA)
    return {
        "state": state,
        "six": [(label, getattr(state, name)) for name, label in six_of(state)],
        "zones": [zone for zone in state.zones.replace(",", "、").replace("，", "、").split("、") if zone.strip()],
        "least": least,
        "missing": shortfalls(state, least),
        "history": history,
        "holder_name": names_at([state.organisation_id], day).get(state.organisation_id, state.organisation.code),
    }


def company_page(company: PropertyCompany, user: User, day: date) -> list[Any]:
    """Contracts of a company that the account sees, those in force first, with `.yard_name`."""
    rows = ServiceContract.objects.visible_to(user).standing().filter(company=company, starts_on__lte=day)
    found: list[Any] = list(rows.select_related("courtyard", "community").order_by("-starts_on"))
    named = CourtyardState.objects.in_force(day).filter(courtyard__in=[one.courtyard_id for one in found])
    names = dict(named.values_list("courtyard_id", "name"))
    communities = names_at([one.community_id for one in found], day)
    for one in found:
        one.yard_name = names.get(one.courtyard_id, one.courtyard.code)
        one.community_name = communities.get(one.community_id, "")
        one.is_in_force = one.ends_on is None or one.ends_on > day
    return sorted(found, key=lambda one: not one.is_in_force)


def state_at(history: list[Change], day: date) -> Any:
    """The state of that day, else the first one (a place set up later shows what it will be)."""
    reached = [one.state for one in reversed(history) if one.state.starts_on <= day]
    return reached[-1] if reached else history[-1].state


def history_with_changes(states: Iterable[Any], place: Standing) -> list[Change]:
    """States one after the other, newest first."""
    rows, found = list(states), []
    for number, state in enumerate(rows):
        following = rows[number + 1].starts_on if number + 1 < len(rows) else place.closed_on
        last_on = following - timedelta(days=1) if following else None
        found.append(Change(state, last_on, _changes(rows[number - 1] if number else None, state)))
    return found[::-1]


def branches_of(user: User, coverages: Iterable[Any], day: date) -> list[Branch]:
    """Covering organisations with the people in their posts; four queries whatever their number."""
    rows = {one.organisation_id: one for one in coverages}
    organisations = Organisation.objects.as_of(day).filter(pk__in=rows).order_by("code")
    holders = _holders(user, rows, day)
    companies = dict(
        PropertyCompany.objects.filter(pk__in=[one.company_id for one in rows.values()]).values_list("pk", "name")
    )
    return [
        Branch(
            one.code,
            str(one),
            str(CoverageKind(rows[one.pk].kind).label),
            companies.get(rows[one.pk].company_id or 0, ""),
            holders[one.pk],
        )
        for one in organisations
    ]


def _holders(user: User, ids: Iterable[int], day: date) -> dict[int, list[Holder]]:
    held = Appointment.objects.in_force(day).filter(position__organisation__in=list(ids))
    found: dict[int, list[Holder]] = defaultdict(list)
    plain: dict[int, bool] = {}
    for one in held.select_related("person", "position__organisation").order_by("position__pk", "starts_on"):
        organisation = one.position.organisation
        if organisation.pk not in plain:
            plain[organisation.pk] = sees_contacts_of(user, organisation)
        phone = one.person.work_phone
        shown = phone if plain[organisation.pk] else masked(phone)
        post = one.position.get_role_display()
        found[organisation.pk].append(Holder(one.pk, post, one.person.name, shown, bool(phone) and shown != phone))
    return found


def _contact(row: GroundContact, is_plain: bool) -> Holder:
    phone = row.work_phone if is_plain else masked(row.work_phone)
    return Holder(row.pk, row.get_kind_display(), row.name, phone, bool(row.work_phone) and not is_plain)


def _on(model: Any, day: date, grids: list[int], courtyards: list[int]) -> Any:
    return model.objects.in_force(day).filter(Q(grid__in=grids) | Q(courtyard__in=courtyards)).order_by("pk")


def _committees(day: date, grids: list[int], courtyards: list[int]) -> list[Any]:
    """With `.is_overdue`."""
    found: list[Any] = list(_on(Committee, day, grids, courtyards))
    for one in found:
        one.is_overdue = is_overdue(one.election_due_on, day)
    return found


def _open_findings(grid: Grid, day: date) -> list[Rectification]:
    rows = Rectification.objects.standing().filter(grid=grid, struck_off_on__isnull=True, found_on__lte=day)
    return list(rows.order_by("due_on"))


def _changes(before: Any | None, after: Any) -> tuple[str, ...]:
    if before is None:
        return ("设立",)
    skipped = {"id", "starts_on", "revision", "reason", "recorded_at", "recorded_by", "document_no"}
    fields = [one for one in after._meta.concrete_fields if one.name not in skipped]
    return tuple(str(one.verbose_name) for one in fields if getattr(before, one.attname) != getattr(after, one.attname))
