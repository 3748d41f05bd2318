"""Lists of grids, courtyards and centres as they stood on a day: filtered and paged by the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from branches.models import Ancestry, Placement
from core.models import User
from grids.choices import Management, NormKey
from grids.models import (
    CentreState,
    Committee,
    Courtyard,
    CourtyardGrid,
    CourtyardState,
    Coverage,
    Grid,
    GridState,
    PropertyCompany,
    ServiceCentre,
    ServiceContract,
)
from grids.permissions import visible_companies
from grids.selectors.figures import days_before
from grids.selectors.norms import norms_on
from grids.selectors.places import standing_states

# What a list may be narrowed to, by the kind of place.
GRID_FLAGS = {"uncovered": "没有党组织覆盖", "empty": "没有庭院", "stale": "久未确认"}
COURTYARD_FLAGS = {
    "uncovered": "没有党组织覆盖",
    "unmanaged": "无人管理",
    "no_company": "没有物业企业",
    "no_committee": "没有业委会等",
    "no_grid": "不在任何网格",
    "stale": "久未确认",
}
CENTRE_FLAGS = {"short": "“六有”或面积不足", "stale": "久未确认"}


@dataclass(frozen=True)
class Wanted:
    """What was asked for: words of a name or code, an organisation to stay under, a kind, one flag."""

    text: str = ""
    under: int | None = None
    kind: str = ""
    flag: str = ""


@dataclass(frozen=True)
class Listed:
    """What a page of states shows besides: names of organisations, grids and branches by id."""

    communities: dict[int, str] = field(default_factory=dict)
    grids: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    branches: dict[int, list[str]] = field(default_factory=dict)


def grid_list(user: User, day: date, wanted: Wanted) -> QuerySet[GridState]:
    """States of visible grids: with `.is_covered`, `.is_empty`."""
    links = CourtyardGrid.objects.in_force(day).filter(grid=OuterRef("grid"))
    own = Coverage.objects.in_force(day).filter(courtyard=OuterRef("courtyard"))
    states = _states(GridState, Grid, user, day, wanted, "community").annotate(
        is_empty=~Exists(links),
        is_named=Exists(Coverage.objects.in_force(day).filter(grid=OuterRef("grid"))),
        has_bare=Exists(links.filter(~Exists(own))),
    )
    bare = Q(is_named=False) & (Q(is_empty=True) | Q(has_bare=True))
    flags = {"uncovered": bare, "empty": Q(is_empty=True)}
    return _flagged(states, "grid", wanted, flags, day)


def courtyard_list(user: User, day: date, wanted: Wanted) -> QuerySet[CourtyardState]:
    """States of visible courtyards: with `.is_covered`, `.has_committee`, `.company_id`, `.company`."""
    contracts = (
        ServiceContract.objects.in_force(day).filter(courtyard=OuterRef("courtyard")).order_by("starts_on", "pk")
    )
    links = CourtyardGrid.objects.in_force(day).filter(courtyard=OuterRef("courtyard"))
    states = _states(CourtyardState, Courtyard, user, day, wanted, "community").annotate(
        company_id=Subquery(contracts.values("company")[:1]),
        company=Subquery(contracts.values("company__name")[:1]),
        is_covered=_on_courtyard_or_grid(Coverage, day),
        has_committee=_on_courtyard_or_grid(Committee, day),
        is_in_grid=Exists(links),
    )
    flags = {
        "uncovered": Q(is_covered=False),
        "unmanaged": Q(company_id__isnull=True, management=Management.NONE),
        "no_company": Q(company_id__isnull=True),
        "no_committee": Q(has_committee=False),
        "no_grid": Q(is_in_grid=False),
    }
    return _flagged(states, "courtyard", wanted, flags, day)


def centre_list(user: User, day: date, wanted: Wanted) -> QuerySet[CentreState]:
    """States of visible centres."""
    states = _states(CentreState, ServiceCentre, user, day, wanted, "organisation", kind="centre__level")
    short = CentreState.lacking_anything(norms_on(day).get(NormKey.CENTRE_MIN_AREA))
    return _flagged(states, "centre", wanted, {"short": short}, day)


def company_list(user: User, day: date, text: str = "") -> QuerySet[PropertyCompany]:
    """Companies that are in the register on `day`, by name."""
    companies = visible_companies(user).filter(voided_at__isnull=True, opened_on__lte=day)
    found = companies.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))
    return found.filter(name__icontains=text) if text else found


def listed_with(states: Iterable[Any], day: date) -> Listed:
    """Names a page needs besides its states; three queries whatever its length."""
    rows = list(states)
    holders = {row.organisation_id if isinstance(row, CentreState) else row.community_id for row in rows}
    return Listed(
        communities=names_at(holders, day),
        grids=grids_by_courtyard([row.courtyard_id for row in rows if isinstance(row, CourtyardState)], day),
        branches=branches_by_grid([row.grid_id for row in rows if isinstance(row, GridState)], day),
    )


def grids_by_courtyard(ids: list[int], day: date) -> dict[int, list[tuple[str, str]]]:
    """(code, name) of the grids each courtyard lies in."""
    name = GridState.objects.in_force(day).filter(grid=OuterRef("grid")).values("name")[:1]
    links = CourtyardGrid.objects.in_force(day).filter(courtyard__in=ids).annotate(grid_name=Subquery(name))
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for courtyard_id, code, grid_name in links.order_by("grid__code").values_list(
        "courtyard_id", "grid__code", "grid_name"
    ):
        found[courtyard_id].append((code, grid_name or code))
    return dict(found)


def branches_by_grid(ids: list[int], day: date) -> dict[int, list[str]]:
    """Names of the Party organisations that cover each grid."""
    named = Placement.objects.in_force(day).filter(organisation=OuterRef("organisation")).values("name")[:1]
    rows = Coverage.objects.in_force(day).filter(grid__in=ids).annotate(branch=Subquery(named))
    found: dict[int, list[str]] = defaultdict(list)
    for grid_id, branch, code in rows.order_by("organisation__code").values_list(
        "grid_id", "branch", "organisation__code"
    ):
        found[grid_id].append(branch or code)
    return dict(found)


def names_at(ids: Iterable[int], day: date) -> dict[int, str]:
    """What organisations were called on a day, by id; one query."""
    rows = Placement.objects.in_force(day).filter(organisation__in=set(ids))
    return dict(rows.values_list("organisation_id", "name"))


def _states(model: Any, place: Any, user: User, day: date, wanted: Wanted, holder: str, kind: str = "kind") -> Any:
    subject = model.SUBJECT
    found = standing_states(model, day).filter(**{f"{subject}__in": place.objects.visible_to(user).values("pk")})
    if wanted.text:
        found = found.filter(Q(name__icontains=wanted.text) | Q(**{f"{subject}__code__icontains": wanted.text}))
    if wanted.under is not None:
        below = Ancestry.objects.in_force(day).filter(ancestor=wanted.under).values("descendant")
        found = found.filter(**{f"{holder}__in": below})
    if wanted.kind:
        found = found.filter(**{kind: wanted.kind})
    return found.select_related(subject).order_by(f"{subject}__code")


def _flagged(states: Any, subject: str, wanted: Wanted, flags: dict[str, Q], day: date) -> Any:
    if wanted.flag == "stale":
        days = norms_on(day).get(NormKey.STALE_DAYS)
        limit = days_before(day, int(days)) if days is not None else date.min
        old = Q(**{f"{subject}__confirmed_on__isnull": True}) | Q(**{f"{subject}__confirmed_on__lt": limit})
        return states.filter(old) if days is not None else states.none()
    return states.filter(flags[wanted.flag]) if wanted.flag in flags else states


def _on_courtyard_or_grid(model: Any, day: date) -> ExpressionWrapper:
    """Whether such a row is on the courtyard, or on a grid it lies in: sets that are asked once for all courtyards."""
    rows = model.objects.in_force(day)
    grids = rows.filter(grid__isnull=False).values("grid")
    own = rows.filter(courtyard__isnull=False).values("courtyard")
    lying = CourtyardGrid.objects.in_force(day).filter(grid__in=grids).values("courtyard")
    return ExpressionWrapper(Q(courtyard__in=own) | Q(courtyard__in=lying), output_field=BooleanField())
