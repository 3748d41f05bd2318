"""The page and the interface of a community's indicators: the same rows, the same rights."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grids.calc.indicators import INDICATORS
from tests.grids.registers import registers_of
from tests.people import Town
from tests.scoring.month import on

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 30)
PAGE = "/ground/communities/411002001006/indicators/?on=2026-09-30"
API = "/api/v1/indicators/?organisation=411002001006&on=2026-09-30"


def signed_in(client: Client, town: Town, key: str) -> Client:
    client.force_login(town.everybody[key].user)
    return client


def test_each_indicator_stands_in_each_of_its_windows_with_its_rows(client: Client, town: Town) -> None:
    registers_of(town, town.fuhou, DAY)
    with on("2026-10", 5):
        shown = signed_in(client, town, "lin").get(PAGE).context["shown"]
    assert [one.name for one in shown] == [one.name for one in INDICATORS.values() for _ in one.windows]
    yards = next(one for one in shown if one.name == "managed_courtyard_rate")
    assert (yards.value, [row.words for row in yards.rows.counted]) == ("33.33%", ["第1庭院"])
    assert [row.why for row in yards.rows.others] == ["无人管理", "无人管理"]


@pytest.mark.parametrize(
    ("key", "status"),
    [("lin", 200), ("zhou", 200), ("wang", 200), ("reader", 200), ("chen", 404), ("wu", 404), ("zheng1", 404)],
)
def test_page_and_interface_open_to_the_same_people(client: Client, town: Town, key: str, status: int) -> None:
    registers_of(town, town.fuhou, DAY)
    with on("2026-10", 5):
        signed_in(client, town, key)
        assert (client.get(PAGE).status_code, client.get(API).status_code) == (status, status)


def test_the_interface_gives_exact_text_and_the_ids_behind(client: Client, town: Town) -> None:
    ground = registers_of(town, town.fuhou, DAY)
    with on("2026-10", 5):
        found = signed_in(client, town, "lin").get(API).json()
    [yards] = [one for one in found if one["name"] == "managed_courtyard_rate"]
    rows = yards.pop("rows")
    assert yards == {
        "name": "managed_courtyard_rate",
        "label": "庭院有人管理率",
        "window": "state",
        "on": "2026-09-30",
        "numerator": "1",
        "denominator": "3",
        "value": "33.33",
        "lack": "",
    }
    assert [(row["model"], row["id"], row["counted"]) for row in rows] == [
        ("courtyard", courtyard.pk, place == 0) for place, courtyard in enumerate(ground.courtyards)
    ]


def test_an_empty_register_is_null_and_not_zero(client: Client, town: Town) -> None:
    with on("2026-10", 5):
        found = signed_in(client, town, "lin").get(API).json()
    assert {one["value"] for one in found} == {None}
    assert found[0]["lack"] == "底数中没有登记小区党群服务站"


@pytest.mark.parametrize("query", ["", "?organisation=411002001006&on=2026-13-01", "?on=2026-09-30"])
def test_an_unusable_question_is_refused_in_chinese(client: Client, town: Town, query: str) -> None:
    answer = signed_in(client, town, "lin").get(f"/api/v1/indicators/{query}")
    assert answer.status_code == 400
    assert signed_in(client, town, "lin").get(PAGE.replace("09-30", "13-01")).status_code == 422


def test_the_page_asks_as_often_for_many_rows_as_for_few(client: Client, town: Town) -> None:
    registers_of(town, town.fuhou, DAY)
    with on("2026-10", 5):
        signed_in(client, town, "lin").get(PAGE)
        with CaptureQueriesContext(connection) as few:
            client.get(PAGE)
        registers_of(town, town.jindi, DAY)
        with CaptureQueriesContext(connection) as many:
            client.get(PAGE)
    assert len(few) == len(many) == 23
