"""The API of ledgers: the rows of the page, read only."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from ledgers.models import Ledger
from tests.ledgers.conftest import ALL_LEDGERS
from tests.people import Town

pytestmark = pytest.mark.django_db
FUHOU = "community-411002001006-2026-09-1"


def rows(officer: Any, query: str = "") -> list[dict[str, Any]]:
    client = Client()
    client.force_login(officer.user)
    answer = client.get(f"/api/v1/ledgers/{query}")
    assert answer.status_code == 200
    return answer.json()["results"]


def test_everybody_gets_the_rows_of_her_page(town: Town, issued: list[Ledger]) -> None:
    for officer in town.everybody.values():
        seen = set(Ledger.objects.visible_to(officer.user).values_list("number", flat=True))
        assert {row["number"] for row in rows(officer)} == seen


def test_a_row(town: Town, issued: list[Ledger]) -> None:
    ledger = Ledger.objects.get(number=FUHOU)
    row = next(row for row in rows(town.lin) if row["number"] == FUHOU)
    issued_at = row.pop("issued_at")
    assert row == {
        "number": FUHOU,
        "kind": "community",
        "organisation": "411002001006",
        "organisation_name": "府后社区",
        "street": "411002001",
        "month": "2026-09",
        "revision": 1,
        "body_sha256": ledger.body_sha256,
        "superseded": False,
        "pdf": f"/ledgers/{FUHOU}/pdf/",
        "xlsx": f"/ledgers/{FUHOU}/xlsx/",
    }
    assert issued_at.startswith(f"{ledger.at:%Y}")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?month=2026-09", ALL_LEDGERS),
        ("?month=2026-10", 0),
        ("?kind=ranking", 1),
        ("?organisation=411002001006", 1),
        ("?street=411002001", 3),
        ("?revision=2", 0),
        ("?superseded=true", 0),
        ("?superseded=false", ALL_LEDGERS),
    ],
)
def test_filters(town: Town, issued: list[Ledger], query: str, count: int) -> None:
    assert len(rows(town.wang, query)) == count


@pytest.mark.parametrize("query", ["?month=2026-13", "?month=0000-01", "?kind=x", "?revision=-1", "?revision=1e9"])
def test_a_bad_filter_is_400(town: Town, issued: list[Ledger], query: str) -> None:
    client = Client()
    client.force_login(town.wang.user)
    assert client.get(f"/api/v1/ledgers/{query}").status_code == 400


def test_detail_and_nothing_but_reading(town: Town, issued: list[Ledger]) -> None:
    client = Client()
    client.force_login(town.lin.user)
    assert client.get(f"/api/v1/ledgers/{FUHOU}/").json()["number"] == FUHOU
    assert client.get("/api/v1/ledgers/community-411002001001-2026-09-1/").status_code == 404
    assert [getattr(client, verb)(f"/api/v1/ledgers/{FUHOU}/").status_code for verb in ("post", "put", "delete")] == [
        405
    ] * 3


def test_the_list_costs_the_same_at_one_and_at_five_rows(
    town: Town, issued: list[Ledger], django_assert_max_num_queries: Any
) -> None:
    client = Client()
    client.force_login(town.wang.user)
    client.get("/api/v1/ledgers/")
    with django_assert_max_num_queries(8) as one:
        client.get("/api/v1/ledgers/?kind=ranking")
    with django_assert_max_num_queries(8) as five:
        client.get("/api/v1/ledgers/")
    assert len(one) == len(five)
