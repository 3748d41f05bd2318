"""A page and its list over the API show each person the same rows."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from branches.acting import Officer
from scoring.choices import Visibility
from scoring.models import ProgrammeYear
from tests.api.conftest import Autumn, asking, rows
from tests.people import Town
from tests.scoring.month import (
    close_month,
    open_month,
    points,
    publish_month,
    report_all,
    review_all,
    settle_month,
)

pytestmark = pytest.mark.django_db


def shown(officer: Officer, page: str, link: str) -> list[str]:
    """What the links of the page's main part name, each once, in their order."""
    answer = asking(officer).get(page)
    assert answer.status_code == 200
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return list(dict.fromkeys(re.findall(rf'href="{link}"', main)))


def test_organisations(autumn: Autumn) -> None:
    for officer in autumn.town.everybody.values():
        page = shown(officer, "/organisations/", r"/organisations/([0-9a-zA-Z-]+)/")
        assert sorted(page) == [row["code"] for row in rows(officer, "organisations")]


def test_rubrics(autumn: Autumn) -> None:
    for officer in autumn.town.everybody.values():
        page = shown(officer, "/rubrics/", r"/rubrics/(\d+)/")
        assert sorted(map(int, page)) == sorted(row["id"] for row in rows(officer, "rubrics"))


def test_periods(autumn: Autumn) -> None:
    for officer in autumn.town.everybody.values():
        page = shown(officer, "/periods/", r"/periods/(20\d\d-\d\d)/")
        assert page == [row["month"] for row in rows(officer, "periods")]


def test_ledgers(autumn: Autumn) -> None:
    for officer in autumn.town.everybody.values():
        page = shown(officer, "/ledgers/?month=2026-09", r"/ledgers/([a-z_]+-[\w-]+)/")
        assert page == [row["number"] for row in rows(officer, "ledgers", month="2026-09")]


def test_rankings(autumn: Autumn) -> None:
    for officer in autumn.town.everybody.values():
        page = shown(officer, "/rankings/", r"/rankings/(20\d\d-\d\d)/(?:\?number=\d+)?")
        assert page == [row["month"] for row in rows(officer, "publications")]


def test_an_assessment_is_a_page_exactly_when_it_is_a_row(autumn: Autumn) -> None:
    everything = [row["id"] for row in rows(autumn.town.wang, "assessments")]
    for officer in autumn.town.everybody.values():
        client = asking(officer)
        pages = [pk for pk in everything if client.get(f"/assessments/{pk}/").status_code == 200]
        assert pages == [row["id"] for row in rows(officer, "assessments")]


# -- the ranking, by what the publication allows


@pytest.mark.parametrize("visibility", Visibility.values)
def test_a_ranking_shows_the_rows_of_its_publication(town: Town, visibility: str) -> None:
    published(town, visibility)
    for officer in town.everybody.values():
        found = rows(officer, "publications")
        if found:
            assert table_of(officer) == served(found[0])
        else:
            assert asking(officer).get("/rankings/2026-09/").status_code == 404


@pytest.mark.parametrize(
    ("visibility", "of_the_others"),
    [
        ("off", []),
        ("bands", [(None, False, None, 5), (None, False, None, 5)]),
        ("order", [(1, True, None, 5), (3, False, None, 5)]),
        ("with_points", [(1, True, "100.00", 5), (3, False, "97.50", 5)]),
    ],
)
def test_of_the_others_one_gets_what_the_publication_allows(
    town: Town, visibility: str, of_the_others: list[tuple[object, ...]]
) -> None:
    """陈 of 金地 has her own row whole; 光明 shares her place, 府后 comes after them."""
    published(town, visibility)
    publication = rows(town.chen, "publications")[0]
    told = {
        row["name"]: (row["place"], row["tie"], row["total"], row["star_level"])
        for row in publication["standings"]
        if row["track"] == "urban"
    }
    assert (publication["visibility"], told.pop("金地社区")) == (visibility, (1, True, "100.00", 5))
    assert sorted(told.items()) == list(zip(["光明社区", "府后社区"], of_the_others, strict=False))


def published(town: Town, visibility: str) -> None:
    """September, 府后 2.50 points below the others."""
    period = open_month(town, "2026-09")
    ProgrammeYear.objects.update(visibility=visibility)
    report_all(town, period, organisations=[town.fuhou], entries={1: points("7.50", "按要求开展。")})
    report_all(town, period)
    review_all(town, period)
    settle_month(town, period)
    close_month(town, period)
    publish_month(town, period)


ROW = re.compile(
    r'<td data-label="名次" class="num">(.*?)</td><th scope="row">([^<]+?) ?(?:<span.*?)?</th>'
    r'.*?<td data-label="总分" class="num">(.*?)</td>'
)


Line = tuple[str, int | None, bool, Decimal | None]


def table_of(officer: Officer) -> list[Line]:
    """Name, place, tie and total as the page says them, in its words for the last three."""
    page = asking(officer).get("/rankings/2026-09/").content.decode()
    return [(name, _place(place), "并列" in place, _amount(total)) for place, name, total in ROW.findall(page)]


def served(publication: dict[str, Any]) -> list[Line]:
    return [(row["name"], row["place"], row["tie"], _amount(row["total"])) for row in publication["standings"]]


def _place(text: str) -> int | None:
    digits = re.sub(r"\D", "", text)
    return int(digits) if digits else None


def _amount(text: str | None) -> Decimal | None:
    return Decimal(text) if text and text != "—" else None
