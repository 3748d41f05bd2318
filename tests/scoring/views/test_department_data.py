"""One task × all communities by a department's sheet: agree or set with the source, all or nothing, rule 5 by row."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from branches.acting import Officer
from branches.choices import Role
from branches.models import Appointment, Position
from scoring.choices import Axis
from scoring.models import AssessmentItem, Review
from scoring.services.report import save_draft, submit_items, withdraw_item
from tests.scoring.month import Month, item_of, level, month, on, report_all

__all__ = ["month"]

URL = "/periods/2026-09/review/data/"
HEAD = {"department": "区委政法委", "title": "九月巡查台账", "day": "2026-09-30", "reading": "points"}
WORDS = "据区委政法委《九月巡查台账》（2026年9月30日）"


@pytest.fixture
def zheng(client: Client, month: Month) -> Client:
    """Leader of the task force of 平安法治; everybody but 光明 has reported full points."""
    town = month.town
    report_all(town, month.period, organisations=[town.fuhou, town.jindi, town.fangou], day=28)
    client.force_login(town.zheng[2].user)
    return client


def send(client: Client, act: str, block: str, **more: Any):
    with on("2026-09", 33):
        return client.post(URL, HEAD | {"act": act, "task": "patrol", "block": block, **more})


def apply(client: Client, block: str, **more: Any):
    page = send(client, "preview", block, **more).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="((?:seen|version-)[^"]*)" value="([^"]*)"', page))
    return send(client, "apply", block, **(more | hidden))


def given(month: Month) -> dict[str, tuple[str, Decimal | None, str, str]]:
    rows = Review.objects.filter(axis=Axis.TASK_FORCE).order_by("revision")
    return {
        row.item.assessment.placement.name: (row.outcome, row.points, row.reason, row.basis)
        for row in rows.select_related("item__assessment__placement")
    }


def test_equal_agrees_and_different_sets_with_the_source(zheng: Client, month: Month) -> None:
    assert apply(zheng, "社区\t得分\n府后社区\t20\n金地社区\t13.5\n樊沟社区\t20").status_code == 302
    assert given(month) == {
        "府后社区": ("agree", Decimal("20.00"), f"{WORDS}。", "department_data"),
        "金地社区": ("set", Decimal("13.50"), f"{WORDS}：得 13.5 分。", "department_data"),
        "樊沟社区": ("agree", Decimal("20.00"), f"{WORDS}。", "department_data"),
    }


def test_the_same_sheet_twice_changes_nothing(zheng: Client, month: Month) -> None:
    apply(zheng, "府后社区\t20\n金地社区\t13.5")
    assert "改动 0 行" in send(zheng, "preview", "府后社区\t20\n金地社区\t13.5").content.decode()
    assert apply(zheng, "府后社区\t20\n金地社区\t14").status_code == 302
    assert Review.objects.count() == 3
    assert given(month)["金地社区"][1] == Decimal("14.00")


def test_a_sheet_may_say_what_was_done_instead_of_points(zheng: Client, month: Month) -> None:
    assert apply(zheng, "府后社区\t部分达到", reading="value").status_code == 302
    assert given(month)["府后社区"][1:3] == (Decimal("14.00"), f"{WORDS}：部分达到，得 14 分。")


def test_ones_own_entry_refuses_the_sheet_and_names_the_row(zheng: Client, month: Month) -> None:
    """Who leads the task force also sits in 金地 and entered there: rule 5 counts persons, not posts."""
    town = month.town
    position = Position.objects.create(organisation=town.jindi, role=Role.DEPUTY_SECRETARY)
    held = Appointment.objects.create(position=position, person=town.zheng[2].person, starts_on=date(2026, 9, 1))
    helper, item = Officer.of(held, organisation_name="金地社区"), item_of(month.period, town.jindi, 5)
    with on("2026-09", 29):
        withdraw_item(actor=town.chen, item=item)
        save_draft(actor=helper, item=item, entry=level(1))
        submit_items(actor=town.chen, assessment=item.assessment)
    page = send(zheng, "preview", "府后社区\t20\n金地社区\t20").content.decode()
    assert "第 2 行第 1 列：不能审核本人填报的事项" in page
    assert send(zheng, "apply", "府后社区\t20\n金地社区\t20", seen="x").status_code == 409
    assert Review.objects.count() == 0


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ("府后社区\t20\n光明社区\t20", "第 2 行第 1 列：该事项本轮尚未报送"),
        ("府后社区\t20.01", "第 1 行第 2 列：分值不能超过满分 20 分"),
        ("府后社区\t4.5分", "第 1 行第 2 列：只填数字"),
        ("府后社区\t85%", "第 1 行第 2 列：请填写分值"),
        ("府后社区\t=1+1", "第 1 行第 2 列：“=1+1”不是分值"),
        ("府后社区\t不涉及", "第 1 行第 2 列：社区没有报不涉及"),
        ("府后社区\t20\n府后社区\t10", "内容不一致"),
        ("月球社区\t20", "没有“月球社区”这个社区"),
        ("府后社区\x00\t20", "无法识别的字符"),
    ],
)
def test_one_fault_keeps_the_whole_sheet_out(zheng: Client, month: Month, block: str, words: str) -> None:
    assert words in send(zheng, "preview", block).content.decode()
    assert send(zheng, "apply", block, seen="x").status_code in (409, 422)
    assert Review.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("department", ""),
        ("department", "长" * 61),
        ("title", "　"),
        ("title", "张三 13803741234"),
        ("day", ""),
        ("day", "2026-13-01"),
        ("day", "2027-01-01"),
        ("day", "0001-01-01"),
    ],
)
def test_a_sheet_without_a_source_is_refused(zheng: Client, month: Month, field: str, text: str) -> None:
    answer = send(zheng, "preview", "府后社区\t20", **{field: text})
    assert (answer.status_code, Review.objects.count()) == (422, 0)
    assert "府后社区\t20" in answer.content.decode()


def test_a_report_withdrawn_since_the_preview_refuses_all(zheng: Client, month: Month) -> None:
    block = "金地社区\t20\n府后社区\t20"
    page = send(zheng, "preview", block).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="((?:seen|version-)[^"]*)" value="([^"]*)"', page))
    AssessmentItem.objects.filter(pk=month.item(5).pk).update(version=99)
    answer = send(zheng, "apply", block, **hidden)
    assert (answer.status_code, Review.objects.count()) == (409, 0)
    assert "府后社区" in answer.content.decode()


def test_only_the_task_force_of_the_star(client: Client, month: Month) -> None:
    town = month.town
    for officer in (town.lin, town.zhou, town.wang, town.reader):
        client.force_login(officer.user)
        assert client.get(URL).status_code == 403
    client.force_login(town.zheng[0].user)
    assert "网格巡查" not in client.get(URL).content.decode()
    assert item_of(month.period, town.fuhou, 5).reviews.count() == 0
