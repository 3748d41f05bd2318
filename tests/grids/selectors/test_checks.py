from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from core.errors import Conflict, Forbidden
from grids.choices import CommitteeKind, NormKey
from grids.models import (
    CentreState,
    Committee,
    CourtyardGrid,
    CourtyardState,
    Coverage,
    Grid,
    GridState,
    ServiceContract,
)
from grids.selectors.checks import findings
from grids.selectors.figures import figures_of, ground_page
from grids.services.exceptions import accept_finding
from grids.services.norms import record_norm
from grids.services.places import set_up
from tests.grids.ground import SINCE, Ground, courtyard_of, ground_of
from tests.people import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground(town: Town) -> Ground:
    ground = ground_of(town)
    for grid in ground.grids:
        Coverage.objects.create(organisation=town.fuhou, grid=grid, **kept(town))
    for courtyard in ground.courtyards:
        ServiceContract.objects.create(courtyard=courtyard, company=ground.company, **kept(town))
    return ground


def kept(town: Town) -> dict:
    return {"community": town.fuhou, "starts_on": SINCE, "recorded_by": town.lin.appointment}


def found(town: Town) -> list[tuple[str, str]]:
    return [(one.check.name, one.subject[-4:]) for one in findings(clock.today(), [town.fuhou.pk])]


def norm(town: Town, key: str, value: int) -> None:
    record_norm(actor=town.wang, key=key, starts_on=SINCE, value=Decimal(value), basis="示例")


def test_ground_in_order_has_no_findings(town: Town, ground: Ground) -> None:
    assert found(town) == []


def test_grids_are_compared_with_the_norms_of_the_district(town: Town, ground: Ground) -> None:
    norm(town, NormKey.GRID_HOUSEHOLDS_MAX, 299)
    assert found(town) == [("grid_too_large", "G001"), ("grid_too_large", "G002")]
    norm(town, NormKey.GRID_HOUSEHOLDS_MAX, 300)
    norm(town, NormKey.GRID_HOUSEHOLDS_MIN, 301)
    assert found(town) == [("grid_too_small", "G001"), ("grid_too_small", "G002")]


def test_what_nobody_covers_manages_or_links_is_found(town: Town, ground: Ground) -> None:
    courtyard_of(town.lin, town.fuhou, 4)
    assert found(town) == [
        ("courtyard_without_grid", "C004"),
        ("courtyard_without_branch", "C004"),
        ("courtyard_unmanaged", "C004"),
    ]
    Coverage.objects.filter(grid=ground.grids[0]).update(ends_on=clock.today())
    CourtyardGrid.objects.filter(grid=ground.grids[0]).update(ends_on=clock.today())
    assert found(town)[:4] == [
        ("grid_without_branch", "G001"),
        ("grid_without_courtyard", "G001"),
        ("courtyard_without_grid", "C001"),
        ("courtyard_without_grid", "C004"),
    ]


def test_ended_contracts_and_overdue_committees_are_found(town: Town, ground: Ground) -> None:
    ServiceContract.objects.filter(courtyard=ground.courtyards[0]).update(ends_on=date(2026, 1, 1))
    Committee.objects.create(
        kind=CommitteeKind.OWNERS, name="业委会", grid=ground.grids[1], election_due_on=date(2026, 1, 1), **kept(town)
    )
    assert found(town) == [("courtyard_unmanaged", "C001"), ("contract_ended", "C001"), ("committee_overdue", "G002")]


def test_a_centre_short_of_something_is_found(town: Town, ground: Ground) -> None:
    norm(town, NormKey.CENTRE_MIN_AREA, 30)
    six = dict.fromkeys(CentreState.SIX, True)
    state = CentreState(
        organisation=town.fuhou, name="站", form="station", starts_on=SINCE, area=Decimal("29.99"), **six
    )
    set_up(actor=town.lin, state=state)
    assert found(town) == [("centre_short", "S001")]
    assert findings(clock.today(), [town.fuhou.pk])[0].text == "缺：面积不足 30 平方米"


def test_contradictions_are_found_and_cannot_be_accepted(town: Town, ground: Ground) -> None:
    GridState.objects.create(
        grid=ground.grids[0],
        community=town.jindi,
        name="x",
        starts_on=date(2026, 1, 1),
        recorded_by=town.wang.appointment,
    )
    Grid.objects.filter(pk=ground.grids[1].pk).update(closed_on=date(2026, 1, 1))
    names = [name for name, _ in found(town)]
    assert names.count("courtyard_in_two_communities") == 2
    assert names.count("row_of_closed_place") == 3
    with pytest.raises(Conflict):
        accept_finding(
            actor=town.zhou,
            community=town.fuhou,
            check_name="row_of_closed_place",
            subject=ground.grids[1].code,
            reason="正在办理",
            until=None,
        )


def test_the_street_accepts_a_finding_until_a_day(town: Town, ground: Ground) -> None:
    courtyard = courtyard_of(town.lin, town.fuhou, 4, ground.grids[0])
    given = {"community": town.fuhou, "check_name": "courtyard_unmanaged", "subject": courtyard.code}
    until = clock.today() + timedelta(days=5)
    with pytest.raises(Forbidden):
        accept_finding(actor=town.lin, reason="待拆迁", until=until, **given)
    accept_finding(actor=town.zhou, reason="待拆迁", until=until, **given)
    held = findings(until, [town.fuhou.pk])
    assert [(one.check.name, one.exception.reason) for one in held if one.exception] == [
        ("courtyard_unmanaged", "待拆迁")
    ]
    assert [one.exception for one in findings(until + timedelta(days=1), [town.fuhou.pk])] == [None]
    with pytest.raises(Conflict, match="已经认可"):
        accept_finding(actor=town.zhou, reason="又来", until=None, **given)


def test_the_command_ends_with_1_for_contradictions_only(town: Town, ground: Ground) -> None:
    courtyard_of(town.lin, town.fuhou, 4)
    out = StringIO()
    call_command("check_ground", stdout=out)
    assert "庭院无人管理：1" in out.getvalue()
    Grid.objects.filter(pk=ground.grids[1].pk).update(closed_on=date(2026, 1, 1))
    with pytest.raises(CommandError, match="自相矛盾") as refusal:
        call_command("check_ground", "--under", town.xida.code, stdout=out)
    assert refusal.value.returncode == 1


@pytest.mark.parametrize("times", [1, 3])
def test_queries_do_not_grow(town: Town, times: int) -> None:
    for community in (town.fuhou, town.jindi, town.fangou)[:times]:
        ground_of(town, community)
    with CaptureQueriesContext(connection) as of_checks:
        assert len(findings(clock.today())) == 8 * times
    with CaptureQueriesContext(connection) as of_figures:
        figures_of([one.pk for one in town.communities], clock.today())
    assert (len(of_checks), len(of_figures)) == (23, 8)


# -- figures


def test_figures_add_up_from_the_community_to_the_district(town: Town, ground: Ground) -> None:
    ground_of(town, town.jindi)
    page = ground_page(town.wang.user, town.district.code, clock.today())
    assert page is not None
    assert [(one.name, one.figures.covered_grids.part, one.figures.covered_grids.whole) for one in page.lines] == [
        ("西大街道", 2, 4),
        ("五一路街道", 0, 0),
    ]
    assert (page.total.managed.percent, page.total.with_company.part, page.total.households) == ("50.0%", 3, 720)
    assert (page.lines[1].figures.covered.percent, page.total.covered.percent) == ("—", "50.0%")


def test_another_street_does_not_see_it(town: Town, ground: Ground) -> None:
    assert ground_page(town.wu.user, town.xida.code, clock.today()) is None
    assert ground_page(town.lin.user, town.xida.code, clock.today()) is None
    own = ground_page(town.lin.user, town.fuhou.code, clock.today())
    assert own is not None
    assert [one.name for one in own.grids] == ["第1网格", "第2网格"]


def test_the_past_is_shown_as_it_was(town: Town, ground: Ground) -> None:
    CourtyardState.objects.create(
        courtyard=ground.courtyards[0],
        community=town.fuhou,
        name="第1庭院",
        kind="old",
        households=999,
        starts_on=date(2026, 5, 1),
        recorded_by=town.lin.appointment,
    )
    days = (date(2021, 1, 1), date(2026, 4, 30), date(2026, 5, 1))
    pages = [ground_page(town.zhou.user, town.xida.code, day) for day in days]
    assert [page.total.households for page in pages if page] == [0, 360, 1239]
