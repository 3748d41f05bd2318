"""The page of a grid secretary: her own grids and nothing else."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.acting import Officer
from branches.choices import Level, Role
from branches.models import Appointment, Person, Position
from core import clock
from core.models import User
from grids.choices import ActivityKind, CoverageKind
from grids.models import Activity, Coverage, Rectification
from tests.grids.ground import SINCE, Ground, ground_of
from tests.people import Town, Unit, write_units
from tests.security.ground import signed_in

pytestmark = pytest.mark.django_db
MINE = "/ground/mine/"


@pytest.fixture
def ground(town: Town) -> Ground:
    return ground_of(town)


@pytest.fixture
def qiao(town: Town, ground: Ground) -> Officer:
    """乔, secretary of the branch that covers the first grid of 府后."""
    made = write_units(
        [Unit("411002001006001", "第一网格党支部", "411002001006", Level.GRID)], {town.fuhou.code: town.fuhou}
    )
    branch = made["411002001006001"]
    Coverage.objects.create(
        community=town.fuhou,
        organisation=branch,
        grid=ground.grids[0],
        kind=CoverageKind.OWN,
        starts_on=SINCE,
        recorded_by=town.lin.appointment,
    )
    person = Person.objects.create(name="乔安", user=User.objects.create(username="grid-001006001"))
    position = Position.objects.create(organisation=branch, role=Role.SECRETARY)
    appointment = Appointment.objects.create(position=position, person=person, starts_on=SINCE)
    return Officer.of(appointment, organisation_name="第一网格党支部")


def form(ground: Ground, **values: object) -> dict[str, object]:
    given = {"key": uuid4(), "grid": ground.grids[0].code, "kind": "visit", "on": clock.today(), "quantity": 12}
    return given | values


def test_what_was_done_is_one_form_away(qiao: Officer, ground: Ground) -> None:
    answer = signed_in(qiao).post(MINE, form(ground))
    row = Activity.objects.get()
    assert (answer.status_code, row.grid, row.kind, row.quantity) == (302, ground.grids[0], ActivityKind.VISIT, 12)
    assert (row.community, row.title, row.recorded_by) == (ground.community, "走访", qiao.appointment)
    assert "12 户" in signed_in(qiao).get(MINE).content.decode()


def test_the_same_form_twice_is_one_row(qiao: Officer, ground: Ground) -> None:
    sent = form(ground)
    for _ in range(2):
        assert signed_in(qiao).post(MINE, sent).status_code == 302
    assert Activity.objects.count() == 1


def test_another_grid_a_day_ahead_and_a_phone_number_are_refused(qiao: Officer, ground: Ground) -> None:
    browser = signed_in(qiao)
    tomorrow = clock.today() + timedelta(days=1)
    for spoilt in (
        {"grid": ground.grids[1].code},
        {"on": tomorrow},
        {"title": "联系 13803741234"},
        {"quantity": "1e9"},
    ):
        assert browser.post(MINE, form(ground, **spoilt)).status_code == 422
    assert Activity.objects.count() == 0


def test_what_was_found_is_mended_and_waits_for_the_community(qiao: Officer, ground: Ground) -> None:
    browser = signed_in(qiao)
    browser.post(MINE + "found/", form(ground, kind="hazard", what="飞线充电"))
    row = Rectification.objects.get()
    assert (row.due_on - row.found_on, row.mended_on) == (timedelta(days=15), None)
    browser.post(reverse("grids:mine_mended", args=[row.pk]))
    row.refresh_from_db()
    assert (row.mended_on, row.struck_off_on) == (clock.today(), None)
    assert "待销号" in browser.get(MINE).content.decode()


def test_rows_of_other_grids_are_not_hers(qiao: Officer, town: Town, ground: Ground) -> None:
    other = Rectification.objects.create(
        community=town.fuhou,
        grid=ground.grids[1],
        kind="hazard",
        what="别家的事",
        found_on=clock.today(),
        due_on=clock.today(),
        recorded_by=town.lin.appointment,
    )
    browser = signed_in(qiao)
    assert "别家的事" not in browser.get(MINE).content.decode()
    assert browser.post(reverse("grids:mine_mended", args=[other.pk])).status_code == 404


def test_the_page_is_the_grid_branches(town: Town, qiao: Officer) -> None:
    for officer in (town.lin, town.zhou, town.wang, town.zheng[0]):
        assert signed_in(officer).get(MINE).status_code == 403
    home = signed_in(qiao).get("/").content.decode()
    assert f'href="{MINE}"' in home


def test_the_week_costs_the_same_for_one_row_and_for_many(qiao: Officer, ground: Ground) -> None:
    browser = signed_in(qiao)
    browser.post(MINE, form(ground))
    one = queries_of(browser)
    for _ in range(3):
        browser.post(MINE, form(ground))
    assert queries_of(browser) == one <= 12


def queries_of(browser: Client) -> int:
    browser.get(MINE)
    with CaptureQueriesContext(connection) as found:
        browser.get(MINE)
    return len(found)
