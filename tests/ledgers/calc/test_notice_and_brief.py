"""通报 and 简报 print what the publication lets everybody see, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from core.canonical import digest
from ledgers.calc.brief_body import brief_body
from ledgers.calc.frame import is_read_by_all
from ledgers.calc.notice_body import notice_body
from tests.ledgers import content as sample

NONE = {"none": "无，上月没有公布考评。"}


def with_visibility(visibility: str, **changes: Any) -> dict[str, Any]:
    content = sample.publication_content(**changes)
    content["rules"]["visibility"] = visibility
    return content


def notice(visibility: str = "with_points") -> dict[str, Any]:
    return notice_body(with_visibility(visibility), sample.DISTRICT, NONE)


def brief(visibility: str = "with_points", **changes: Any) -> dict[str, Any]:
    return brief_body(with_visibility(visibility, **changes), sample.DISTRICT, NONE)


def test_the_digests_of_frozen_examples_never_change() -> None:
    assert {"notice": digest(notice()), "brief": digest(brief())} == {
        "notice": "860ca7b1d1a9423ccedd2206e47bb020abddbc217c8a4b104c876fb0525bb8fd",
        "brief": "160ebc6c08b458b2dad6539408ed61c0b5e1f3037072f6e58ff1a9f85f21b862",
    }


def test_the_text_is_the_signed_one_line_by_line() -> None:
    body = notice()
    assert (body["number"], body["title"]) == (
        "notice-411002-2026-10-1",
        "关于2026年10月“五星”支部创建考评排名的通报",
    )
    assert (body["addressees"], body["closing"], body["issuer"]) == (
        ["各街道党工委，各社区党组织："],
        ["请补齐短板。"],
        "区创建办",
    )
    assert body["text"] == [
        "按照工作安排，现将考评情况通报如下。",
        "全区 3 个社区。",
        "城市社区 2 个。",
        "由社区自评、街道审核、专班核验。",
    ]


def test_with_points_the_table_has_them_with_the_order_it_has_places_alone() -> None:
    full = notice()["tables"][0]["rows"][0]
    assert full == {
        "place": 1, "is_tied": True, "organisation": sample.JINDI, "name": "金地社区", "street_name": "西大街道",
        "total": "85.50", "level_words": "四星",
    }  # fmt: skip
    assert sorted(notice("order")["tables"][0]["rows"][0]) == [
        "is_tied", "name", "organisation", "place", "street_name",
    ]  # fmt: skip
    assert notice("order")["tables"][0]["shows_points"] is False


def test_with_bands_there_are_levels_by_code_without_a_place() -> None:
    body = notice("bands")
    assert body["tables"] == []
    assert body["bands"] == [{"name": "城市社区", "rows": [{"level_words": "四星", "units": ["金地社区", "府后社区"]}]}]
    assert [row["name"] for row in body["incomplete"]] == ["樊沟社区"]


def test_switched_off_it_names_nobody() -> None:
    body = notice("off")
    assert (body["tables"], body["bands"], body["incomplete"], body["rule"]) == ([], [], [], "")


def test_the_table_says_how_ties_are_told() -> None:
    assert notice()["rule"] == "按总分排名，同分并列，下一名次顺延；城市社区、涉农社区分别排名。"


def test_a_draft_shows_what_would_be_published_without_number_and_date() -> None:
    body = notice_body(sample.trial(), sample.DISTRICT, {})
    assert (body["number"], body["is_draft"], body["published"]) == ("", True, None)
    assert len(body["tables"][0]["rows"]) == 2


def test_the_brief_counts_levels_and_stars() -> None:
    body = brief()
    assert body["levels"][1] == {"level_words": "四星", "count": 2}
    assert body["stars"][0] == {"name": "支部过硬星", "won": 2, "rated": 3, "gained": 1, "lost": 0}
    assert body["sentence"] == "2026年10月测算四星 2、无星 1。"


def test_the_brief_names_who_moved_most_and_why() -> None:
    assert [(one["name"], one["moved"], one["level"], one["why"]) for one in brief()["movers"]] == [
        ("府后社区", "第3→第1（升2位）", "三星→四星", "支部过硬星 +1：第3项 +1.5")
    ]


@pytest.mark.parametrize(
    ("visibility", "told"),
    [
        ("order", [("第3→第1（升2位）", "三星→四星", "")]),
        ("bands", [("", "三星→四星", "")]),
        ("off", []),
    ],
)
def test_the_brief_hides_what_the_publication_hides(visibility: str, told: list[tuple[str, ...]]) -> None:
    assert [(one["moved"], one["level"], one["why"]) for one in brief(visibility)["movers"]] == told


def test_without_a_month_before_there_is_nothing_to_compare() -> None:
    body = brief(previous=None, changes=[])
    assert (body["compared"], body["movers"]) == ("", [])


def test_everybody_reads_the_notice_the_brief_only_with_the_places() -> None:
    read = {kind: [is_read_by_all(kind, with_visibility(one)) for one in ("off", "bands", "order")] for kind in KINDS}
    assert read == {
        "notice": [True, True, True],
        "brief": [False, False, True],
        "ranking": [False, False, True],
        "community": [False, False, False],
    }


KINDS = ("notice", "brief", "ranking", "community")
