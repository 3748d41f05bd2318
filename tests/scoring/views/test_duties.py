"""The table of duties: saved whole or not at all, one choice for many tasks, the sheet for the wall."""

from __future__ import annotations

import pytest
from django.test import Client

from branches.choices import Role
from branches.models import Position
from branches.services.duties import keep_duty_posts
from scoring.models import TaskAssignment
from tests.scoring.month import Month, month, on

__all__ = ["month"]


@pytest.fixture
def lin(client: Client, month: Month) -> Client:
    with on("2026-09", 26):
        keep_duty_posts(actor=month.town.lin, organisation=month.town.fuhou, titles=["网格员"])
    client.force_login(month.town.lin.user)
    return client


def url(month: Month, end: str = "") -> str:
    return f"/duties/{month.town.fuhou.code}/{end}"


def post_pk(month: Month) -> int:
    return Position.objects.get(organisation=month.town.fuhou, role=Role.DUTY).pk


def fields(**given: str) -> dict[str, str]:
    return {"month": "2026-09", "task-centre-post": "", "task-centre-due": "", "task-centre-seen": ""} | given


def save(client: Client, month: Month, content: dict):
    with on("2026-09", 27):
        return client.post(url(month), content)


def test_one_choice_is_given_to_the_ticked_tasks(lin: Client, month: Month) -> None:
    content = fields(act="apply", **{"all-post": str(post_pk(month)), "all-due": "25"})
    content |= {"task-patrol-post": "", "task-patrol-due": "28", "task-culture-post": "", "task-culture-due": ""}
    answer = save(lin, month, content | {"chosen": ["centre", "patrol"]})
    assert answer.status_code == 302
    rows = TaskAssignment.objects.order_by("key__code").values_list("key__code", "position__title", "due_day")
    assert list(rows) == [("centre", "网格员", 25), ("patrol", "网格员", 25)]


def test_a_choice_without_ticks_says_what_is_missing(lin: Client, month: Month) -> None:
    answer = save(lin, month, fields(act="apply", **{"all-post": str(post_pk(month)), "all-due": ""}))
    assert (answer.status_code, "请先勾选任务" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("task-centre-due", "32"),
        ("task-centre-due", "=1+1"),
        ("task-centre-due", "85%"),
        ("task-centre-due", "\x00"),
        ("task-centre-post", "１２"),
        ("task-centre-post", "99999999999999999999"),
        ("task-centre-post", "999999"),
        ("task-centre-seen", "-1"),
        ("month", "2026-13"),
        ("month", "2020-01"),
        ("month", "0001-01"),
    ],
)
def test_bad_input_keeps_nothing_and_says_so(lin: Client, month: Month, name: str, text: str) -> None:
    good = {"task-patrol-post": str(post_pk(month)), "task-patrol-due": "25", "task-patrol-seen": ""}
    answer = save(lin, month, fields(act="save", **{"task-centre-due": "25"}) | good | {name: text})
    assert (answer.status_code, TaskAssignment.objects.count()) == (422, 0)
    assert "✕" in answer.content.decode()


def test_what_was_typed_comes_back_beside_its_fault(lin: Client, month: Month) -> None:
    page = save(lin, month, fields(act="save", **{"task-centre-due": "四十号"})).content.decode()
    assert "第2项“党群服务阵地“六有””：完成日请写 1 至 31" in page
    assert 'value="四十号"' in page


def test_the_sheet_lists_every_task(lin: Client, month: Month) -> None:
    save(lin, month, fields(act="save", **{"task-centre-post": str(post_pk(month)), "task-centre-due": "月末"}))
    with on("2026-09", 27):
        page = lin.get(url(month, "sheet/")).content.decode()
    assert page.count("未定") == 7
    assert "<td>网格员</td><td>月末</td>" in page


def test_the_list_of_posts_is_the_communitys_own(lin: Client, month: Month) -> None:
    with on("2026-09", 27):
        answer = lin.post(url(month, "posts/"), {"titles": "网格员\r\n\r\n文化专干\r\n网格员"})
    assert answer.status_code == 302
    titles = Position.objects.filter(role=Role.DUTY, closed_on=None).order_by("pk").values_list("title", flat=True)
    assert list(titles) == ["网格员", "文化专干"]


def test_the_report_form_and_the_item_name_the_post(lin: Client, month: Month) -> None:
    save(lin, month, fields(act="save", **{"task-centre-post": str(post_pk(month)), "task-centre-due": "26"}))
    with on("2026-09", 27):
        form = lin.get(f"/assessments/{month.assessment().pk}/").content.decode()
        item = lin.get(f"/items/{month.item(2).pk}/").content.decode()
        home = lin.get("/").content.decode()
    assert '责任岗位：网格员，9月26日前 <span class="badge badge-warn">已过完成日</span>' in form
    assert "责任岗位：网格员，9月26日前" in item
    assert "1 项已过分工的完成日" in home


def test_what_is_past_its_day_stands_first(lin: Client, month: Month) -> None:
    save(lin, month, fields(act="save", **{"task-centre-post": str(post_pk(month)), "task-centre-due": "26"}))
    with on("2026-09", 27):
        rows = lin.get(f"/assessments/{month.assessment().pk}/").context["form"].sections[0].rows
    assert [row.number for row in rows][:3] == [2, 1, 3]
