"""Incremental = full rebuild = a naive walk up the placements, for random histories."""

from datetime import date, timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from branches.models import Ancestry, Organisation, Placement
from branches.services.ancestry import rebuild_ancestry
from tests.people import OPENED_ON, Town, build_town

DAYS = [OPENED_ON + timedelta(days=number) for number in range(0, 12)]
COMMUNITIES = st.integers(0, 3)
STREETS = st.integers(0, 1)
MOVE = st.tuples(st.just("move"), COMMUNITIES, STREETS, st.sampled_from(DAYS[1:]))
CLOSE = st.tuples(st.just("close"), COMMUNITIES, st.just(0), st.sampled_from(DAYS[2:]))
STREET_CLOSE = st.tuples(st.just("close_street"), st.just(0), STREETS, st.sampled_from(DAYS[2:]))
FOUND_GRID = st.tuples(st.just("grid"), COMMUNITIES, st.just(0), st.sampled_from(DAYS[:6]))


def naive_ancestors(organisation: Organisation, day: date) -> dict[int, int]:
    """Walk from placement to placement, one organisation at a time."""
    found, current = {}, organisation
    while current is not None and current.stands_on(day):
        found[current.pk] = len(found)
        placement = Placement.objects.filter(organisation=current, starts_on__lte=day).order_by("starts_on", "revision")
        latest = placement.last()
        current = latest.parent if latest else None
    return found


def stored_ancestors(organisation: Organisation, day: date) -> dict[int, int]:
    rows = Ancestry.objects.in_force(day).filter(descendant=organisation)
    return {row.ancestor_id: row.depth for row in rows}


def snapshot() -> set[tuple]:
    return set(Ancestry.objects.values_list("descendant_id", "ancestor_id", "depth", "starts_on", "ends_on"))


def play(town: Town, act: tuple) -> list[int]:
    """Write an act past the services, so that histories they refuse are tried as well."""
    verb, community, street, day = act
    subject = town.streets[street] if verb == "close_street" else town.communities[community]
    if verb == "move":
        revision = Placement.objects.filter(organisation=subject, starts_on=day).count() + 1
        parent = town.streets[street]
        Placement.objects.create(
            organisation=subject, starts_on=day, revision=revision, parent=parent, name="名", reason="因"
        )
    elif verb == "grid":
        code = f"{subject.code}{Organisation.objects.count():03}"
        grid = Organisation.objects.create(code=code, level=4, opened_on=day)
        Placement.objects.create(organisation=grid, starts_on=day, parent=subject, name="格", reason="因")
        return [grid.pk]
    else:
        Organisation.objects.filter(pk=subject.pk).update(closed_on=day)
    return [subject.pk]


class RandomHistories(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.one_of(MOVE, CLOSE, STREET_CLOSE, FOUND_GRID), min_size=1, max_size=8))
    def test_three_ways_agree(self, acts: list[tuple]) -> None:
        town = build_town()
        for act in acts:
            rebuild_ancestry(play(town, act))
        incremental = snapshot()
        assert not rebuild_ancestry(dry_run=True)
        self.assert_naive()
        with transaction.atomic():
            Ancestry.objects.all().delete()
            rebuild_ancestry()
        assert snapshot() == incremental

    def assert_naive(self) -> None:
        for organisation in Organisation.objects.all():
            for day in (DAYS[0] - timedelta(days=1), *DAYS[::2], DAYS[-1] + timedelta(days=400)):
                assert stored_ancestors(organisation, day) == naive_ancestors(organisation, day)


def test_a_wrong_row_is_found_and_mended(town: Town) -> None:
    Ancestry.objects.filter(descendant=town.fuhou, depth=1).update(ancestor=town.wuyi)
    assert (rebuild_ancestry(dry_run=True).added, rebuild_ancestry(dry_run=True).removed) == (1, 1)
    assert rebuild_ancestry()
    assert not rebuild_ancestry()
    assert stored_ancestors(town.fuhou, DAYS[0]) == {town.fuhou.pk: 0, town.xida.pk: 1, town.district.pk: 2}


def test_nothing_touched_nothing_done(town: Town) -> None:
    assert not rebuild_ancestry([])
