"""Every register an indicator may look at, fetched at most once for all communities asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from branches.models import Ancestry, Organisation
from grids.choices import CentreLevel, GridKind, NormKey
from grids.models import (
    Activity,
    CentreState,
    CollectiveEconomy,
    IdleAsset,
    Milestone,
    PostCount,
    Project,
    Rectification,
    ServiceItem,
    Team,
)
from grids.selectors.norms import norm
from grids.selectors.places import CourtyardFacts, GridFacts, Ground, ground_on, standing_states

Rows = dict[int, list[Any]]
# A register in which nothing was written for so long is not kept: it says nothing, which is not zero.
IN_USE = timedelta(days=366)


class Facts:
    """Registers of some communities as of a day, each by community id; one that nobody asks for costs nothing."""

    def __init__(self, community_ids: Sequence[int], day: date):
        self.ids, self.day, self.recently = list(community_ids), day, day - IN_USE

    # -- places

    @cached_property
    def _ground(self) -> Ground:
        return ground_on(self.day, self.ids)

    @cached_property
    def grids(self) -> dict[int, list[GridFacts]]:
        """Grids that count: those of their own kind (专属网格) are left out."""
        found = (one for one in self._ground.grids.values() if one.kind != GridKind.SPECIAL)
        return _by(found, lambda one: one.community_id)

    @cached_property
    def courtyards(self) -> dict[int, list[CourtyardFacts]]:
        return _by(self._ground.courtyards.values(), lambda one: one.community_id)

    @cached_property
    def community_centres(self) -> Rows:
        return self._centres[CentreLevel.COMMUNITY]

    @cached_property
    def grid_centres(self) -> Rows:
        return self._centres[CentreLevel.GRID]

    @cached_property
    def _centres(self) -> dict[str, Rows]:
        """States of centres by level and community: a centre belongs to the community above its organisation."""
        above = Ancestry.objects.in_force(self.day).filter(ancestor__in=self.ids)
        states = standing_states(CentreState, self.day, above.values("descendant"), place="organisation")
        own = above.filter(descendant=OuterRef("organisation")).values("ancestor")[:1]
        states = states.annotate(community_above=Subquery(own)).select_related("centre")
        found: dict[str, Rows] = defaultdict(lambda: defaultdict(list))
        for state in states.order_by("centre__code"):
            found[state.centre.level][state.community_above].append(state)
        return found

    @cached_property
    def smallest_area(self) -> Decimal | None:
        return norm(NormKey.CENTRE_MIN_AREA, self.day)

    # -- people, as counts

    @cached_property
    def posts(self) -> Rows:
        return _kept(PostCount.objects.in_force(self.day).filter(community__in=self.ids).order_by("kind"))

    @cached_property
    def tracks(self) -> dict[int, str]:
        return {one.pk: one.track for one in Organisation.objects.as_of(self.day).filter(pk__in=self.ids)}

    # -- registers

    @cached_property
    def activities(self) -> Rows:
        """Those of the year past, the latest first."""
        return self._standing(Activity, on__lte=self.day, on__gt=self.recently)

    @cached_property
    def rectifications(self) -> Rows:
        """Findings that are open, or were struck off within the year past."""
        rows = Rectification.objects.standing().filter(community__in=self.ids, found_on__lte=self.day)
        lately = Q(struck_off_on__isnull=True) | Q(struck_off_on__gt=self.recently)
        return _kept(rows.filter(lately).order_by("due_on", "pk"))

    @cached_property
    def service_items(self) -> Rows:
        return self._standing(ServiceItem, starts_on__lte=self.day)

    @cached_property
    def teams(self) -> Rows:
        return self._standing(Team, starts_on__lte=self.day)

    @cached_property
    def economies(self) -> Rows:
        """Years up to this one, the latest first."""
        years = (self.day.year - 2, self.day.year)
        return self._standing(CollectiveEconomy, year__range=years)

    @cached_property
    def idle_assets(self) -> Rows:
        return self._standing(IdleAsset, found_on__lte=self.day)

    @cached_property
    def projects(self) -> Rows:
        return self._standing(Project, starts_on__lte=self.day, is_industry=True)

    @cached_property
    def milestones(self) -> Rows:
        """Steps of standing industrial projects."""
        return self._standing(Milestone, project__is_industry=True, project__voided_at__isnull=True)

    def _standing(self, model: Any, **conditions: Any) -> Rows:
        return _kept(model.objects.standing().filter(community__in=self.ids, **conditions))


def holds(row: Any, day: date) -> bool:
    """Whether a dated row holds on a day."""
    return row.starts_on <= day and (row.ends_on is None or row.ends_on > day)


def _kept(rows: Any) -> Rows:
    return _by(rows, lambda row: row.community_id)


def _by(rows: Any, key: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found
