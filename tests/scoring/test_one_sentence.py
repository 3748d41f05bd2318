"""A number is explained in the same words on the page, over the API and in the ledger."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from ledgers.calc.bodies import body_of
from ledgers.calc.frame import Content
from scoring.choices import Axis, Outcome
from scoring.models import Rating
from scoring.selectors.publication_content import trial_content
from scoring.services.ruling import rule_item
from tests.people import Town
from tests.scoring.month import (
    Month,
    close_month,
    level,
    month,
    not_applicable,
    on,
    publish_month,
    report_all,
    review,
    review_all,
    settle_month,
)

__all__ = ["month"]

NONE = {"none": "没有上月台账"}


@pytest.fixture
def told(month: Month) -> Month:
    """府后: a lowered item, a claim ruled, a star lost; 金地 full points."""
    town = month.town
    mixed = {3: not_applicable(), 5: level(1)}
    report_all(town, month.period, organisations=[town.fuhou], entries=mixed)
    report_all(town, month.period, organisations=[town.jindi, town.guangming, town.fangou])
    review(town, month.item(4), Axis.TASK_FORCE, Outcome.SET, "7.00", "缺一次记录。")
    review_all(town, month.period)
    with on("2026-09", 39):
        rule_item(
            actor=town.wang, item=month.item(3), kind="not_applicable", reason="无物业小区。", document_no="纪要1号"
        )
    return month


def body(content: Content, town: Town) -> Content:
    return body_of("community", content, town.fuhou.code, NONE)


def page(town: Town, key: str, address: str) -> str:
    client = Client()
    client.force_login(town.everybody[key].user)
    return unescape(re.sub(r"\s+", " ", client.get(address).content.decode()))


def test_every_item_reads_alike_on_its_page_and_in_the_ledger(told: Month) -> None:
    rows = {row["number"]: row["explanation"] for row in body(trial_content(told.period), told.town)["rows"]}
    for number in range(1, 9):
        assert rows[number] in page(told.town, "lin", f"/items/{told.item(number).pk}/")
    assert rows[4].endswith("按专班核验计7分。")


def test_over_the_api_the_same_is_said_without_names(told: Month) -> None:
    client = Client()
    client.force_login(told.town.lin.user)
    rows = client.get("/api/v1/items/", {"page_size": 100}).json()["results"]
    text = next(row["explanation"] for row in rows if row["task_number"] == 4)
    assert text == (
        "第4项“共建联席会议”（满分8分）：自评8分（9月28日 09:00：评定 8 分（满分 8 分））；街道同意（10月3日 09:00）；"
        "专班改为7分（10月3日 09:00：缺一次记录）；按专班核验计7分。"
    )
    names = [officer.person.name for officer in told.town.everybody.values()]
    assert [name for row in rows for name in names if name in row["explanation"]] == []


def test_total_star_and_place_read_alike_everywhere(told: Month) -> None:
    town = told.town
    settle_month(town, told.period)
    close_month(town, told.period)
    publication = publish_month(town, told.period)
    found = body(publication.data, town)
    place, total = found["explained"]["place"], found["explained"]["total"]
    assert place == "在城市社区3个中第3：总分92.05。"
    assert f"{place}{total}" in page(town, "lin", "/rankings/2026-09/")
    assert total in page(town, "lin", f"/assessments/{told.assessment().pk}/")
    client = Client()
    client.force_login(town.lin.user)
    rating = client.get("/api/v1/ratings/").json()["results"][0]
    assert rating["explanation"] == total
    assert [star["explanation"] for star in rating["stars"]] == [star["explanation"] for star in found["stars"]]
    own = client.get("/api/v1/publications/").json()["results"][0]["standings"]
    assert [row["explanation"] for row in own if row["organisation"] == town.fuhou.code] == [place]


def test_the_sentence_of_a_place_is_not_told_where_points_are_not(told: Month) -> None:
    town = told.town
    told.period.programme.years.update(visibility="order")
    settle_month(town, told.period)
    close_month(town, told.period)
    publish_month(town, told.period)
    client = Client()
    client.force_login(town.lin.user)
    rows = client.get("/api/v1/publications/").json()["results"][0]["standings"]
    assert [row["organisation"] for row in rows if row["explanation"]] == [town.fuhou.code]


def test_paper_names_nobody_whom_its_acts_do_not_name(told: Month) -> None:
    found = body(trial_content(told.period), told.town)
    acts = "".join(act["who"] + act["how"] for act in found["acts"])
    texts = "".join(row["explanation"] for row in found["rows"])
    names = {officer.person.name for officer in told.town.everybody.values()}
    assert {name for name in names if name in texts} <= {name for name in names if name in acts}


def test_paper_tells_the_items_with_a_story(told: Month) -> None:
    found = body(trial_content(told.period), told.town)
    assert [row["number"] for row in found["rows"] if row["is_told"]] == [3, 4]
    assert Rating.objects.get(assessment=told.assessment()).total is not None
