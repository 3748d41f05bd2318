"""The rows of the registers over the API: those of the page, at a price that stays, found by day, kind and words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import ROW_RESOURCES, asking, rows
from tests.grids.rows import Rows
from tests.people import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(town: Town) -> Rows:
    return Rows(town)


def shown(officer: Any, slug: str) -> list[int]:
    text = asking(officer).get(f"/ground/registers/{slug}/").content.decode()
    return [int(pk) for pk in re.findall(rf'<a href="/ground/registers/{slug}/(\d+)/"', text)]


@pytest.mark.parametrize("slug", ROW_RESOURCES)
def test_a_page_and_its_resource_show_each_person_the_same_rows(kept: Rows, slug: str) -> None:
    for number in (1, 2):
        kept.row(slug, number)
    hidden = kept.row(slug, 3).pk
    for key in ("lin", "chen", "zhou", "wu", "zheng1", "wang", "reader", "auditor"):
        officer = kept.town.everybody[key]
        found = [row["id"] for row in rows(officer, slug)]
        assert found == shown(officer, slug)
        status = asking(officer).get(f"/api/v1/{slug}/{hidden}/").status_code
        assert status == (200 if hidden in found else 404)


@pytest.mark.parametrize("slug", ROW_RESOURCES)
def test_a_list_costs_the_same_at_one_row_and_at_three(kept: Rows, slug: str) -> None:
    client = asking(kept.keeper(slug))
    costs = []
    for number in (1, 2, 3):
        kept.row(slug, number)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/api/v1/{slug}/").status_code == 200
        costs.append(len(asked))
    assert (costs[1], costs[2] <= 10) == (costs[2], True)


def test_a_row_is_told_by_codes_and_exact_amounts(kept: Rows) -> None:
    kept.row("collective-economies")
    kept.row("service-contracts")
    (year,) = rows(kept.town.lin, "collective-economies")
    assert (year["income"], year["assets"], year["is_published"]) == ("12.50", None, True)
    (contract,) = rows(kept.town.lin, "service-contracts")
    told = [contract[name] for name in ("community", "courtyard", "company", "starts_on", "ends_on")]
    code = kept.town.fuhou.code
    assert told == [code, f"{code}-C001", "安心物业001006", "2022-01-01", "2022-12-31"]


def test_rows_are_found_by_day_kind_community_and_words(kept: Rows) -> None:
    first, second = kept.row("service-contracts", 1), kept.row("service-contracts", 3)
    zhou = kept.town.zhou

    def found(**query: str) -> list[int]:
        return sorted(row["id"] for row in rows(zhou, "service-contracts", **query))

    assert found(on="2022-06-01") == [first.pk]
    assert found(search="第3庭院") == [second.pk]
    assert found(community=kept.town.jindi.code) == []
    assert found(community=kept.town.fuhou.code) == sorted([first.pk, second.pk])
    kept.row("activities")
    assert [len(rows(zhou, "activities", kind=kind)) for kind in ("volunteer", "drill")] == [1, 0]


@pytest.mark.parametrize("query", ["on=2026-13-01", "kind=x", "search=" + "x" * 99, "community=" + "x" * 99])
def test_a_bad_filter_is_400_in_chinese(kept: Rows, query: str) -> None:
    answer = asking(kept.town.lin).get(f"/api/v1/teams/?{query}")
    assert (answer.status_code, bool(re.search("[一-鿿]", str(answer.json())))) == (400, True)


def test_contacts_are_no_resource(kept: Rows) -> None:
    assert asking(kept.town.lin).get("/api/v1/contacts/").status_code == 404
