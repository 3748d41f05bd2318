"""Whose ground an officer may keep, and what communities are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from branches.acting import Officer
from branches.choices import Level, Right
from branches.models import Ancestry, Organisation
from branches.permissions import ids_under
from core import clock
from core.models import User
from grids.permissions import covered_grids, own_organisations


def keepable_communities(officer: Officer | None) -> list[Organisation]:
    """The communities for which she may enter something, with today's names, by code; a grid branch has its own one."""
    if officer is None or not officer.has(Right.KEEP_GROUND):
        return []
    return list(_communities().filter(pk__in=_ids_kept(officer)))


def keepable_grids(officer: Officer) -> list[int] | None:
    """The grids a grid branch covers today; None for those who may keep every grid of their communities."""
    if officer.organisation.level not in (Level.GRID, Level.COURTYARD):
        return None
    return list(covered_grids([officer.organisation], clock.today()).values_list("grid", flat=True))


def visible_communities(user: User) -> list[Organisation]:
    """The communities whose rows she may read, with today's names, by code."""
    return list(_communities().filter(pk__in=ids_under(own_organisations(user))))


def community_names(ids: Collection[int]) -> dict[int, str]:
    """Today's names by id; one query."""
    named = Organisation.objects.filter(pk__in=ids).as_of(clock.today())
    return {one.pk: one.name or one.code for one in named}


def holder_labels(ids: Collection[int]) -> dict[int, str]:
    """As a workbook names them: today's name, with the code where another one that stands is called the same."""
    today = clock.today()
    standing = Organisation.objects.standing_on(today).filter(level__lte=Level.COMMUNITY)
    named = Organisation.objects.filter(Q(pk__in=ids) | Q(pk__in=standing.values("pk"))).as_of(today)
    found = {one.pk: one for one in named}
    borne = Counter(one.name for one in found.values())
    return {pk: label_of(found[pk], is_only=borne[found[pk].name] == 1) for pk in ids if pk in found}


def label_of(organisation: Organisation, *, is_only: bool) -> str:
    """新华社区, or 新华社区（411002001006）."""
    name, code = organisation.name or organisation.code, organisation.code
    return name if is_only else f"{name}（{code}）"


def _ids_kept(officer: Officer) -> Any:
    if officer.organisation.level in (Level.GRID, Level.COURTYARD):
        above = Ancestry.objects.in_force(clock.today()).filter(descendant=officer.organisation)
        return above.values("ancestor")
    return ids_under([officer.organisation])


def _communities() -> QuerySet[Organisation]:
    today = clock.today()
    return Organisation.objects.standing_on(today).as_of(today).filter(level=Level.COMMUNITY).order_by("code")
