"""Rule 9: a body is a projection of the publication's content, with a derived number and a stable digest."""

from __future__ import annotations

import pytest

from core.canonical import digest
from ledgers.calc.bodies import body_of, community_body, ranking_body
from ledgers.calc.frame import NotInContent, ledger_number
from ledgers.calc.street_body import street_body
from ledgers.calc.task_force_body import task_force_body
from tests.ledgers import content as sample

NONE = {"none": "无，上月没有公布考评。"}


def row(body: dict, number: int) -> dict:
    return next(one for one in body["rows"] if one["number"] == number)


def fuhou() -> dict:
    return community_body(sample.publication_content(), sample.FUHOU, NONE)


def fangou() -> dict:
    return community_body(sample.publication_content(), sample.FANGOU, NONE)


def test_the_number_is_derived_from_kind_code_month_and_revision() -> None:
    assert ledger_number("community", "411002001006", "2026-10", 1) == "community-411002001006-2026-10-1"
    assert fuhou()["number"] == "community-411002001006-2026-10-1"
    assert ranking_body(sample.publication_content(), sample.DISTRICT, NONE)["number"] == "ranking-411002-2026-10-1"


def test_the_publication_number_is_the_revision() -> None:
    body = community_body(sample.corrected(), sample.FUHOU, NONE)
    assert (body["number"], body["revision"]) == ("community-411002001006-2026-10-2", 2)


def test_the_digests_of_frozen_examples_never_change() -> None:
    """A changed digest means that ledgers issued before could not be projected again: raise the schema instead."""
    bodies = {
        "community": fuhou(),
        "incomplete": fangou(),
        "ranking": ranking_body(sample.publication_content(), sample.DISTRICT, NONE),
        "street": street_body(sample.publication_content(), sample.STREET, NONE),
        "task_force": task_force_body(sample.publication_content(), sample.TASK_FORCE, NONE),
    }
    assert {name: digest(body) for name, body in bodies.items()} == FROZEN


FROZEN = {
    "community": "fad88af957b99ecdef63a1b72a2367aaa1cba947af57042c84fc6f434c63396f",
    "incomplete": "f4bd9f87e14fd7b2eae7d0e617f8c516d2ce3a27b976211ca833b36c0d2c4bca",
    "ranking": "5cf3f86223e4755ec1216c1e6329b4abcbb7894a51bc5c8f340fa3616a85a259",
    "street": "a4d40ab0288439fdaf7ab3b615a78ce4e6b995cd1450960930f077464050592c",
    "task_force": "c3d3512120ebf71388fe0b4f3405ce6fdf27ae37a4837854a3a86a0215cc1d66",
}


def test_the_same_content_gives_the_same_body_whatever_the_order_of_its_keys() -> None:
    content = sample.publication_content()
    turned = dict(reversed(list(content.items())))
    assert digest(community_body(turned, sample.FUHOU, NONE)) == digest(fuhou())


def test_last_months_ledger_changes_the_digest() -> None:
    follows = {"number": "community-411002001006-2026-09-1", "sha256": "a" * 64}
    body = community_body(sample.publication_content(), sample.FUHOU, follows)
    assert body["previous"] == follows
    assert digest(body) != digest(fuhou())


def test_empty_zero_and_not_applicable_are_three_words() -> None:
    assert (row(fuhou(), 4)["final"], row(fuhou(), 5)["final"], row(fangou(), 4)["final"]) == (
        "0.00",
        "不涉及",
        "未报",
    )
    assert row(fangou(), 11)["final"] == "不涉及（待确认）"


def test_a_row_shows_every_voice_and_why() -> None:
    assert row(fuhou(), 3) == {
        "number": 3,
        "star": "支部过硬星",
        "title": "锻造好队伍",
        "standard": row(fuhou(), 3)["standard"],
        "window": "当月",
        "full_points": "3.00",
        "reported": "3.00",
        "street": "1.00",
        "task_force": "3.00",
        "final": "1.50",
        "gap": "2.00",
        "responsible": "组织委员",
        "due": "10月25日",
        "evidence": 0,
        "notes": ["街道：缺两次记录", "两线差距超过1.00分", "裁定：现场核实一次有效"],
        "explanation": row(fuhou(), 3)["explanation"],
        "is_told": True,
    }


def test_last_months_result_taken_over_is_printed_as_such() -> None:
    assert row(fuhou(), 6)["notes"] == ["街道、专班按上月认定，未逐项核验"]
    assert row(fuhou(), 8)["notes"] == []


def test_a_late_report_and_its_note_are_printed() -> None:
    assert row(fuhou(), 2)["notes"] == ["自评：每周二开会，<b>有记录</b>", "迟报"]


def test_an_unsettled_item_is_marked() -> None:
    assert row(fangou(), 11)["notes"] == ["未定"]


def test_a_correction_names_its_document() -> None:
    body = community_body(sample.corrected(), sample.FUHOU, NONE)
    assert row(body, 3)["notes"][-1] == "更正：佐证补正（魏创办〔2026〕9号）"
    assert (body["published"]["second_by"], body["published"]["reason"]) == ("汪二", "第3项佐证补正")


def test_stars_read_in_words() -> None:
    assert [star["verdict"] for star in fuhou()["stars"]] == ["得星", "得星", "未得", "得星", "得星"]
    assert [star["missing"] for star in fuhou()["stars"]] == ["—", "—", "2.00", "—", "—"]
    assert fangou()["stars"][4]["verdict"] == "不评"


def test_a_star_has_its_share_and_its_line_and_an_unrated_one_neither() -> None:
    assert [(star["share"], star["pass_percent"]) for star in fuhou()["stars"][1:3]] == [
        ("87.5", "80.00"),
        ("70.0", "80.00"),
    ]
    assert fangou()["stars"][4]["share"] == "—"


def test_what_is_missing_for_the_next_star_is_as_frozen() -> None:
    assert fuhou()["next_stars"] == [
        {
            "name": "平安法治星",
            "is_reachable": True,
            "missing": "2.00",
            "tasks": "14",
            "text": "平安法治星还差 2 分：第 14 项“三零创建”从 1 分提高到 3 分，即可达标。",
        }
    ]


def test_post_day_and_evidence_are_printed_and_a_dash_where_there_is_none() -> None:
    assert [(row(fuhou(), n)["responsible"], row(fuhou(), n)["due"], row(fuhou(), n)["evidence"]) for n in (1, 29)] == [
        ("组织委员", "10月25日", 1),
        ("—", "—", 2),
    ]


def chain(body: dict) -> list[tuple]:
    return [
        (link["stage"], [(one["who"], one["on"]) for one in link["people"]], link["none"])
        for link in body["signatures"]
    ]


def test_the_chain_of_signatures_names_posts_and_days() -> None:
    forces = "、".join(f"区专班专班长 郑{number}" for number in range(1, 6))
    assert chain(fuhou()) == [
        ("填报", [("社区书记 林晓", "2026年11月3日")], ""),
        ("街道审核", [("西大街道书记 周正", "2026年11月5日")], ""),
        ("街道审签", [("西大街道书记 周正", "2026年11月6日")], ""),
        ("专班核验", [(forces, "2026年11月8日")], ""),
        ("公布", [("区创建办创建办主任 王立", "2026年11月10日")], ""),
    ]
    assert [link["is_sealed"] for link in fuhou()["signatures"]] == [False] * 4 + [True]


def test_a_chain_says_what_is_missing_in_it() -> None:
    assert chain(fangou())[2] == ("街道审签", [], "未审签，或审签后又有变动")
    draft = community_body(sample.trial(), sample.FUHOU, {})
    assert chain(draft)[-1] == ("公布", [], "未公布")


def test_a_correction_is_signed_by_two_and_a_report_by_who_sent_it() -> None:
    content = sample.corrected()
    for item in content["assessments"][1]["items"]:
        item["reported"] |= {"by": "周代", "confirmed_by": "林晓"}
    body = community_body(content, sample.FUHOU, NONE)
    assert chain(body)[0] == ("填报", [("社区书记 林晓", "2026年11月3日")], "")
    assert chain(body)[-1][1] == [("区创建办创建办主任 王立、汪二", "2026年11月20日")]


def test_acts_are_gathered_by_stage_person_day_and_manner() -> None:
    lines = [(act["stage"], act["on"], act["who"], act["how"], act["numbers"]) for act in fuhou()["acts"]]
    assert lines[:3] == [
        ("自评", "2026-11-03", "社区书记 林晓", "填报", "1–29"),
        ("街道审核", "2026-11-05", "西大街道书记 周正", "按上月认定，未逐项核验", "6–7"),
        ("街道审核", "2026-11-05", "西大街道书记 周正", "逐项核验", "1–5、8–29"),
    ]
    assert lines[-2:] == [
        ("最终认定", "2026-11-09", "区创建办创建办主任 王立", "裁定", "3"),
        ("街道审签", "2026-11-06", "西大街道书记 周正", "审签", "全部"),
    ]


def test_the_place_is_printed_as_far_as_the_publication_shows_places() -> None:
    assert fuhou()["place"] == {"place": 1, "is_tied": True, "out_of": 2}
    content = sample.publication_content()
    content["rules"]["visibility"] = "bands"
    assert community_body(content, sample.FUHOU, NONE)["place"] is None
    assert community_body(sample.trial(), sample.FUHOU, {})["place"] is None


def test_ties_share_a_place_and_the_incomplete_stand_below() -> None:
    body = ranking_body(sample.publication_content(), sample.DISTRICT, NONE)
    assert [(table["name"], table["count"]) for table in body["tables"]] == [("城市社区", 2)]
    assert [(one["place"], one["is_tied"], one["name"]) for one in body["tables"][0]["rows"]] == [
        (1, True, "金地社区"),
        (1, True, "府后社区"),
    ]
    assert [(one["name"], one["empty_items"], one["tasks"]) for one in body["incomplete"]] == [("樊沟社区", 2, "4、9")]
    assert [(one["level_words"], one["count"]) for one in body["star_levels"]] == [
        ("五星", 0), ("四星", 2), ("三星", 0), ("二星", 0), ("一星", 0), ("无星", 1),
    ]  # fmt: skip


def test_a_ranking_that_shows_the_order_alone_prints_no_total() -> None:
    content = sample.publication_content()
    content["rules"]["visibility"] = "order"
    rows = ranking_body(content, sample.DISTRICT, NONE)["tables"][0]["rows"]
    assert ["total" in one for one in rows] == [False, False]


def test_one_list_over_both_tracks_is_one_table() -> None:
    content = sample.publication_content()
    content["rules"]["is_ranked_across_tracks"] = True
    content["standings"][0]["track_name"] = "涉农社区"
    body = ranking_body(content, sample.DISTRICT, NONE)
    assert [(table["name"], table["count"]) for table in body["tables"]] == [("全区各类社区", 2)]


@pytest.mark.parametrize("kind", ["community", "ranking"])
def test_a_draft_has_no_number_and_follows_nothing(kind: str) -> None:
    body = body_of(kind, sample.trial(), sample.FUHOU, {})
    assert (body["number"], body["revision"], body["is_draft"], body["published"], body["previous"]) == (
        "", 0, True, None, {},
    )  # fmt: skip


def test_an_organisation_that_was_not_assessed_has_no_ledger() -> None:
    with pytest.raises(NotInContent):
        community_body(sample.publication_content(), "411002999999", NONE)
