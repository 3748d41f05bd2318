"""One task × all communities of a street: typed or pasted, previewed, kept as drafts on behalf, all or nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from branches.models import Alias
from scoring.models import AssessmentItem, Report
from scoring.services.report import submit_items
from tests.scoring.month import Month, item_of, month, on, report_all

__all__ = ["month"]

URL = "/periods/2026-09/grid/"


@pytest.fixture
def zhou(client: Client, month: Month) -> Client:
    client.force_login(month.town.zhou.user)
    return client


def send(client: Client, act: str, key: str, block: str = "", **more: Any):
    with on("2026-09", 27):
        return client.post(URL, {"act": act, "task": key, "block": block, **more})


def preview(client: Client, key: str, block: str):
    return send(client, "preview", key, block)


def apply(client: Client, key: str, block: str):
    """What the button under the preview sends."""
    page = preview(client, key, block).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="((?:seen|version-)[^"]*)" value="([^"]*)"', page))
    return send(client, "apply", key, block, **hidden)


def drafts(month: Month, number: int) -> dict[str, Any]:
    rows = AssessmentItem.objects.filter(assessment__period=month.period, task__number=number, draft__isnull=False)
    return {row.assessment.placement.name: row.draft for row in rows.select_related("assessment__placement")}


def value(number: int) -> dict[str, Any]:
    return {"kind": "points", "value": {"level": number}, "note": ""}


def test_a_pasted_sheet_becomes_drafts_on_behalf(zhou: Client, month: Month) -> None:
    block = "社区\t完成情况\t备注\n府后社区\t达到要求\t走访两次\n金地\t14\t\n合计\t34\t\n"
    page = preview(zhou, "patrol", block).content.decode()
    assert "预览：2 行，改动 2 行，问题 0 处" in page
    assert "第 4 行是合计，已略过。" in page
    assert "您本人将不能审核这些事项" in page
    assert block in page.replace("&quot;", '"')
    assert drafts(month, 5) == {}
    assert apply(zhou, "patrol", block).status_code == 302
    assert drafts(month, 5) == {"府后社区": value(0) | {"note": "走访两次"}, "金地社区": value(1)}
    assert month.item(5).draft_by == month.town.zhou.person


def test_both_names_are_kept_when_the_community_sends_it(zhou: Client, month: Month) -> None:
    apply(zhou, "patrol", "府后社区\t20")
    with on("2026-09", 28):
        submit_items(actor=month.town.lin, assessment=month.assessment())
    report = Report.objects.get(item=month.item(5))
    assert (report.entered_by, report.confirmed_by) == (month.town.zhou.person, month.town.lin.person)


def test_the_same_paste_twice_changes_nothing(zhou: Client, month: Month) -> None:
    block = "府后社区\t20\n金地社区\t14"
    apply(zhou, "patrol", block)
    before = [month.item(5).version, month.item(5).draft_at]
    page = preview(zhou, "patrol", block).content.decode()
    assert "改动 0 行" in page
    assert 'value="apply"' not in page
    assert [month.item(5).version, month.item(5).draft_at] == before


def test_a_community_is_known_by_name_alias_and_code(zhou: Client, month: Month) -> None:
    Alias.objects.create(organisation=month.town.jindi, name="金地花园社区")
    block = f"{month.town.fuhou.code}\t20\n金地花园\t14"
    assert apply(zhou, "patrol", block).status_code == 302
    assert drafts(month, 5) == {"府后社区": value(0), "金地社区": value(1)}


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ("府后社区\t4.5分", "第 1 行第 2 列"),
        ("府后社区\t85%", "第 1 行第 2 列"),
        ("府后社区\t=1+1", "第 1 行第 2 列：是公式"),
        ("府后社区\t", "第 1 行第 2 列：单元格是空的"),
        ("府后社区\t14\n光明社区\t20", "第 2 行第 1 列：“光明社区”不在这张表的范围内"),
        ("府后社区\t14\n月球社区\t20", "第 2 行第 1 列：没有“月球社区”这个社区"),
        ("府后社区\t14\n府后\t20", "第 1 行第 1 列：与第 2 行是同一社区，内容不一致"),
        ("1\t府后社区\t14\n2\t金地社区\t一百", "第 2 行第 3 列"),
        ("府后社区\t不涉及", "第 1 行第 2 列：本任务不能选不涉及"),
        ("府后社区\t14\t张三 13803741234", "手机号"),
        ("府后社区\x00\t14", "无法识别的字符"),
        ("   \n ", "请先粘贴"),
        ("\n".join(f"社区{n}\t1" for n in range(201)), "最多 200 行"),
        ("长" * 30_000, "超过 64 KB"),
        ('府后社区\t"14\n金地社区\t20', "没有配对的引号"),
        ("<script>alert(1)</script>\t1", "没有“"),
    ],
)
def test_one_fault_keeps_the_whole_sheet_out_and_names_row_and_column(
    zhou: Client, month: Month, block: str, words: str
) -> None:
    assert words in preview(zhou, "patrol", block).content.decode()
    answer = send(zhou, "apply", "patrol", block, seen="x")
    assert answer.status_code in (409, 422)
    assert drafts(month, 5) == {}


def test_equal_rows_twice_are_one(zhou: Client, month: Month) -> None:
    page = preview(zhou, "patrol", "府后社区\t14\n府后社区\t14").content.decode()
    assert "与第 1 行相同，略过" in page
    assert "问题 0 处" in page


def test_another_text_than_the_previewed_one_is_not_applied(zhou: Client, month: Month) -> None:
    page = preview(zhou, "patrol", "府后社区\t14").content.decode()
    hidden = dict(re.findall(r'type="hidden" name="((?:seen|version-)[^"]*)" value="([^"]*)"', page))
    answer = send(zhou, "apply", "patrol", "府后社区\t20", **hidden)
    assert (answer.status_code, drafts(month, 5)) == (409, {})
    assert "请核对新的预览" in answer.content.decode()


def test_what_was_written_since_the_preview_is_not_overwritten(zhou: Client, month: Month) -> None:
    block = "金地社区\t14\n府后社区\t14"
    page = preview(zhou, "patrol", block).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="((?:seen|version-)[^"]*)" value="([^"]*)"', page))
    AssessmentItem.objects.filter(pk=month.item(5).pk).update(draft=value(2), version=7)
    answer = send(zhou, "apply", "patrol", block, **hidden)
    assert answer.status_code == 409
    assert drafts(month, 5) == {"府后社区": value(2)}


def test_what_is_sent_already_is_refused_by_its_row_unless_it_says_the_same(zhou: Client, month: Month) -> None:
    report_all(month.town, month.period, organisations=[month.town.fuhou], numbers=[5], day=27)
    assert "问题 0 处" in preview(zhou, "patrol", "府后社区\t20").content.decode()
    assert "第 1 行第 2 列：该事项已报送" in preview(zhou, "patrol", "府后社区\t14").content.decode()


def test_the_grid_itself_is_kept_whole_or_not_at_all(zhou: Client, month: Month) -> None:
    fuhou, jindi = month.item(1), item_of(month.period, month.town.jindi, 1)
    typed = {f"cell-{fuhou.pk}": "8.5", f"version-{fuhou.pk}": "0", f"note-{fuhou.pk}": "会议按期"}
    wrong = send(zhou, "save", "secretary", **typed, **{f"cell-{jindi.pk}": "10.5", f"version-{jindi.pk}": "0"})
    assert wrong.status_code == 422
    assert "得分不能超过 10 分" in wrong.content.decode()
    assert 'value="8.5"' in wrong.content.decode()
    assert drafts(month, 1) == {}
    assert send(zhou, "save", "secretary", **typed, **{f"cell-{jindi.pk}": ""}).status_code == 302
    assert drafts(month, 1) == {"府后社区": {"kind": "points", "value": {"points": "8.50"}, "note": "会议按期"}}


def test_only_a_street_enters_for_its_own(client: Client, month: Month) -> None:
    town = month.town
    for officer, status in ((town.lin, 403), (town.zheng[0], 403), (town.wang, 403), (town.reader, 403)):
        client.force_login(officer.user)
        assert client.get(URL).status_code == status
    client.force_login(town.wu.user)
    page = client.get(URL + "?task=patrol").content.decode()
    assert ("光明社区" in page, "府后社区" in page) == (True, False)
