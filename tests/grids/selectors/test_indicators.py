"""Each indicator: what moves it, what does not, and that nothing else moves with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import Organisation
from core import clock
from grids.choices import (
    ActivityKind,
    CentreLevel,
    CommitteeKind,
    GridKind,
    Management,
    PostKind,
    RectificationKind,
    TeamKind,
)
from grids.models import (
    Activity,
    CollectiveEconomy,
    Committee,
    CourtyardState,
    Coverage,
    GridState,
    IdleAsset,
    Milestone,
    Project,
    Rectification,
    ServiceCentre,
    ServiceItem,
    Team,
)
from grids.selectors.indicators import INDICATORS, Measured, all_of, measure
from tests.grids.ground import SINCE, Ground, grid_of, ground_of
from tests.grids.registers import centre_of, keep, post_of, registers_of, restate
from tests.people import Town

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 31)
OCTOBER = date(2026, 10, 12)


@pytest.fixture
def ground(town: Town) -> Ground:
    return registers_of(town, town.fuhou, DAY)


def values(community: Organisation, day: date = DAY) -> dict[tuple[str, str], Any]:
    return {
        (one.indicator.name, one.window): (one.value, one.numerator, one.denominator, one.parts, one.lack)
        for one in all_of(community.pk, day)
    }


def of(community: Organisation, name: str, window: str = "", day: date = DAY) -> Measured:
    window = window or INDICATORS[name].windows[0]
    return measure([(name, window)], [community.pk], day)[community.pk][name, window]


def moved(before: dict[tuple[str, str], Any], after: dict[tuple[str, str], Any]) -> set[str]:
    return {name for name, window in before if before[name, window] != after[name, window]}


# -- the whole set


def test_every_indicator_yields_its_figure(town: Town, ground: Ground) -> None:
    found = {name: value[0] for (name, window), value in values(town.fuhou).items() if window in ("state", "year")}
    assert found == {
        "centre_standard_rate": "50",
        "centre_standard_items": "6",
        "grid_branch_coverage": "50",
        "committee_coverage": "50",
        "managed_courtyard_rate": "33.33",
        "self_government_post_rate": "80",
        "overdue_rectification_count": "2",
        "overdue_hazard_count": "1",
        "overdue_environment_count": "1",
        "visited_grid_rate": "50",
        "service_item_count": "1",
        "culture_team_count": "1",
        "volunteer_activity_count": "1",
        "legal_publicity_count": "1",
        "legal_officer_visit_count": "1",
        "skill_training_count": "1",
        "startup_training_count": "1",
        "greening_activity_count": "1",
        "collective_income_trend": "增长",
        "cooperative_items": "2",
        "idle_asset_reuse_count": "1",
        "project_milestone_rate": "50",
    }


def test_an_empty_ground_says_nothing_and_not_zero(town: Town) -> None:
    found = all_of(town.fuhou.pk, DAY)
    assert {one.value for one in found} == {None}
    assert [one.indicator.name for one in found if not one.lack] == []


def test_a_place_in_the_register_is_no_place_of_the_neighbours(town: Town, ground: Ground) -> None:
    assert {one.value for one in all_of(town.jindi.pk, DAY)} == {None}


# -- one change, exactly the indicators it should move


def _kept(model: Any, **given: Any) -> Callable[[Town, Ground], Any]:
    return lambda town, ground: keep(model, town.lin, community=town.fuhou, **given)


def _activity(kind: str, on: date = OCTOBER, **given: Any) -> Callable[[Town, Ground], Any]:
    return _kept(Activity, on=on, kind=kind, title="又一次", **given)


def _cover_second(town: Town, ground: Ground) -> None:
    keep(Coverage, town.lin, community=town.fuhou, grid=ground.grids[1], organisation=town.fuhou, starts_on=SINCE)


def _cover_a_yard_of_several(town: Town, ground: Ground) -> None:
    yard = ground.courtyards[1]
    keep(Coverage, town.lin, community=town.fuhou, courtyard=yard, organisation=town.fuhou, starts_on=SINCE)


def _committee(due: date) -> Callable[[Town, Ground], Any]:
    def write(town: Town, ground: Ground) -> None:
        keep(
            Committee,
            town.lin,
            community=town.fuhou,
            courtyard=ground.courtyards[1],
            kind=CommitteeKind.YARD,
            name="院委会",
            starts_on=SINCE,
            election_due_on=due,
        )

    return write


def _manage(management: str) -> Callable[[Town, Ground], Any]:
    def write(town: Town, ground: Ground) -> None:
        state = ground.courtyards[1].states.get()
        CourtyardState.objects.create(
            courtyard=ground.courtyards[1],
            community=town.fuhou,
            name=state.name,
            kind=state.kind,
            management=management,
            starts_on=SINCE,
            revision=2,
            recorded_by=town.lin.appointment,
        )

    return write


def _new_grid(kind: str) -> Callable[[Town, Ground], Any]:
    def write(town: Town, ground: Ground) -> None:
        state = GridState.objects.get(grid=grid_of(town.lin, town.fuhou, 9))
        keep(
            GridState,
            town.lin,
            grid=state.grid,
            community=town.fuhou,
            name="专属",
            kind=kind,
            starts_on=SINCE,
            revision=2,
        )

    return write


def _centre(level: str, area: str, *, number: int = 0, **six: bool) -> Callable[[Town, Ground], Any]:
    def write(town: Town, ground: Ground) -> None:
        centre = ServiceCentre.objects.filter(level=level).order_by("code")[number]
        restate(town.lin, centre, town.fuhou, area, **six)

    return write


def _post(kind: str) -> Callable[[Town, Ground], Any]:
    return lambda town, ground: post_of(town.lin, town.fuhou, kind, 10, 9)


def _finding(kind: str, **given: Any) -> Callable[[Town, Ground], Any]:
    dates = {"found_on": date(2026, 10, 1), "due_on": date(2026, 10, 20)}
    return _kept(Rectification, kind=kind, what="又一处", **(dates | given))


def _change(model: Any, find: dict[str, Any], **values: Any) -> Callable[[Town, Ground], Any]:
    return lambda town, ground: model.objects.filter(**find).update(**values)


def _void(model: Any, **find: Any) -> Callable[[Town, Ground], Any]:
    return lambda town, ground: model.objects.filter(**find).update(voided_at=clock.now(), void_reason="重复")


HAZARD, ENVIRONMENT = RectificationKind.HAZARD, RectificationKind.ENVIRONMENT
OVERDUE = {"overdue_rectification_count"}
GRIDS = {"grid_branch_coverage", "committee_coverage", "visited_grid_rate"}
MOVES: list[tuple[str, Callable[[Town, Ground], Any], set[str]]] = [
    ("second station is enlarged", _centre(CentreLevel.GRID, "30", number=1), {"centre_standard_rate"}),
    ("second station stays too small", _centre(CentreLevel.GRID, "29.99", number=1), set()),
    ("a station lost its flag", _centre(CentreLevel.GRID, "35", has_flag=False), {"centre_standard_rate"}),
    ("the centre has archives", _centre(CentreLevel.COMMUNITY, "60", has_archive=True), {"centre_standard_items"}),
    ("the centre is renamed", _centre(CentreLevel.COMMUNITY, "61", has_archive=False), set()),
    ("the second grid is covered", _cover_second, {"grid_branch_coverage"}),
    ("one of two yards is covered", _cover_a_yard_of_several, set()),
    ("a yard has a committee", _committee(date(2028, 1, 1)), {"committee_coverage"}),
    ("a committee whose term ends on the day", _committee(DAY), {"committee_coverage"}),
    ("a committee whose term is over", _committee(DAY - timedelta(days=1)), set()),
    ("a committee is voided", _void(Committee), {"committee_coverage"}),
    ("a yard manages itself", _manage(Management.SELF), {"managed_courtyard_rate"}),
    ("a yard stays unmanaged", _manage(Management.NONE), set()),
    ("another grid of its own kind", _new_grid(GridKind.COURTYARD), GRIDS),
    ("a special grid", _new_grid(GridKind.SPECIAL), set()),
    ("a building head more", _post(PostKind.BUILDING_HEAD), {"self_government_post_rate"}),
    ("a post of the other track", _post(PostKind.GROUP_HEAD), set()),
    ("an overdue hazard", _finding(HAZARD), OVERDUE | {"overdue_hazard_count"}),
    ("an overdue dirty spot", _finding(ENVIRONMENT), OVERDUE | {"overdue_environment_count"}),
    ("a hazard due on the last day", _finding(HAZARD, due_on=DAY), set()),
    ("somebody else's hazard", _finding(HAZARD, is_own=False), set()),
    ("a hazard struck off", _finding(HAZARD, mended_on=OCTOBER, struck_off_on=OCTOBER), set()),
    (
        "a hazard struck off later",
        _finding(HAZARD, mended_on=OCTOBER, struck_off_on=date(2026, 11, 1)),
        OVERDUE | {"overdue_hazard_count"},
    ),
    ("a service item", _kept(ServiceItem, name="医保代办", starts_on=OCTOBER), {"service_item_count"}),
    ("an unpublished item", _kept(ServiceItem, name="社保", starts_on=OCTOBER, is_published=False), set()),
    ("an item that begins later", _kept(ServiceItem, name="社保", starts_on=date(2026, 11, 1)), set()),
    ("a choir", _kept(Team, name="舞蹈队", kind=TeamKind.CULTURE, starts_on=OCTOBER), {"culture_team_count"}),
    ("a patrol", _kept(Team, name="巡防队", kind=TeamKind.PATROL, starts_on=OCTOBER), set()),
    (
        "a choir that ended",
        _kept(Team, name="舞蹈队", kind=TeamKind.CULTURE, starts_on=SINCE, ends_on=DAY),
        set(),
    ),
    ("volunteers", _activity(ActivityKind.VOLUNTEER), {"volunteer_activity_count"}),
    ("volunteers next month", _activity(ActivityKind.VOLUNTEER, date(2026, 11, 1)), set()),
    ("volunteers of last year", _activity(ActivityKind.VOLUNTEER, date(2025, 12, 31)), set()),
    ("volunteers are voided", _void(Activity, kind=ActivityKind.VOLUNTEER), {"volunteer_activity_count"}),
    ("drug teaching", _activity(ActivityKind.DRUG_TEACHING), {"legal_publicity_count"}),
    ("publicity of another kind", _activity(ActivityKind.PUBLICITY), set()),
    ("police", _activity(ActivityKind.POLICE_DOWN), {"legal_officer_visit_count"}),
    ("farming", _activity(ActivityKind.FARMING_TRAINING), {"skill_training_count"}),
    ("start-up", _activity(ActivityKind.STARTUP_TRAINING), {"startup_training_count"}),
    ("greening", _activity(ActivityKind.GREENING), {"greening_activity_count"}),
    ("a visit without a grid", _activity(ActivityKind.VISIT), set()),
    (
        "a visit to the second grid",
        lambda town, ground: _activity(ActivityKind.VISIT, grid=ground.grids[1])(town, ground),
        {"visited_grid_rate"},
    ),
    ("income fell", _change(CollectiveEconomy, {"year": 2026}, income=Decimal(79)), {"collective_income_trend"}),
    ("assets rose", _change(CollectiveEconomy, {"year": 2026}, assets=Decimal(900)), set()),
    ("books are open", _change(CollectiveEconomy, {"year": 2026}, cooperative_is_open=True), {"cooperative_items"}),
    ("an older year's books", _change(CollectiveEconomy, {"year": 2025}, cooperative_is_open=True), set()),
    (
        "a second asset",
        _change(IdleAsset, {"name": "旧校舍"}, reused_on=OCTOBER),
        {"idle_asset_reuse_count"},
    ),
    ("a third idle asset", _kept(IdleAsset, name="空地", found_on=OCTOBER), set()),
    ("a step is done", _change(Milestone, {}, done_on=OCTOBER), {"project_milestone_rate"}),
    (
        "a project of no industry",
        _kept(Project, name="路灯", starts_on=SINCE, due_on=OCTOBER),
        set(),
    ),
    (
        "an industrial project is late",
        _kept(Project, name="车间", starts_on=SINCE, due_on=OCTOBER, is_industry=True),
        {"project_milestone_rate"},
    ),
]


@pytest.mark.parametrize(("change", "moves"), [move[1:] for move in MOVES], ids=[move[0] for move in MOVES])
def test_a_change_moves_exactly_these(town: Town, ground: Ground, change: Any, moves: set[str]) -> None:
    before = values(town.fuhou)
    change(town, ground)
    assert moved(before, values(town.fuhou)) == moves


def test_every_indicator_is_moved_by_some_change_and_left_alone_by_another() -> None:
    assert set.union(*(moves for _, _, moves in MOVES)) == set(INDICATORS)


# -- windows and days


def test_a_flow_begins_anew_with_its_window(town: Town, ground: Ground) -> None:
    _activity(ActivityKind.GREENING, date(2026, 9, 30))(town, ground)
    _activity(ActivityKind.GREENING, date(2026, 3, 12))(town, ground)
    found = {window: of(town.fuhou, "greening_activity_count", window).value for window in ("month", "quarter", "year")}
    assert found == {"month": "1", "quarter": "1", "year": "3"}
    assert of(town.fuhou, "greening_activity_count", "year", date(2026, 9, 30)).value == "2"


def test_a_register_unused_for_a_year_says_nothing(town: Town, ground: Ground) -> None:
    assert of(town.fuhou, "greening_activity_count", "month", date(2027, 1, 10)).value == "0"
    later = of(town.fuhou, "greening_activity_count", "month", date(2027, 12, 10))
    assert (later.value, later.lack) == (None, "底数中近一年没有活动登记")


@pytest.mark.parametrize(
    ("values_of_2026", "grade"),
    [
        ({"income": Decimal(80)}, "持平"),
        ({"income": Decimal(90), "is_published": False}, "公开不全"),
        ({"income": Decimal(0)}, "无收入"),
        ({"income": Decimal(70), "has_measures": True}, "下降但有措施"),
        ({"income": Decimal(70)}, None),
        ({"income": None}, None),
    ],
)
def test_the_trend_of_the_income(town: Town, ground: Ground, values_of_2026: dict[str, Any], grade: str | None) -> None:
    CollectiveEconomy.objects.filter(year=2026).update(**values_of_2026)
    assert of(town.fuhou, "collective_income_trend").value == grade


def test_a_community_of_the_other_track_counts_its_own_posts(town: Town) -> None:
    registers_of(town, town.fangou, DAY)
    post_of(town.lin, town.fangou, PostKind.PARTY_HOUSEHOLD, 10, 10)
    found = of(town.fangou, "self_government_post_rate")
    assert (found.numerator, found.denominator) == (Decimal(18), Decimal(20))
    assert [(row.words, row.is_counted) for row in found.rows] == [
        ("楼栋长", False),
        ("居民组长", True),
        ("党员中心户", True),
        ("小队长", False),
    ]


def test_without_courtyards_management_does_not_apply(town: Town) -> None:
    grid_of(town.lin, town.fuhou, 1)
    found = of(town.fuhou, "managed_courtyard_rate")
    assert (found.is_empty, found.value, found.lack) == (True, None, "")


def test_a_joint_branch_covers_what_every_yard_of_it_is_covered_in(town: Town) -> None:
    ground = ground_of(town)
    for yard in ground.courtyards[1:]:
        keep(Coverage, town.lin, community=town.fuhou, courtyard=yard, organisation=town.fuhou, starts_on=SINCE)
    found = of(town.fuhou, "grid_branch_coverage")
    assert [(row.words, row.is_counted) for row in found.rows] == [("第1网格", False), ("第2网格", True)]


def test_a_centre_of_a_grid_branch_belongs_to_the_community_above(town: Town, ground: Ground) -> None:
    assert of(town.fuhou, "centre_standard_rate").denominator == 2
    centre_of(town.lin, town.jindi, CentreLevel.GRID, "40")
    assert of(town.fuhou, "centre_standard_rate").denominator == 2
    assert of(town.jindi, "centre_standard_rate").value == "100"


# -- words and rows


def test_the_sentence_names_figure_and_span(town: Town, ground: Ground) -> None:
    assert of(town.fuhou, "managed_courtyard_rate").sentence == (
        "庭院有人管理率：有人管理的 1 个，庭院（小区） 3 个（截至2026年10月31日）"
    )
    assert of(town.fuhou, "greening_activity_count", "quarter").sentence == (
        "植绿活动次数：植绿活动 1 次（2026年10月1日至10月31日）"
    )


def test_rows_say_in_a_word_why_they_count(town: Town, ground: Ground) -> None:
    rows = of(town.fuhou, "managed_courtyard_rate").rows
    assert [(row.model, row.words, row.is_counted, row.why) for row in rows] == [
        ("courtyard", "第1庭院", True, ground.company.name),
        ("courtyard", "第2庭院", False, "无人管理"),
        ("courtyard", "第3庭院", False, "无人管理"),
    ]


# -- one path for one and for many


def test_many_communities_yield_what_each_yields_alone_in_as_many_queries(town: Town) -> None:
    keys = [(one.name, window) for one in INDICATORS.values() for window in one.windows]
    registers_of(town, town.fuhou, DAY)
    with CaptureQueriesContext(
        connection,
    ) as one:
        measure(keys, [town.fuhou.pk], DAY)
    registers_of(town, town.fangou, DAY)
    registers_of(town, town.jindi, DAY)
    ids = [town.fuhou.pk, town.fangou.pk, town.jindi.pk]
    with CaptureQueriesContext(connection) as many:
        together = measure(keys, ids, DAY)
    assert together == {pk: measure(keys, [pk], DAY)[pk] for pk in ids}
    assert (len(one), len(many)) == (18, 18)
