"""People on the ground of one community: posts by number, contacts, and who was sent by which department."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery

from branches.choices import Role, Track
from branches.models import Appointment, Organisation, Placement
from branches.permissions import ids_under
from core.models import User
from grids.choices import PostKind
from grids.models import GridState, GroundContact, PostCount

URBAN = (
    PostKind.GOVERNANCE_TEAM,
    PostKind.TEAM_LEADER,
    PostKind.YARD_HEAD,
    PostKind.BUILDING_HEAD,
    PostKind.UNIT_HEAD,
    PostKind.GRID_WORKER,
)
AGRICULTURAL = (PostKind.GOVERNANCE_TEAM, PostKind.GROUP_HEAD, PostKind.PARTY_HOUSEHOLD, PostKind.GRID_WORKER)


@dataclass(frozen=True, slots=True)
class PostLine:
    """One kind of post with its count of the day, None where nothing was recorded."""

    kind: PostKind
    count: PostCount | None

    @property
    def lacking(self) -> int:
        return self.count.required - self.count.filled if self.count else 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A first secretary: of the community or one of its grid branches, sent by which department."""

    name: str
    organisation: str
    department: str
    starts_on: date


def posts_of(track: str) -> tuple[PostKind, ...]:
    """The rungs that a community of this track has: five in urban ones, three in agricultural ones, and 网格员."""
    return AGRICULTURAL if track == Track.AGRICULTURAL else URBAN


def post_lines(community: Organisation, day: date) -> list[PostLine]:
    """Every kind of post of the community's track, and others that were recorded, with the count in force."""
    rows = {row.kind: row for row in PostCount.objects.in_force(day).filter(community=community)}
    kinds = [*posts_of(community.track), *(kind for kind in PostKind if kind in rows)]
    return [PostLine(kind, rows.get(kind)) for kind in dict.fromkeys(kinds)]


def contacts(user: User, community: Organisation, day: date) -> list[GroundContact]:
    """Post-holders of the day with their work phones: for the own subtree only, so nothing is masked."""
    grid_name = GridState.objects.in_force(day).filter(grid=OuterRef("grid")).values("name")[:1]
    return list(
        GroundContact.objects.visible_to(user)
        .in_force(day)
        .filter(community=community)
        .annotate(grid_name=Subquery(grid_name))
        .order_by("kind", "grid__code", "name")
    )


def first_secretaries(community: Organisation, day: date) -> list[Sent]:
    """Of the community and of what stands under it, by organisation."""
    rows = (
        Appointment.objects.in_force(day)
        .filter(position__role=Role.FIRST_SECRETARY, position__organisation__in=ids_under([community]))
        .select_related("person")
        .with_organisation_name(day)
        .annotate(department=_name_of("sent_by", day))
        .order_by("position__organisation__code", "starts_on", "pk")
    )
    return [Sent(row.person.name, row.organisation_name or "", row.department or "", row.starts_on) for row in rows]


def _name_of(path: str, day: date) -> Subquery:
    placements = Placement.objects.filter(organisation=OuterRef(path), starts_on__lte=day)
    return Subquery(placements.order_by("-starts_on", "-revision").values("name")[:1])
