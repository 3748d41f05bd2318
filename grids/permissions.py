"""Who sees and may keep what on the ground: the three names, asked by pages, API, exports and jobs alike.

Reading follows today's chain: the own subtree, and for a grid branch the grids and courtyards it covers today. Keeping
follows the appointment the officer acts in.
"""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404

from branches.acting import Officer
from branches.choices import Level, Right
from branches.models import Ancestry, Organisation
from branches.permissions import holds_any_appointment, ids_under, organisations_with
from core import clock
from core.models import User
from core.permit import ALLOWED, Permit, refused
from grids.models import (
    CentreState,
    Courtyard,
    CourtyardGrid,
    CourtyardState,
    Coverage,
    Grid,
    GridState,
    PropertyCompany,
    ServiceCentre,
)
from grids.models.base import GroundRow

Found = TypeVar("Found", bound=Model)

KEEPERS = "底数由本社区、本网格登记，所属街道和区创建办可以代办。"


# -- rows


def visible_rows(rows: Any, user: User) -> Any:
    """Rows of communities in the own subtree, and those of covered grids and courtyards; shared ones to all."""
    columns = {field.name for field in rows.model._meta.get_fields()}
    if "community" not in columns:
        return rows if holds_any_appointment(user) else rows.none()
    own = own_organisations(user)
    if not own:
        return rows.none()
    found = Q(community__in=ids_under(own))
    if "grid" in columns:
        found |= Q(grid__in=_covered_grids(own))
    if "courtyard" in columns:
        found |= Q(courtyard__in=_covered_courtyards(own))
    return rows.filter(found)


def visible_places(places: Any, user: User) -> Any:
    """Grids, courtyards or centres whose latest state lies in the own subtree, or that are covered."""
    own = own_organisations(user)
    if not own:
        return places.none()
    return places.filter(_PLACES[places.model](own))


def visible_companies(user: User) -> QuerySet[PropertyCompany]:
    """Companies serve several communities: every post-holder sees their names."""
    found: QuerySet[PropertyCompany] = visible_rows(PropertyCompany.objects.all(), user)
    return found


def visible_figures(figures: Any, user: User) -> Any:
    """Dated figures of the district are for every post-holder."""
    return figures if holds_any_appointment(user) else figures.none()


def own_organisations(user: User) -> list[Organisation]:
    """Where the account may read."""
    return organisations_with(user, Right.READ)


def covered_grids(organisations: Any, day: date) -> QuerySet[Any]:
    """The grids these organisations cover on `day`, by id."""
    covered = Coverage.objects.in_force(day).filter(organisation__in=organisations, grid__isnull=False)
    return covered.values("grid")


def _covered_grids(own: list[Organisation]) -> QuerySet[Any]:
    return covered_grids(ids_under(own), clock.today())


def _covered_courtyards(own: list[Organisation]) -> QuerySet[Any]:
    """Those covered themselves, and those that lie in a covered grid."""
    today = clock.today()
    lying = CourtyardGrid.objects.in_force(today).filter(grid__in=_covered_grids(own)).values("courtyard")
    covered = Coverage.objects.in_force(today).filter(organisation__in=ids_under(own), courtyard__isnull=False)
    return Courtyard.objects.filter(Q(pk__in=lying) | Q(pk__in=covered.values("courtyard"))).values("pk")


def _lies_in(states: Any, subject: str, place: str, own: list[Organisation]) -> Exists:
    return Exists(states.latest_ones().filter(**{subject: OuterRef("pk"), f"{place}__in": ids_under(own)}))


_PLACES: dict[type[Model], Any] = {
    Grid: lambda own: Q(_lies_in(GridState.objects, "grid", "community", own)) | Q(pk__in=_covered_grids(own)),
    Courtyard: lambda own: (
        Q(_lies_in(CourtyardState.objects, "courtyard", "community", own)) | Q(pk__in=_covered_courtyards(own))
    ),
    ServiceCentre: lambda own: (
        Q(_lies_in(CentreState.objects, "centre", "organisation", own))
        | Q(Exists(CentreState.objects.latest_ones().filter(centre=OuterRef("pk"), grid__in=_covered_grids(own))))
    ),
}


# -- fetch


def get_row_for(user: User, model: type[Found], pk: int) -> Found:
    """One row, voided ones too, or 404."""
    found = model.objects.visible_to(user).filter(pk=pk).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404("没有这条登记。")
    return found


def get_place_for(user: User, model: type[Found], code: str) -> Found:
    """One grid, courtyard or centre by its code, or 404."""
    found = model.objects.visible_to(user).filter(code=code).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404("没有这条登记。")
    return found


def get_community_for(user: User, code: str) -> Organisation:
    """A community of the own subtree with today's name and track, or 404."""
    return _organisation_for(user, code, "没有这个社区。", Level.COMMUNITY)


def get_street_or_community_for(user: User, code: str) -> Organisation:
    """One of the own subtree with today's name, or 404."""
    return _organisation_for(user, code, "没有这个街道或社区。", Level.STREET, Level.COMMUNITY)


def sees_ground_of(user: User, community: Organisation) -> bool:
    """Whether the account reads the registers of a community: links lead only where they open."""
    return _own_subtree(user).filter(pk=community.pk).exists()


def _organisation_for(user: User, code: str, otherwise: str, *levels: Level) -> Organisation:
    found = _own_subtree(user).filter(level__in=levels, code=code).as_of(clock.today()).first()
    if found is None:
        raise Http404(otherwise)
    organisation: Organisation = found
    return organisation


def _own_subtree(user: User) -> Any:
    return Organisation.objects.filter(pk__in=ids_under(own_organisations(user)))


# -- acts


def can_keep_ground(officer: Officer, community: Organisation, grid: Grid | None = None) -> Permit:
    """A community keeps its own ground, a grid branch that of the grids it covers; street and office may help."""
    if officer.has(Right.DIRECT):
        return ALLOWED
    if not officer.has(Right.KEEP_GROUND):
        return refused(KEEPERS)
    if officer.organisation.level in (Level.GRID, Level.COURTYARD):
        return _covers(officer, grid)
    stands = Ancestry.objects.in_force(clock.today()).filter(descendant=community, ancestor=officer.organisation)
    return ALLOWED if stands.exists() else refused(KEEPERS)


def can_keep_row(officer: Officer, row: Any) -> Permit:
    """A row of a community by `can_keep_ground`, one that belongs to none by `can_keep_shared`."""
    if isinstance(row, GroundRow):
        return can_keep_ground(officer, row.community, getattr(row, "grid", None))
    return can_keep_shared(officer, type(row))


def can_keep_register(officer: Officer, model: type[Model]) -> Permit:
    """Whether she may enter anything at all into the register of this model."""
    if not issubclass(model, GroundRow):
        return can_keep_shared(officer, model)
    return can_keep_any_ground(officer)


def can_keep_shared(officer: Officer, model: type[Model]) -> Permit:
    """Companies are entered by communities and above, base documents by streets and the creation office."""
    level = officer.organisation.level
    lowest = Level.COMMUNITY if model is PropertyCompany else Level.STREET
    is_high_enough = level is not None and level <= lowest
    if officer.has(Right.DIRECT) or (officer.has(Right.KEEP_GROUND) and is_high_enough):
        return ALLOWED
    if model is PropertyCompany:
        return refused("物业服务企业由社区、街道或区创建办登记。")
    return refused("依据文件由街道或区创建办登记。")


def can_keep_own_grids(officer: Officer) -> Permit:
    """The short page is for grid branches; the others have the registers."""
    if officer.has(Right.KEEP_GROUND) and officer.organisation.level == Level.GRID:
        return ALLOWED
    return refused("这一页供小区网格党支部使用，其他岗位请到底数登记簿，由社区、街道或区创建办登记。")


def can_keep_any_ground(officer: Officer) -> Permit:
    """Whether she keeps ground at all; each place asks `can_keep_ground` besides."""
    return ALLOWED if officer.rights & {Right.DIRECT, Right.KEEP_GROUND} else refused(KEEPERS)


def can_change_grids(officer: Officer, community: Organisation) -> Permit:
    """Setting up, merging, splitting, moving and closing grids is the street's and the creation office's."""
    return _from_the_street_up(officer, community, "网格的设立、合并、分设和撤销由所属街道或区创建办办理。")


def can_accept_finding(officer: Officer, community: Organisation) -> Permit:
    """A street accepts what a check found in its communities; nobody accepts her own community's."""
    return _from_the_street_up(officer, community, "核查例外由所属街道或区创建办认可。")


def can_keep_norms(officer: Officer) -> Permit:
    """Norms and the district's dated figures are the creation office's."""
    return ALLOWED if officer.has(Right.DIRECT) else refused("只有区创建办可以维护标准和统计数字。")


def _from_the_street_up(officer: Officer, community: Organisation, reason: str) -> Permit:
    if officer.has(Right.DIRECT):
        return ALLOWED
    if officer.has(Right.KEEP_GROUND) and officer.organisation.level == Level.STREET:
        return can_keep_ground(officer, community)
    return refused(reason)


def _covers(officer: Officer, grid: Grid | None) -> Permit:
    own = covered_grids([officer.organisation], clock.today())
    if grid is not None and own.filter(grid=grid).exists():
        return ALLOWED
    return refused("网格党支部只登记本支部所覆盖的网格，其他由社区、街道或区创建办登记。")
