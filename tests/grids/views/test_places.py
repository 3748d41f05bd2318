from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from branches.acting import Officer
from core import clock
from core.models import AuditEntry
from grids.choices import NormKey
from grids.models import AcceptedException, Courtyard, CourtyardState, Coverage, Grid, GroundContact
from grids.selectors.checks import findings
from grids.services.norms import record_norm
from grids.services.places import last_state_id, record_state
from tests.grids.ground import SINCE, Ground, exception_of, ground_of
from tests.people import Town
from tests.queries import queries_of
from tests.scoring.month import on

pytestmark = pytest.mark.django_db
NEXT = {"starts_on": "2026-12-01", "document_no": "魏网〔2026〕8号"}


@pytest.fixture
def ground(town: Town) -> Ground:
    return ground_of(town)


def browser(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer.user)
    return client


def text_of(officer: Officer, path: str) -> str:
    answer = browser(officer).get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


# -- lists and pages


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/ground/", 15),
        ("/ground/grids/", 10),
        ("/ground/courtyards/", 10),
        ("/ground/centres/", 10),
        ("/ground/companies/", 8),
    ],
)
def test_a_list_costs_the_same_at_one_and_at_three(town: Town, path: str, count: int) -> None:
    ground_of(town, town.fuhou)
    once = queries_of(town.wang, path)
    ground_of(town, town.jindi)
    ground_of(town, town.fangou)
    assert queries_of(town.wang, path) == once
    assert once <= count


def test_a_list_shows_the_own_subtree_only(town: Town, ground: Ground) -> None:
    ground_of(town, town.guangming)
    for officer, codes in ((town.lin, ["411002001006"]), (town.wu, ["411002006002"])):
        page = text_of(officer, "/ground/courtyards/")
        assert [
            code for code in ("411002001006", "411002006002") if f"/ground/courtyards/{code}-C001/" in page
        ] == codes


def test_a_list_is_narrowed_by_what_is_missing(town: Town, ground: Ground) -> None:
    Coverage.objects.create(
        organisation=town.fuhou,
        grid=ground.grids[0],
        community=town.fuhou,
        starts_on=SINCE,
        recorded_by=town.lin.appointment,
    )
    page = text_of(town.lin, "/ground/courtyards/?flag=uncovered")
    assert [name for name in ("第1庭院", "第2庭院", "第3庭院") if name in page] == ["第2庭院"]
    grids = text_of(town.lin, "/ground/grids/?flag=uncovered")
    assert [name for name in ("第1网格", "第2网格") if name in grids] == ["第2网格"]


def test_a_day_that_is_none_is_said(town: Town, ground: Ground) -> None:
    for path in ("/ground/", "/ground/courtyards/", f"/ground/grids/{ground.grids[0].code}/"):
        assert browser(town.lin).get(path + "?as_of=2026-13-01").status_code == 422


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_all_are_days(town: Town, ground: Ground, day: str) -> None:
    record_norm(actor=town.wang, key=NormKey.STALE_DAYS, starts_on=date.min, value=Decimal(30), basis="示例")
    paths = ("/ground/", "/ground/courtyards/?flag=stale", f"/ground/courtyards/{ground.courtyards[0].code}/")
    got = [browser(town.lin).get(f"{path}{'&' if '?' in path else '?'}as_of={day}").status_code for path in paths]
    assert got == [404 if day == "0001-01-01" else 200, 200, 200]


def test_contacts_are_masked_outside_the_own_subtree(town: Town, ground: Ground) -> None:
    GroundContact.objects.create(
        community=town.fuhou,
        kind="grid_worker",
        name="严明",
        work_phone="0374-2988077",
        grid=ground.grids[0],
        starts_on=SINCE,
        recorded_by=town.lin.appointment,
    )
    path = f"/ground/grids/{ground.grids[0].code}/"
    assert "0374-2988077" in text_of(town.lin, path)
    assert browser(town.wu).get(path).status_code == 404


# -- keeping


def test_a_community_changes_its_courtyard(town: Town, ground: Ground) -> None:
    place = ground.courtyards[0]
    path = f"/ground/courtyards/{place.code}/change/"
    form = {"name": "第1庭院", "kind": "old", "management": "self", "households": "130", "starts_on": "2026-11-01"}
    seen = last_state_id(place)
    assert browser(town.lin).post(path, form | {"seen": seen}).status_code == 302
    assert CourtyardState.objects.filter(courtyard=place).order_by("-pk").values_list("households", "management")[
        0
    ] == (
        130,
        "self",
    )
    answer = browser(town.lin).post(path, form | {"seen": seen, "households": "140"})
    assert (answer.status_code, "刚被别人改过" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    "households", ["-1", "999999999", "1e5", "一百", "9" * 400, "1_0", "0x10", "85%", "NaN", "4.5"]
)
def test_impossible_numbers_are_refused_in_words(town: Town, ground: Ground, households: str) -> None:
    form = {"name": "x", "kind": "old", "management": "none", "households": households, "starts_on": "2026-11-01"}
    place = ground.courtyards[0]
    answer = browser(town.lin).post(f"/ground/courtyards/{place.code}/change/", form | {"seen": last_state_id(place)})
    assert (answer.status_code, CourtyardState.objects.filter(courtyard=place).count()) == (422, 1)
    assert 'class="errorlist"' in answer.content.decode()


def test_a_courtyard_is_set_up_on_a_page(town: Town, ground: Ground) -> None:
    form = {
        "holder": town.fuhou.code,
        "starts_on": "2026-11-01",
        "name": "新院",
        "kind": "shanty",
        "management": "none",
        "grids": [ground.grids[0].code],
    }
    answer = browser(town.lin).post("/ground/courtyards/new/", form)
    made = Courtyard.objects.get(code="411002001006-C004")
    assert answer["Location"] == f"/ground/courtyards/{made.code}/"
    assert [link.grid for link in made.grid_links.all()] == [ground.grids[0]]


def test_stale_places_are_listed_and_confirmed_together(town: Town, ground: Ground) -> None:
    record_norm(actor=town.wang, key=NormKey.STALE_DAYS, starts_on=SINCE, value=Decimal(30), basis="示例")
    Courtyard.objects.update(confirmed_on=clock.today() - timedelta(days=31))
    Courtyard.objects.filter(pk=ground.courtyards[2].pk).update(confirmed_on=clock.today())
    page = text_of(town.lin, "/ground/courtyards/?flag=stale")
    assert [one.code for one in ground.courtyards if f'value="{one.code}" checked' in page] == [
        one.code for one in ground.courtyards[:2]
    ]
    sent = {"chosen": [one.code for one in ground.courtyards]}
    assert browser(town.chen).post("/ground/courtyards/confirm/", sent).status_code == 302
    assert Courtyard.objects.filter(confirmed_on=clock.today()).count() == 1
    browser(town.lin).post("/ground/courtyards/confirm/", sent)
    assert Courtyard.objects.filter(confirmed_on=clock.today()).count() == 3


def test_closing_shows_what_hangs_on_it(town: Town, ground: Ground) -> None:
    path = f"/ground/grids/{ground.grids[0].code}/close/"
    assert "庭院与网格 2 条" in text_of(town.zhou, path)
    form = {"closed_on": "2026-12-01", "document_no": "魏网〔2026〕8号", "reason": "撤销"}
    assert browser(town.zhou).post(path, form).status_code == 422
    assert Grid.objects.filter(closed_on__isnull=False).count() == 0


# -- rearranging


def test_a_grid_is_split_and_moved_on_pages(town: Town, ground: Ground) -> None:
    grid, one, both = ground.grids[0], ground.courtyards[0], ground.courtyards[2]
    form = {"parts": "2", "name_1": "东", "name_2": "西", f"courtyard_{one.pk}": "1", f"courtyard_{both.pk}": "all"}
    with on("2026-11", 12):
        assert browser(town.zhou).post(f"/ground/grids/{grid.code}/split/", form | NEXT).status_code == 302
        made = Grid.objects.get(code="411002001006-G003")
        move = browser(town.zhou).post(f"/ground/grids/{made.code}/move/", NEXT | {"community": town.jindi.code})
    assert (move.status_code, "同时在别的网格" in move.content.decode()) == (422, True)


def test_a_finding_is_accepted_on_the_page(town: Town, ground: Ground) -> None:
    page = text_of(town.zhou, "/ground/checks/?check=courtyard_unmanaged")
    assert f"/ground/checks/{town.fuhou.code}/accept/" in page
    sent = {"check_name": "courtyard_unmanaged", "subject": ground.courtyards[0].code, "reason": "待拆迁"}
    assert browser(town.zhou).post(f"/ground/checks/{town.fuhou.code}/accept/", sent).status_code == 302
    assert AcceptedException.objects.get().reason == "待拆迁"
    assert "待拆迁" in text_of(town.lin, "/ground/checks/?check=courtyard_unmanaged")


def test_accepted_exceptions_are_listed_and_withdrawn_by_the_street(town: Town, ground: Ground) -> None:
    kept = exception_of(town)
    path, sent = f"/ground/checks/exceptions/{kept.pk}/withdraw/", {"reason": "已移交，不再待拆迁"}
    listed = text_of(town.lin, "/ground/checks/?check=accepted")
    assert ("待拆迁" in listed, "周正" in listed, path in listed) == (True, True, False)
    assert path in text_of(town.zhou, "/ground/checks/?check=accepted")
    answers = [browser(officer).post(path, sent).status_code for officer in (town.lin, town.wu)]
    assert (answers, browser(town.zhou).post(path, {"reason": " "}).status_code) == ([403, 404], 422)
    assert accepted(town) == 1
    assert [browser(town.zhou).post(path, sent).status_code for _ in range(2)] == [302, 409]
    assert (accepted(town), AuditEntry.objects.filter(verb="grids.withdraw_exception").count()) == (0, 1)
    kept.refresh_from_db()
    assert kept.void_reason == "已移交，不再待拆迁"
    assert "待拆迁" not in text_of(town.zhou, "/ground/checks/?check=accepted")


def accepted(town: Town) -> int:
    """Findings of 府后 that count as accepted today."""
    return sum(one.exception is not None for one in findings(clock.today(), [town.fuhou.pk]))


def test_an_exception_of_what_was_mended_still_stands_in_the_list(town: Town, ground: Ground) -> None:
    exception_of(town)
    record_state(actor=town.lin, place=ground.courtyards[0], starts_on=date(2026, 1, 1), changes={"management": "self"})
    assert accepted(town) == 0
    assert "待拆迁" in text_of(town.lin, "/ground/checks/?check=accepted")


def test_places_can_be_ticked_together(town: Town, ground: Ground) -> None:
    page = text_of(town.lin, "/ground/courtyards/")
    assert (page.count("data-choose-all"), page.count("data-choose-group"), "js/choose.js" in page) == (1, 1, True)


def test_the_office_sets_norms(town: Town) -> None:
    form = {"key": "grid_households", "value": "320", "starts_on": "2026-11-01", "basis": "魏组〔2026〕9号"}
    assert browser(town.lin).post("/ground/norms/", form).status_code == 403
    assert browser(town.wang).post("/ground/norms/", form | {"value": "-1"}).status_code == 422
    assert browser(town.wang).post("/ground/norms/", form).status_code == 302
    assert "320" in text_of(town.lin, "/ground/norms/")
    assert date(2026, 11, 1).isoformat() not in text_of(town.chen, "/ground/norms/")
