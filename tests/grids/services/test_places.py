from __future__ import annotations

import json
from datetime import date

import pytest

from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry
from grids.choices import CentreForm, CentreLevel, CourtyardKind
from grids.models import (
    CentreState,
    Courtyard,
    CourtyardGrid,
    CourtyardState,
    Coverage,
    Grid,
    GridState,
    Rectification,
    ServiceCentre,
)
from grids.services.closing import close_place
from grids.services.places import confirm_places, history_of, last_state_id, record_state, set_up
from grids.services.rows import record_row
from tests.grids.ground import SINCE, Ground, grid_of, ground_of
from tests.people import Town

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)
PAPER = {"document_no": "魏网〔2026〕3号", "reason": "拆迁"}


@pytest.fixture
def ground(town: Town) -> Ground:
    return ground_of(town)


def grid(town: Town, **values: object) -> GridState:
    return GridState(**{"community": town.fuhou, "name": "新网格", "starts_on": DAY} | values)


def courtyard(town: Town, **values: object) -> CourtyardState:
    given = {"community": town.fuhou, "name": "安装公司家属院", "kind": CourtyardKind.FAMILY_YARD, "starts_on": DAY}
    return CourtyardState(**given | values)


# -- setting up


def test_codes_follow_from_the_community_and_are_never_given_twice(town: Town) -> None:
    first = set_up(actor=town.zhou, state=grid(town))
    second = set_up(actor=town.zhou, state=grid(town))
    assert [one.code for one in (first, second)] == ["411002001006-G001", "411002001006-G002"]
    close_place(actor=town.zhou, place=second, closed_on=date(2026, 4, 1), **PAPER)
    assert set_up(actor=town.zhou, state=grid(town)).code == "411002001006-G003"


def test_a_courtyard_is_set_up_in_its_grids(town: Town, ground: Ground) -> None:
    made = set_up(actor=town.lin, state=courtyard(town, buildings=24, households=683), grids=ground.grids)
    assert made.code == "411002001006-C004"
    assert [link.grid.code for link in made.grid_links.order_by("grid")] == [one.code for one in ground.grids]
    assert (made.confirmed_on is not None, history_of(made)[0].households) == (True, 683)
    entry = AuditEntry.objects.get(verb="grids.set_up")
    assert json.loads(entry.payload)["after"]["households"] == 683


@pytest.mark.parametrize(
    ("level", "wanted"),
    [("xida", CentreLevel.STREET), ("fuhou", CentreLevel.COMMUNITY), ("grid", CentreLevel.GRID)],
)
def test_the_level_of_a_centre_follows_from_where_it_stands(
    town: Town, ground: Ground, level: str, wanted: str
) -> None:
    holder = town.fuhou if level == "grid" else getattr(town, level)
    inside = ground.grids[0] if level == "grid" else None
    state = CentreState(organisation=holder, grid=inside, name="服务站", form=CentreForm.STATION, starts_on=DAY)
    made = set_up(actor=town.zhou, state=state)
    assert (made.level, made.code) == (wanted, f"{holder.code}-S001")


def test_only_street_and_office_set_up_grids(town: Town) -> None:
    for officer in (town.lin, town.wu, town.zheng[0], town.reader):
        with pytest.raises(Forbidden):
            set_up(actor=officer, state=grid(town))
    assert Grid.objects.count() == 0
    assert {set_up(actor=one, state=grid(town)).code[-4:] for one in (town.zhou, town.wang)} == {"G001", "G002"}


@pytest.mark.parametrize(
    "values",
    [
        {"households": 100_001},
        {"buildings": -1},
        {"built_in": 1066},
        {"name": ""},
        {"kind": "castle"},
        {"starts_on": date(1, 1, 1)},
        {"starts_on": date(9999, 12, 31)},
        {"name": "张三 13803741234"},
    ],
)
def test_impossible_values_are_refused_and_nothing_is_half_done(town: Town, values: dict) -> None:
    with pytest.raises(Invalid):
        set_up(actor=town.lin, state=courtyard(town, **values))
    assert (Courtyard.objects.count(), CourtyardState.objects.count()) == (0, 0)


def test_a_courtyard_outside_its_grids_dates_is_refused(town: Town, ground: Ground) -> None:
    with pytest.raises(Invalid, match="不存在"):
        set_up(actor=town.lin, state=courtyard(town, starts_on=date(2021, 1, 1)), grids=ground.grids[:1])
    assert (Courtyard.objects.count(), CourtyardGrid.objects.count()) == (3, 4)


# -- changing


def test_a_change_holds_from_its_day_and_keeps_what_was(town: Town, ground: Ground) -> None:
    place = ground.courtyards[0]
    record_state(actor=town.lin, place=place, starts_on=DAY, changes={"households": 130}, reason="核实")
    assert [(one.starts_on, one.households) for one in history_of(place)] == [(SINCE, 120), (DAY, 130)]


def test_a_change_is_carried_into_later_states_that_had_the_old_value(town: Town, ground: Ground) -> None:
    place = ground.courtyards[0]
    later = date(2026, 6, 1)
    record_state(actor=town.lin, place=place, starts_on=later, changes={"name": "新名"})
    record_state(actor=town.lin, place=place, starts_on=DAY, changes={"households": 130, "name": "中名"})
    assert [(one.starts_on, one.revision, one.name, one.households) for one in history_of(place)] == [
        (SINCE, 1, "第1庭院", 120),
        (DAY, 1, "中名", 130),
        (later, 2, "新名", 130),
    ]


def test_a_correction_of_the_same_day_is_the_next_revision(town: Town, ground: Ground) -> None:
    place = ground.courtyards[0]
    record_state(actor=town.lin, place=place, starts_on=SINCE, changes={"households": 99}, reason="更正")
    assert [(one.revision, one.households) for one in history_of(place)] == [(2, 99)]
    assert CourtyardState.objects.filter(courtyard=place).count() == 2


def test_two_writers_do_not_overwrite_each_other(town: Town, ground: Ground) -> None:
    place = ground.courtyards[0]
    seen = last_state_id(place)
    record_state(actor=town.lin, place=place, starts_on=DAY, changes={"households": 130}, seen=seen)
    with pytest.raises(Conflict, match="刚被别人改过"):
        record_state(actor=town.zhou, place=place, starts_on=DAY, changes={"households": 140}, seen=seen)
    with pytest.raises(Conflict, match="没有变化"):
        record_state(actor=town.zhou, place=place, starts_on=DAY, changes={"households": 130})


def test_a_state_lies_within_the_life_of_its_place(town: Town, ground: Ground) -> None:
    place = ground.courtyards[0]
    with pytest.raises(Invalid, match="不能更早"):
        record_state(actor=town.lin, place=place, starts_on=date(2021, 1, 1), changes={"households": 130})
    with pytest.raises(Invalid, match="划转"):
        record_state(actor=town.zhou, place=ground.grids[0], starts_on=DAY, changes={"community_id": town.jindi.pk})
    with pytest.raises(Forbidden):
        record_state(actor=town.chen, place=place, starts_on=DAY, changes={"households": 130})


def test_many_are_confirmed_in_one_act(town: Town, ground: Ground) -> None:
    assert confirm_places(actor=town.lin, places=ground.courtyards) == 3
    assert Courtyard.objects.filter(confirmed_on__isnull=True).count() == 0
    with pytest.raises(Forbidden):
        confirm_places(actor=town.chen, places=ground.courtyards)


# -- closing


def test_closing_waits_for_what_hangs_on_it(town: Town, ground: Ground) -> None:
    place, kept = ground.grids[0], {"recorded_by": town.lin.appointment, "community": town.fuhou}
    Coverage.objects.create(organisation=town.fuhou, grid=place, starts_on=SINCE, **kept)
    Rectification.objects.create(
        kind="hazard", what="线缆垂落", found_on=DAY, due_on=date(2026, 3, 9), grid=place, **kept
    )
    with pytest.raises(Conflict) as refusal:
        close_place(actor=town.zhou, place=place, closed_on=date(2026, 4, 1), **PAPER)
    assert refusal.value.message == (
        "411002001006-G001 还有：庭院与网格 2 条（411002001006-C001、411002001006-C003）；"
        "党组织覆盖 1 条（411002001006）；隐患和环境问题整改 1 条（线缆垂落）。请先办结、终止或转出。"
    )
    assert Grid.objects.get(pk=place.pk).closed_on is None


def test_a_place_closes_after_it_opened_and_once(town: Town, ground: Ground) -> None:
    place = set_up(actor=town.lin, state=courtyard(town))
    with pytest.raises(Invalid, match="须晚于"):
        close_place(actor=town.lin, place=place, closed_on=DAY, **PAPER)
    close_place(actor=town.lin, place=place, closed_on=date(2026, 4, 1), **PAPER)
    with pytest.raises(Conflict, match="已登记于"):
        close_place(actor=town.lin, place=place, closed_on=date(2026, 5, 1), **PAPER)
    place.refresh_from_db()
    with pytest.raises(Invalid, match="不存在"):
        record_row(
            actor=town.lin,
            row=CourtyardGrid(community=town.fuhou, courtyard=place, grid=ground.grids[0], starts_on=date(2026, 5, 1)),
        )


def test_a_station_goes_to_another_community_with_a_grid_of_that_community(town: Town, ground: Ground) -> None:
    state = CentreState(organisation=town.fuhou, grid=ground.grids[0], name="站", form="station", starts_on=SINCE)
    station, there = set_up(actor=town.zhou, state=state), grid_of(town.lin, town.jindi, 1)
    with pytest.raises(Invalid) as refused:
        record_state(
            actor=town.zhou, place=station, starts_on=date(2026, 3, 1), changes={"organisation_id": town.jindi.pk}
        )
    (message,) = refused.value.errors["grid"]
    assert message.startswith("网格 411002001006-G001 在 2026-03-01 不属于“")
    changes = {"organisation_id": town.jindi.pk, "grid_id": there.pk}
    assert record_state(actor=town.zhou, place=station, starts_on=date(2026, 3, 1), changes=changes).grid == there


def test_a_station_is_set_up_with_a_grid_of_its_own_community(town: Town, ground: Ground) -> None:
    state = CentreState(organisation=town.jindi, grid=ground.grids[0], name="站", form="station", starts_on=SINCE)
    with pytest.raises(Invalid) as refused:
        set_up(actor=town.zhou, state=state)
    (message,) = refused.value.errors["grid"]
    assert message.startswith("网格 411002001006-G001 在 ")
    assert not ServiceCentre.objects.filter(states__organisation=town.jindi).exists()


def test_a_document_holds_for_the_day_it_was_given_for(town: Town) -> None:
    grid = grid_of(town.lin, town.fuhou, 1)
    first = record_state(
        actor=town.zhou, place=grid, starts_on=SINCE, changes={"name": "一网格", "document_no": "魏网〔2022〕1号"}
    )
    corrected = record_state(actor=town.zhou, place=grid, starts_on=SINCE, changes={"households": 310})
    later = record_state(actor=town.zhou, place=grid, starts_on=date(2026, 3, 1), changes={"households": 320})
    assert [one.document_no for one in (first, corrected, later)] == ["魏网〔2022〕1号", "魏网〔2022〕1号", ""]
