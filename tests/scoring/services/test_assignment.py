"""Duties of a community: set once, in force from a month on, at a post and never at a person."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from branches.choices import Role
from branches.models import Organisation, Position
from branches.services.duties import keep_duty_posts
from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry
from core.selectors.audit import ChainCheck
from scoring.calc.due import Due
from scoring.models import AssessmentItem, TaskAssignment
from scoring.selectors.assignments import duty_table, held_in
from scoring.selectors.work import community_work
from scoring.services.assignment import Duty, assign_tasks
from tests.scoring.month import Month, month, on, report_all

__all__ = ["month"]

SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


@pytest.fixture
def posts(month: Month) -> dict[str, Position]:
    """府后's own posts."""
    with on("2026-09", 26):
        keep_duty_posts(actor=month.town.lin, organisation=month.town.fuhou, titles=["组织委员", "网格员"])
    return {post.title: post for post in Position.objects.filter(organisation=month.town.fuhou, role=Role.DUTY)}


def assign(
    month: Month, duties: dict[str, Duty], *, from_month: date = SEPTEMBER, actor=None, to: Organisation | None = None
) -> int:
    with on("2026-09", 27):
        return assign_tasks(
            actor=actor or month.town.lin,
            organisation=to or month.town.fuhou,
            programme=month.period.programme,
            from_month=from_month,
            duties=duties,
        )


def seen(month: Month, key: str, in_month: date) -> int | None:
    rows = TaskAssignment.objects.filter(organisation=month.town.fuhou, key__code=key).in_force(in_month)
    return rows.values_list("pk", flat=True).first()


def words(month: Month, in_month: date) -> dict[str, str]:
    return {key: held.words for key, held in held_in(month.town.fuhou.pk, in_month).items()}


def test_what_is_set_once_holds_in_every_later_month(month: Month, posts: dict[str, Position]) -> None:
    assert assign(month, {"centre": Duty(posts["组织委员"].pk, Due(31), None)}) == 1
    assert words(month, SEPTEMBER) == {"centre": "组织委员，9月30日前"}
    assert words(month, date(2027, 2, 1)) == {"centre": "组织委员，2月28日前"}
    assert words(month, date(2026, 8, 1)) == {}


def test_a_later_choice_leaves_the_months_before_it(month: Month, posts: dict[str, Position]) -> None:
    assign(month, {"centre": Duty(posts["组织委员"].pk, Due(25), None)})
    new = Duty(posts["网格员"].pk, Due(3, True), seen(month, "centre", NOVEMBER))
    assert assign(month, {"centre": new}, from_month=NOVEMBER) == 1
    assert words(month, OCTOBER) == {"centre": "组织委员，10月25日前"}
    assert words(month, NOVEMBER) == {"centre": "网格员，12月3日前"}
    assert words(month, date(2026, 12, 1)) == {"centre": "网格员，1月3日前"}


def test_the_same_twice_writes_nothing(month: Month, posts: dict[str, Position]) -> None:
    assign(month, {"centre": Duty(posts["组织委员"].pk, Due(25), None)})
    again = Duty(posts["组织委员"].pk, Due(25), seen(month, "centre", SEPTEMBER))
    assert assign(month, {"centre": again, "patrol": Duty(None, None, None)}) == 0
    assert TaskAssignment.objects.count() == 1
    assert AuditEntry.objects.filter(verb="scoring.assign_tasks").count() == 1


def test_a_change_on_an_older_picture_is_refused(month: Month, posts: dict[str, Position]) -> None:
    assign(month, {"centre": Duty(posts["组织委员"].pk, None, None)})
    with pytest.raises(Conflict, match="刚被他人修改"), transaction.atomic():
        assign(month, {"centre": Duty(posts["网格员"].pk, None, None), "patrol": Duty(posts["网格员"].pk, None, None)})
    assert words(month, SEPTEMBER) == {"centre": "组织委员"}


def test_a_month_that_is_over_is_left_alone(month: Month, posts: dict[str, Position]) -> None:
    with pytest.raises(Invalid, match="自2026年9月起"):
        assign(month, {"centre": Duty(posts["组织委员"].pk, None, None)}, from_month=date(2026, 8, 1))


def test_a_post_of_another_community_is_refused(month: Month) -> None:
    foreign = Position.objects.get(organisation=month.town.jindi, role=Role.SECRETARY)
    with pytest.raises(Invalid, match="不是本社区"):
        assign(month, {"centre": Duty(foreign.pk, None, None)})


def test_community_street_and_office_assign_and_nobody_else(month: Month, posts: dict[str, Position]) -> None:
    town = month.town
    for actor, key in ((town.lin2, "centre"), (town.zhou, "patrol"), (town.wang, "culture")):
        assert assign(month, {key: Duty(posts["网格员"].pk, None, None)}, actor=actor) == 1
    for actor in (town.chen, town.wu, town.zheng[0], town.reader, town.sysadmin):
        with pytest.raises(Forbidden):
            assign(month, {"secretary": Duty(posts["网格员"].pk, None, None)}, actor=actor)
        with pytest.raises(Forbidden):
            keep_duty_posts(actor=actor, organisation=town.fuhou, titles=[])


def test_a_closed_post_keeps_its_tasks_and_gets_no_new_ones(month: Month, posts: dict[str, Position]) -> None:
    assign(month, {"centre": Duty(posts["组织委员"].pk, None, None)})
    with on("2026-09", 27):
        keep_duty_posts(actor=month.town.lin, organisation=month.town.fuhou, titles=[])
        table = duty_table(month.town.fuhou, month.period.programme, SEPTEMBER)
    assert words(month, SEPTEMBER) == {"centre": "组织委员"}
    assert [post.label for post in table.posts] == ["书记", "副书记", "组织委员（已停用）"]
    with pytest.raises(Invalid, match="不是本社区现有的岗位"):
        assign(month, {"patrol": Duty(posts["网格员"].pk, None, None)})


@pytest.mark.parametrize(
    ("titles", "message"),
    [
        (["书记"], "已有的岗位"),
        (["长" * 21], "最多 20 字"),
        (["王五 13803741234"], "手机号"),
        (["坏\x00"], "无法识别"),
        ([f"岗位{number}" for number in range(21)], "最多 20 个"),
    ],
)
def test_a_title_that_is_none_is_refused_with_its_line(month: Month, titles: list[str], message: str) -> None:
    with pytest.raises(Invalid, match=message):
        keep_duty_posts(actor=month.town.lin, organisation=month.town.fuhou, titles=titles)
    assert not Position.objects.filter(role=Role.DUTY).exists()


def test_a_day_gone_by_reminds_and_locks_nothing(month: Month, posts: dict[str, Position]) -> None:
    assign(month, {"centre": Duty(posts["组织委员"].pk, Due(28), None), "patrol": Duty(None, Due(27), None)})
    with on("2026-09", 28):
        assert [item.number for item in community_work(month.town.fuhou)[0].overdue] == [5]
    with on("2026-09", 29):
        assert [item.number for item in community_work(month.town.fuhou)[0].overdue] == [5, 2]
    report_all(month.town, month.period, organisations=[month.town.fuhou], numbers=[5], day=30)
    with on("2026-09", 30):
        assert [item.duty for item in community_work(month.town.fuhou)[0].overdue] == ["组织委员，9月28日前"]
    assert AssessmentItem.objects.get(pk=month.item(5).pk).state == "submitted"


def test_rows_are_kept_for_ever_and_proved(month: Month, posts: dict[str, Position]) -> None:
    assign(month, {"centre": Duty(posts["组织委员"].pk, None, None)})
    with pytest.raises(IntegrityError, match="不能修改或删除"), transaction.atomic():
        TaskAssignment.objects.update(due_day=1)
    assert [finding for finding in ChainCheck().findings() if "任务分工" in finding.message] == []
