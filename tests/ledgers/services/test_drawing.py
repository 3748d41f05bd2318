"""The print: every page carries its label and number, nothing is a box, text is never markup."""

from __future__ import annotations

import io
import re
from functools import cache

import pytest
from pypdf import PdfReader

from core.canonical import digest
from core.errors import Invalid
from ledgers.calc.bodies import community_body, ranking_body
from ledgers.calc.brief_body import MOVERS, brief_body
from ledgers.calc.items_body import items_body
from ledgers.calc.pdf_marks import marks_of
from ledgers.calc.street_body import street_body
from ledgers.calc.task_force_body import task_force_body
from ledgers.services import drawing
from tests.ledgers import content as sample

NONE = {"none": "无，上月没有公布考评。"}
ESTIMATE = "测算（未定星）"
CODE = "0123456789abcdef"


def stamp(body: dict) -> drawing.Stamp:
    return drawing.Stamp(digest(body), "" if body["is_draft"] else CODE)


@cache
def drawn(name: str) -> bytes:
    body = bodies()[name]
    return drawing.draw(body, stamp(body))


def bodies() -> dict[str, dict]:
    return {
        "community": community_body(sample.publication_content(), sample.FUHOU, NONE),
        "incomplete": community_body(sample.publication_content(), sample.FANGOU, NONE),
        "ranking": ranking_body(sample.publication_content(), sample.DISTRICT, NONE),
        "street": street_body(sample.publication_content(), sample.STREET, NONE),
        "task_force": task_force_body(sample.publication_content(), sample.TASK_FORCE, NONE),
        "items": items_body(sample.publication_content(), sample.DISTRICT, NONE),
        "community draft": community_body(sample.trial(), sample.FUHOU, {}),
        "ranking draft": ranking_body(sample.trial(), sample.DISTRICT, {}),
    }


def pages(name: str) -> list[str]:
    """The text of each page without spaces and line breaks."""
    return [re.sub(r"\s+", "", page.extract_text()) for page in PdfReader(io.BytesIO(drawn(name))).pages]


def fonts(name: str) -> set[str]:
    found = set()
    for page in PdfReader(io.BytesIO(drawn(name))).pages:
        for font in page["/Resources"]["/Font"].values():
            found.add(font.get_object()["/BaseFont"].rpartition("+")[2])
    return found


def test_every_item_star_and_mark_is_on_paper() -> None:
    text = "".join(pages("community"))
    titles = [row["title"] for row in bodies()["community"]["rows"]]
    assert [title for title in titles if title not in text] == []
    assert len(titles) == 29
    assert text.count("得星") == 4
    assert "平安法治星☆未得70.0%14.00/20.002.00" in text
    assert f"四星{ESTIMATE}" in text


def test_the_three_words_are_on_paper() -> None:
    assert "3.00不涉及不涉及不涉及不涉及0.00组织委员" in "".join(pages("community"))
    assert "3.00未报未审未审未报" in "".join(pages("incomplete"))


def test_the_table_of_items_has_every_value_and_every_task_on_paper() -> None:
    text = "".join(pages("items"))
    assert [name in text for name in ("金地社区", "府后社区", "樊沟社区", "西大街道", "五一路街道")] == [True] * 5
    assert "331.50不涉333" in text
    assert "29.闲置资源盘活（3.00分）" in text
    assert (text.count("未报") - 1, text.count("待确") - 2) == (2, 1)


def test_the_brief_is_one_page_however_much_moved() -> None:
    body = brief_body(
        sample.publication_content(), sample.DISTRICT, {"number": "brief-411002-2026-09-1", "sha256": "a" * 64}
    )
    body["movers"] = [
        {
            "name": "府后社区",
            "street_name": "西大街道",
            "moved": "第58→第22（升36位）",
            "level": "二星→三星",
            "why": "支部过硬星 +1.5 分：第2项 +1，第5项 +0.5；平安法治星 +1 分：第14项 +3，第15项 −2，另 2 项",
        }
    ] * (2 * MOVERS)
    body["sentence"] = (
        "2026年10月测算四星 6、三星 24、二星 52、一星 7；较上月五星 −1、四星 +1，星级为测算，未定星。" * 4
    )
    body["stars"] = body["stars"][:8]
    content = drawing.draw(body, stamp(body))
    assert (len(body["stars"]), len(PdfReader(io.BytesIO(content)).pages)) == (8, 1)


def test_last_months_result_is_printed_as_such() -> None:
    assert "街道、专班按上月认定，未逐项核验" in "".join(pages("community"))


@pytest.mark.parametrize(
    "name", ["community", "incomplete", "ranking", "street", "task_force", "community draft", "ranking draft"]
)
def test_every_page_carries_label_title_and_estimate(name: str) -> None:
    found = pages(name)
    title = re.sub(r"\s+", "", bodies()[name]["title"])
    assert [sample.LABEL in page for page in found] == [True] * len(found)
    assert [title in page for page in found] == [True] * len(found)
    assert ESTIMATE in found[0]


@pytest.mark.parametrize("name", ["community", "ranking", "items", "street", "task_force"])
def test_every_page_of_a_ledger_carries_number_and_digest(name: str) -> None:
    body = bodies()[name]
    marks = [body["number"] in page and digest(body) in page for page in pages(name)]
    assert marks == [True] * len(marks)


@pytest.mark.parametrize("name", ["community draft", "ranking draft"])
def test_every_page_of_a_draft_is_watermarked_and_has_no_number(name: str) -> None:
    found = pages(name)
    assert [page.count("送审稿") >= 2 for page in found] == [True] * len(found)
    assert [page for page in found if "编号" in page or "-2026-10-" in page] == []


def test_a_ledger_has_no_watermark() -> None:
    assert [page for page in pages("community") if "送审稿" in page] == []


def test_the_head_of_the_table_repeats_and_pages_are_numbered() -> None:
    found = pages("community")
    assert len(found) >= 3
    assert "序号星任务标准满分自评街道专班认定差距责任岗位完成时限佐证说明、理由" in found[1]
    assert [f"—{number}—" in page for number, page in enumerate(found, 1)] == [True] * len(found)


def test_a_community_lies_across_and_a_ranking_stands() -> None:
    wide = PdfReader(io.BytesIO(drawn("community"))).pages[0].mediabox
    tall = PdfReader(io.BytesIO(drawn("ranking"))).pages[0].mediabox
    assert (round(wide.width), round(wide.height)) == (842, 595)
    assert (round(tall.width), round(tall.height)) == (595, 842)


@pytest.mark.parametrize("name", ["community", "ranking", "items", "street", "task_force"])
def test_only_chinese_fonts_are_embedded_and_nothing_is_a_box(name: str) -> None:
    assert fonts(name) == {"Noto-Sans-SC", "Noto-Serif-SC"}
    assert "\ufffd" not in "".join(pages(name))


@pytest.mark.parametrize("name", ["community", "incomplete", "street", "task_force", "community draft"])
def test_signatures_stay_together_and_never_alone(name: str) -> None:
    """The last one is the publisher's, with the room for the seal; text of the ledger stands above them."""
    signed = [page for page in pages(name) if "（盖章）" in page]
    stages = [link["stage"] for link in bodies()[name]["signatures"]]
    assert [all(stage in page for stage in stages) for page in signed] == [True]
    before = signed[0].partition("".join(stages))[0]
    said = "本件为送审稿" if bodies()[name]["is_draft"] else "公布：区创建办创建办主任王立，2026年11月10日"
    assert ("附件：" in before, said in before) == (True, True)


def test_ties_incomplete_ones_and_the_rule_stand_in_the_ranking() -> None:
    text = "".join(pages("ranking"))
    assert text.count("1（并列）") == 2
    assert "樊沟社区五一路街道涉农社区2项（第4、9项）" in text
    assert "注：按总分排名，同分并列，下一名次顺延" in text
    assert "2026年11月10日" in text


def test_text_is_never_markup() -> None:
    body = community_body(sample.publication_content(), sample.FUHOU, NONE)
    body["rows"][0]["notes"] = ["<script>alert(1)</script>", "{{7*7}}", "</td></table>", "a & b"]
    html = drawing.document_html(body, drawing.Stamp("0" * 64, CODE))
    assert "<script" not in html
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(drawing.draw(body))).pages))
    assert "<script>alert(1)</script>；{{7*7}}；</td></table>；a&b" in text


def test_a_head_cannot_break_out_of_its_attribute() -> None:
    body = community_body(sample.publication_content(), sample.FUHOU, NONE)
    body["organisation"]["name"] = '府后" onload="x'
    assert 'onload="' not in drawing.document_html(body)


def test_the_same_body_gives_the_same_bytes() -> None:
    body = bodies()["ranking"]
    assert drawing.draw(body, stamp(body)) == drawn("ranking")


def test_a_character_no_font_has_is_refused_by_name() -> None:
    body = community_body(sample.publication_content(), sample.FUHOU, NONE)
    body["rows"][0]["notes"] = ["\U0001f600"]
    with pytest.raises(Invalid) as refusal:
        drawing.draw(body)
    assert refusal.value.message.startswith(
        "台账 community-411002001006-2026-10-1：字体中缺少字符 “\U0001f600”（U+1F600）"
    )


def test_a_ledger_carries_its_code_and_a_picture_a_draft_neither() -> None:
    assert CODE in "".join(pages("community"))
    assert 'class="qr"' in drawing.document_html(bodies()["street"], stamp(bodies()["street"]))
    assert 'class="qr"' not in drawing.document_html(bodies()["community draft"])


def test_the_picture_leads_to_the_portal_where_it_has_an_address(settings) -> None:  # type: ignore[no-untyped-def]
    bare = drawing.qr_picture(CODE)
    settings.PUBLIC_URL = "http://10.1.2.3"
    assert drawing.qr_picture(CODE) != bare
    assert drawing.qr_picture("") == ""


@pytest.mark.parametrize("name", ["community", "ranking", "items", "street", "task_force"])
def test_the_file_says_which_ledger_it_is(name: str) -> None:
    assert marks_of(drawn(name)).numbers[0] == bodies()[name]["number"]
