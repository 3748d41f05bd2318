from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grids.choices import CommitteeKind, Management
from grids.models import Committee, CourtyardGrid, CourtyardState, Coverage, Grid, ServiceContract
from grids.selectors.norms import norm, norm_history
from grids.selectors.places import courtyards_on, grids_on, ground_on
from grids.services.norms import SAMPLES, record_norm, record_sample_norms
from tests.grids.ground import SINCE, Ground, courtyard_of, grid_of, ground_of
from tests.people import Town

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 31)


@pytest.fixture
def ground(town: Town) -> Ground:
    return ground_of(town)


def of(ground: Ground, town: Town) -> dict:
    return {"community": ground.community, "starts_on": SINCE, "recorded_by": town.lin.appointment}


def test_places_are_linked_both_ways(town: Town, ground: Ground) -> None:
    found = ground_on(DAY, [town.fuhou.pk])
    assert [(one.name, [yard.name for yard in one.courtyards]) for one in found.grids.values()] == [
        ("第1网格", ["第1庭院", "第3庭院"]),
        ("第2网格", ["第2庭院", "第3庭院"]),
    ]
    assert [[grid.name for grid in one.grids] for one in found.courtyards.values()] == [
        ["第1网格"],
        ["第2网格"],
        ["第1网格", "第2网格"],
    ]


def test_a_day_shows_what_stood_then(town: Town, ground: Ground) -> None:
    Grid.objects.filter(pk=ground.grids[1].pk).update(closed_on=date(2025, 3, 1))
    CourtyardState.objects.create(
        courtyard=ground.courtyards[0],
        community=town.fuhou,
        name="改名庭院",
        kind="old",
        starts_on=date(2026, 1, 1),
        recorded_by=town.lin.appointment,
    )
    assert [one.code for one in grids_on(date(2025, 2, 28), [town.fuhou.pk])] == [one.code for one in ground.grids]
    assert [one.code for one in grids_on(DAY, [town.fuhou.pk])] == [ground.grids[0].code]
    assert [one.name for one in courtyards_on(date(2025, 12, 31), [town.fuhou.pk])][0] == "第1庭院"
    assert [one.name for one in courtyards_on(DAY, [town.fuhou.pk])][0] == "改名庭院"
    assert grids_on(date(2021, 12, 31)) == []


def test_covered_is_covered_by_and_not_owns_one(town: Town, ground: Ground) -> None:
    Coverage.objects.create(organisation=town.fuhou, grid=ground.grids[0], **of(ground, town))
    first, second = grids_on(DAY)
    assert (first.is_covered, second.is_covered) == (True, False)
    assert [one.is_covered for one in courtyards_on(DAY)] == [True, False, True]
    for courtyard in ground.courtyards[1:]:
        Coverage.objects.create(organisation=town.fuhou, courtyard=courtyard, **of(ground, town))
    assert [one.is_covered for one in grids_on(DAY)] == [True, True]


def test_a_courtyard_is_managed_by_a_contract_or_in_a_named_way(town: Town, ground: Ground) -> None:
    ServiceContract.objects.create(courtyard=ground.courtyards[0], company=ground.company, **of(ground, town))
    state = CourtyardState.objects.get(courtyard=ground.courtyards[1])
    CourtyardState.objects.create(
        courtyard=state.courtyard,
        community=state.community,
        name=state.name,
        kind=state.kind,
        management=Management.SELF,
        starts_on=date(2026, 1, 1),
        recorded_by=town.lin.appointment,
    )
    assert [one.is_managed for one in courtyards_on(DAY)] == [True, True, False]
    assert [one.is_managed for one in courtyards_on(date(2025, 12, 31))] == [True, False, False]
    assert [one.companies for one in grids_on(DAY)] == [{ground.company.pk: ground.company.name}, {}]


def test_a_committee_of_a_grid_is_one_of_its_courtyards(town: Town, ground: Ground) -> None:
    Committee.objects.create(
        kind=CommitteeKind.OWNERS,
        name="第一网格业委会",
        grid=ground.grids[0],
        election_due_on=date(2027, 1, 1),
        **of(ground, town),
    )
    assert [one.has_committee for one in courtyards_on(DAY)] == [True, False, True]
    assert [one.has_committee for one in grids_on(DAY)] == [True, False]


def test_voided_and_ended_rows_do_not_count(town: Town, ground: Ground) -> None:
    row = Coverage.objects.create(organisation=town.fuhou, grid=ground.grids[0], **of(ground, town))
    Coverage.objects.filter(pk=row.pk).update(ends_on=DAY)
    assert [one.is_covered for one in grids_on(DAY)] == [False, False]
    CourtyardGrid.objects.update(voided_at="2026-01-01T00:00:00+08:00")
    assert [one.courtyards for one in grids_on(DAY)] == [[], []]


def test_households_of_a_grid_are_its_own_figure_or_the_sum(town: Town) -> None:
    grid = grid_of(town.lin, town.fuhou, 1, households=None)
    other = grid_of(town.lin, town.fuhou, 2)
    courtyard_of(town.lin, town.fuhou, 1, grid)
    courtyard_of(town.lin, town.fuhou, 2, grid)
    assert [one.counted_households for one in grids_on(DAY)] == [240, 300]
    courtyard_of(town.lin, town.fuhou, 3, grid, other)
    assert grids_on(DAY)[0].counted_households is None


@pytest.mark.parametrize("times", [1, 3])
def test_six_queries_whatever_the_size(town: Town, times: int) -> None:
    for community in (town.fuhou, town.jindi, town.fangou)[:times]:
        ground_of(town, community)
    with CaptureQueriesContext(connection) as captured:
        found = ground_on(DAY)
    assert (len(captured), len(found.courtyards)) == (6, 3 * times)


def test_norms_are_dated_and_corrected(town: Town) -> None:
    assert norm("grid_households", DAY) is None
    assert record_sample_norms(actor=town.wang) == len(SAMPLES)
    assert record_sample_norms(actor=town.wang) == 0
    assert norm("grid_households", DAY) == 300
    for value in (Decimal(320), Decimal(350)):
        record_norm(actor=town.wang, key="grid_households", starts_on=DAY, value=value, basis="魏组〔2026〕9号")
    assert (norm("grid_households", date(2026, 10, 30)), norm("grid_households", DAY)) == (300, 350)
    assert [(row.value, row.revision) for row in dict(norm_history())["grid_households"]] == [
        (350, 2),
        (320, 1),
        (300, 1),
    ]
