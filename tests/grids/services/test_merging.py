from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry
from grids.choices import CentreForm, CommitteeKind
from grids.models import (
    Activity,
    CentreState,
    Committee,
    CourtyardGrid,
    Coverage,
    Grid,
    GridState,
    GridSuccession,
    ServiceContract,
)
from grids.selectors.places import ground_on
from grids.services.merging import Merge, Result, merge_grids, merge_many, split_grid
from grids.services.moving import hand_over_community, hand_over_coverage, move_grid
from grids.services.places import record_state, set_up
from tests.grids.ground import SINCE, Ground, courtyard_of, grid_of, ground_of
from tests.people import Town
from tests.scoring.month import on, open_month

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 1)
BEFORE = date(2026, 10, 31)
PAPER = "魏网〔2026〕8号"


@pytest.fixture
def ground(town: Town) -> Ground:
    ground = ground_of(town)
    kept = {"recorded_by": town.lin.appointment, "community": town.fuhou, "starts_on": SINCE}
    Coverage.objects.create(organisation=town.fuhou, grid=ground.grids[0], **kept)
    Coverage.objects.create(organisation=town.fuhou, grid=ground.grids[1], **kept)
    Committee.objects.create(
        kind=CommitteeKind.OWNERS, name="业委会", grid=ground.grids[1], election_due_on=date(2027, 1, 1), **kept
    )
    ServiceContract.objects.create(courtyard=ground.courtyards[1], company=ground.company, **kept)
    Activity.objects.create(
        community=town.fuhou,
        on=date(2026, 10, 1),
        kind="clinic",
        title="义诊",
        grid=ground.grids[0],
        recorded_by=town.lin.appointment,
    )
    return ground


def merged(town: Town, ground: Ground, **values: object) -> Grid:
    given = {"actor": town.zhou, "grids": ground.grids, "result": Result("大网格", 600), "starts_on": DAY}
    return merge_grids(**given | {"document_no": PAPER} | values)  # type: ignore[arg-type]


def shape(day: date) -> list[tuple[str, list[str], int, int]]:
    """Grid, courtyards, how many cover it, how many committees, on a day."""
    grids = ground_on(day).grids.values()
    return [(g.name, [c.name for c in g.courtyards], len(g.coverages), len(g.committees)) for g in grids]


# -- merging


def test_what_hung_on_the_grids_goes_on_and_history_is_intact(town: Town, ground: Ground) -> None:
    before = shape(BEFORE)
    grid = merged(town, ground)
    assert shape(BEFORE) == before
    assert before == [("第1网格", ["第1庭院", "第3庭院"], 1, 0), ("第2网格", ["第2庭院", "第3庭院"], 1, 1)]
    assert shape(DAY) == [("大网格", ["第1庭院", "第2庭院", "第3庭院"], 1, 1)]
    assert [(one.closed_on, one.closing_document_no) for one in Grid.objects.exclude(pk=grid.pk)] == [(DAY, PAPER)] * 2
    assert sorted(GridSuccession.objects.values_list("predecessor__code", "successor__code", "kind")) == [
        (one.code, grid.code, "merge") for one in ground.grids
    ]
    assert Activity.objects.get().grid == ground.grids[0]


def test_one_of_them_may_go_on(town: Town, ground: Ground) -> None:
    kept = ground.grids[0]
    assert merged(town, ground, into=kept) == kept
    assert shape(DAY) == [("大网格", ["第1庭院", "第2庭院", "第3庭院"], 1, 1)]
    assert Grid.objects.get(closed_on__isnull=True) == kept
    assert [one.predecessor for one in GridSuccession.objects.all()] == [ground.grids[1]]


def test_a_merge_is_one_act_in_the_audit(town: Town, ground: Ground) -> None:
    grid = merged(town, ground)
    assert AuditEntry.objects.count() == 1
    payload = json.loads(AuditEntry.objects.get(verb="grids.merge").payload)
    assert (payload["successor"], payload["grids"]) == (grid.code, [one.code for one in ground.grids])
    assert {name: len(ids) for name, ids in payload["ended"].items()} == {
        "grids.courtyardgrid": 4,
        "grids.coverage": 2,
        "grids.committee": 1,
    }
    assert {name: len(ids) for name, ids in payload["begun"].items()} == {
        "grids.courtyardgrid": 3,
        "grids.coverage": 1,
        "grids.committee": 1,
    }


def test_many_merges_lock_every_row_before_the_chain(town: Town, ground: Ground) -> None:
    """Otherwise who holds a grid of a later group and waits for the chain is waited for."""
    others = tuple(grid_of(town.lin, town.jindi, number) for number in (1, 2))
    merges = [Merge("一", tuple(ground.grids), Result("大网格")), Merge("二", others, Result("金地网格"))]
    with CaptureQueriesContext(connection) as queries:
        merge_many(actor=town.zhou, merges=merges, starts_on=DAY, document_no=PAPER)
    said = [re.match(r'(?:INSERT INTO|UPDATE) "(\w+)"', query["sql"]) for query in queries]
    written = [one[1] for one in said if one]
    assert set(written[written.index("core_auditentry") :]) == {"core_auditentry", "core_chainhead", "grids_actrow"}
    assert [entry.verb for entry in AuditEntry.objects.all()] == ["grids.merge"] * 2


def test_a_station_follows_its_grid(town: Town, ground: Ground) -> None:
    state = CentreState(
        organisation=town.fuhou, grid=ground.grids[0], name="站", form=CentreForm.STATION, starts_on=SINCE
    )
    station = set_up(actor=town.zhou, state=state)
    grid = merged(town, ground)
    assert [one.grid for one in station.states.order_by("starts_on")] == [ground.grids[0], grid]


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"document_no": " "}, Invalid),
        ({"result": Result("")}, Invalid),
        ({"result": Result("大网格", 999_999)}, Invalid),
        ({"starts_on": SINCE}, Invalid),
        ({"starts_on": date(9999, 12, 31)}, Invalid),
        ({"grids": []}, Invalid),
    ],
)
def test_what_is_refused_leaves_nothing_half_done(town: Town, ground: Ground, values: dict, refusal: type) -> None:
    before = shape(DAY)
    with pytest.raises(refusal):
        merged(town, ground, **values)
    assert (shape(DAY), Grid.objects.count(), AuditEntry.objects.count()) == (before, 2, 0)
    assert CourtyardGrid.objects.filter(ends_on__isnull=False).count() == 0


def test_one_grid_is_no_merge_and_two_communities_neither(town: Town, ground: Ground) -> None:
    with pytest.raises(Invalid, match="至少选两个"):
        merged(town, ground, grids=ground.grids[:1])
    other = grid_of(town.chen, town.jindi, 1)
    with pytest.raises(Invalid, match="不在同一个社区"):
        merged(town, ground, grids=[*ground.grids, other])


def test_only_the_own_street_and_the_office_merge(town: Town, ground: Ground) -> None:
    for officer in (town.lin, town.chen, town.wu, town.zheng[1]):
        with pytest.raises(Forbidden):
            merged(town, ground, actor=officer)
    assert merged(town, ground, actor=town.wang).closed_on is None


def test_a_merge_waits_for_an_open_month(town: Town, ground: Ground) -> None:
    with on("2026-10", 12):
        open_month(town, "2026-10")
        with pytest.raises(Conflict, match="请自2026年11月1日起办理"):
            merged(town, ground, starts_on=date(2026, 10, 15))
        assert shape(BEFORE)[0][0] == "第1网格"
        assert merged(town, ground, starts_on=DAY).opened_on == DAY


def test_a_grid_that_something_is_recorded_for_later_is_not_merged(town: Town, ground: Ground) -> None:
    record_state(actor=town.zhou, place=ground.grids[0], starts_on=date(2026, 12, 1), changes={"households": 200})
    with pytest.raises(Invalid, match="还有登记"):
        merged(town, ground)


# -- splitting


def test_a_split_shares_the_courtyards_out(town: Town, ground: Ground) -> None:
    one, two, both = ground.courtyards
    parts = split_grid(
        actor=town.zhou,
        grid=ground.grids[0],
        results=[Result("东网格", 100, (one, both)), Result("西网格", 110, (both,))],
        starts_on=DAY,
        document_no=PAPER,
    )
    assert [part.code[-4:] for part in parts] == ["G003", "G004"]
    assert shape(DAY) == [
        ("第2网格", ["第2庭院", "第3庭院"], 1, 1),
        ("东网格", ["第1庭院", "第3庭院"], 1, 0),
        ("西网格", ["第3庭院"], 1, 0),
    ]
    assert two.grid_links.count() == 1


def test_no_courtyard_is_lost_in_a_split(town: Town, ground: Ground) -> None:
    parts = [Result("东网格", None, ground.courtyards[:1]), Result("西网格")]
    with pytest.raises(Invalid, match="411002001006-C003"):
        split_grid(actor=town.zhou, grid=ground.grids[0], results=parts, starts_on=DAY, document_no=PAPER)
    assert Grid.objects.count() == 2


# -- moving


def test_a_grid_moves_with_its_courtyards_from_the_first_of_a_month(town: Town, ground: Ground) -> None:
    grid = grid_of(town.lin, town.fuhou, 9)
    courtyard = courtyard_of(town.lin, town.fuhou, 9, grid)
    contract = ServiceContract.objects.create(
        courtyard=courtyard,
        company=ground.company,
        community=town.fuhou,
        starts_on=SINCE,
        recorded_by=town.lin.appointment,
    )
    with pytest.raises(Invalid, match="第一天"):
        move_grid(actor=town.zhou, grid=grid, community=town.jindi, starts_on=date(2026, 11, 15), document_no=PAPER)
    move_grid(actor=town.zhou, grid=grid, community=town.jindi, starts_on=DAY, document_no=PAPER)
    assert [one.code for one in ground_on(BEFORE, [town.fuhou.pk]).grids.values()][-1] == grid.code
    there = ground_on(DAY, [town.jindi.pk])
    assert [(one.code, len(one.courtyards)) for one in there.grids.values()] == [(grid.code, 1)]
    assert [one.contract.company for one in there.courtyards.values() if one.contract] == [ground.company.name]
    contract.refresh_from_db()
    assert (contract.community, contract.ends_on) == (town.fuhou, DAY)


def test_a_courtyard_that_also_lies_elsewhere_stops_the_move(town: Town, ground: Ground) -> None:
    with pytest.raises(Invalid, match="411002001006-C003"):
        move_grid(actor=town.zhou, grid=ground.grids[0], community=town.jindi, starts_on=DAY, document_no=PAPER)
    with pytest.raises(Forbidden):
        move_grid(actor=town.zhou, grid=ground.grids[0], community=town.guangming, starts_on=DAY, document_no=PAPER)
    assert GridState.objects.filter(starts_on=DAY).count() == 0


def test_a_move_waits_for_a_month_that_is_not_opened(town: Town, ground: Ground) -> None:
    grid = grid_of(town.lin, town.fuhou, 9)
    with on("2026-10", 12):
        open_month(town, "2026-10")
        with pytest.raises(Conflict, match="须自2026年11月1日起划转"):
            move_grid(actor=town.zhou, grid=grid, community=town.jindi, starts_on=date(2026, 10, 1), document_no=PAPER)
        move_grid(actor=town.zhou, grid=grid, community=town.jindi, starts_on=DAY, document_no=PAPER)


def test_a_community_hands_its_whole_ground_over(town: Town, ground: Ground) -> None:
    places = hand_over_community(
        actor=town.zhou, community=town.fuhou, successor=town.jindi, starts_on=DAY, document_no=PAPER
    )
    assert (places, len(ground_on(DAY, [town.fuhou.pk]).grids)) == (5, 0)
    there = ground_on(DAY, [town.jindi.pk])
    assert [(one.name, len(one.courtyards), one.is_covered) for one in there.grids.values()] == [
        ("第1网格", 2, True),
        ("第2网格", 2, True),
    ]
    assert len(ground_on(BEFORE, [town.fuhou.pk]).grids) == 2


def test_coverage_goes_to_the_branch_that_follows(town: Town, ground: Ground) -> None:
    done = hand_over_coverage(
        actor=town.zhou, organisation=town.fuhou, successor=town.jindi, starts_on=DAY, document_no=PAPER
    )
    assert done == 2
    assert {one.organisation_id for grid in ground_on(DAY).grids.values() for one in grid.coverages} == {town.jindi.pk}
