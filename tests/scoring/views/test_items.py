"""One item with its history, the sentence that explains it, and the community's one objection."""

import pytest
from django.test import Client

from scoring.choices import Axis, Outcome
from scoring.models import Appeal, AssessmentItem, Rating
from scoring.selectors.current import CurrentItem, current_items
from scoring.selectors.explain import explain_item, explain_rating
from scoring.selectors.item_history import item_history
from scoring.services.ruling import rule_item
from tests.scoring.month import (
    Month,
    close_month,
    month,
    not_applicable,
    on,
    points,
    report_all,
    review,
)

__all__ = ["month"]


def current(item: AssessmentItem) -> CurrentItem:
    return current_items(AssessmentItem.objects.filter(pk=item.pk))[0]


def explained(item: AssessmentItem) -> str:
    """The sentence as the page says it, with posts and names."""
    found = current(item)
    return explain_item(found, item_history(found).organisations)


@pytest.fixture
def lowered(month: Month) -> AssessmentItem:
    """府后's item 4: reported 8, agreed by the street, set to 6.5 … by its task force."""
    report_all(month.town, month.period)
    review(month.town, month.item(4), Axis.STREET)
    review(month.town, month.item(4), Axis.TASK_FORCE, Outcome.SET, "6.00", "缺第三次会议。")
    return month.item(4)


@pytest.mark.parametrize(
    ("key", "status"),
    [("lin", 200), ("zhou", 200), ("wang", 200), ("zheng2", 200), ("zheng1", 404), ("chen", 404), ("wu", 404),
     ("reader", 404), ("sysadmin", 404), ("auditor", 404)],
)  # fmt: skip
def test_who_reads_an_item_of_joint_sharing(client: Client, month: Month, key: str, status: int) -> None:
    client.force_login(month.town.everybody[key].user)
    assert client.get(f"/items/{month.item(4).pk}/").status_code == status


def test_the_history_tells_every_act_with_the_old_value(month: Month, lowered: AssessmentItem) -> None:
    with on("2026-09", 40):
        rule_item(actor=month.town.wang, item=lowered, points="7.00", reason="第三次会议有照片。")
    told = [(event.title, event.old, event.new, event.who) for event in item_history(current(lowered)).events]
    assert told == [
        ("报送自评", "", "8 分", "府后社区书记 林晓"),
        ("街道审核：同意", "", "8 分", "西大街道书记 周正"),
        ("专班核验：改分", "8 分", "6 分", "共建共享专班长 郑二"),
        ("区创建办裁定", "6 分", "7 分", "区创建办主任 王立"),
    ]


def test_the_history_keeps_every_round(month: Month) -> None:
    report_all(month.town, month.period)
    review(month.town, month.item(2), Axis.STREET, Outcome.RETURN, reason="请核对面积。")
    report_all(month.town, month.period, day=34)
    told = [(event.title, event.round, event.text) for event in item_history(current(month.item(2))).events]
    assert told == [
        ("报送自评", 1, "达到要求，得 10 分"),
        ("街道审核：退回", 1, "理由：请核对面积。"),
        ("报送自评", 2, "达到要求，得 10 分"),
    ]


def test_one_sentence_says_why_an_item_counts(month: Month, lowered: AssessmentItem) -> None:
    assert explained(lowered) == (
        "第4项“共建联席会议”（满分8分）：自评8分（林晓，府后社区书记，9月28日 09:00：评定 8 分（满分 8 分））；"
        "街道同意（周正，西大街道书记，10月3日 09:00）；"
        "专班改为6分（郑二，共建共享专班长，10月3日 09:00：缺第三次会议）；"
        "街道与专班相差2分，超过1分，待区创建办裁定；暂按专班核验计6分。"
    )
    assert explained(month.item(1)) == (
        "第1项“争当好支书”（满分10分）："
        "自评10分（林晓，府后社区书记，9月28日 09:00：评定 10 分（满分 10 分））；暂按自评计10分。"
    )


def test_one_sentence_for_empty_claimed_and_ruled_items(month: Month) -> None:
    assert explained(month.item(3)) == "第3项“物业服务覆盖”（满分12分）：本月还没有报送，尚未计分。"
    report_all(month.town, month.period, organisations=[month.town.fuhou], numbers=[3], entries={3: not_applicable()})
    assert explained(month.item(3)) == (
        "第3项“物业服务覆盖”（满分12分）：自评不涉及（林晓，府后社区书记，9月28日 09:00：本社区没有这类情况）；"
        "不涉及待审核确认，暂不计分。"
    )
    with on("2026-09", 40):
        rule_item(actor=month.town.wang, item=month.item(3), kind="not_applicable", reason="无物业小区。")
    assert explained(month.item(3)) == (
        "第3项“物业服务覆盖”（满分12分）：自评不涉及（林晓，府后社区书记，9月28日 09:00：本社区没有这类情况）；"
        "区创建办裁定为不涉及（王立，区创建办主任，10月10日 09:00：无物业小区）；按最终认定不涉及，12分退出该星和总分。"
    )


def test_a_returned_item_says_that_it_waits_for_the_community(month: Month) -> None:
    report_all(month.town, month.period, organisations=[month.town.fuhou], numbers=[3])
    review(month.town, month.item(3), Axis.STREET, Outcome.RETURN, reason="请写明小区数。")
    assert explained(month.item(3)) == "第3项“物业服务覆盖”（满分12分）：已退回，还没有重报，尚未计分。"


def test_at_one_moment_a_return_stands_before_the_next_report(month: Month) -> None:
    report_all(month.town, month.period, organisations=[month.town.fuhou], numbers=[3])
    review(month.town, month.item(3), Axis.STREET, Outcome.RETURN, reason="请写明小区数。")
    report_all(month.town, month.period, organisations=[month.town.fuhou], numbers=[3], day=33)
    assert [event.round for event in item_history(current(month.item(3))).events] == [1, 1, 2]


def test_totals_are_explained_with_stars(month: Month) -> None:
    report_all(month.town, month.period, entries={5: {"kind": "points", "value": {"level": 2}, "note": ""}})
    assert explain_rating(Rating.objects.get(assessment=month.assessment()), 2) == (
        "得80分，适用满分100分，总分=80÷100×100=80（四舍五入保留2位小数）；测算达标4颗星："
        "支部过硬星、共建共享星、幸福和谐星、宜业兴业星；未达标：平安法治星（得0/20分，达标线80%，还差16分）；"
        "8项尚未认定，按现有意见暂计。"
    )


def test_a_community_objects_once(client: Client, month: Month, lowered: AssessmentItem) -> None:
    client.force_login(month.town.lin.user)
    assert "申请复核" in client.get(f"/items/{lowered.pk}/").text
    url = f"/items/{lowered.pk}/appeal/"
    assert client.post(url, {"reason": "第三次会议有记录。"}).status_code == 302
    assert Appeal.objects.get().asked_by == month.town.lin.person
    again = client.post(url, {"reason": "再次申请。"})
    assert (again.status_code, Appeal.objects.count()) == (403, 1)
    assert "已经申请过复核" in again.text


@pytest.mark.parametrize("reason", ["", "\u3000", "字" * 501, "\x00", "请打13903741234"])
def test_an_unusable_reason_is_refused_on_the_form(client: Client, month: Month, lowered, reason: str) -> None:
    client.force_login(month.town.lin.user)
    answer = client.post(f"/items/{lowered.pk}/appeal/", {"reason": reason})
    assert (answer.status_code, Appeal.objects.count()) == (422, 0)


@pytest.mark.parametrize(("key", "status"), [("zhou", 403), ("wang", 403), ("zheng2", 403), ("chen", 404)])
def test_nobody_else_objects(client: Client, month: Month, lowered, key: str, status: int) -> None:
    client.force_login(month.town.everybody[key].user)
    assert client.post(f"/items/{lowered.pk}/appeal/", {"reason": "理由"}).status_code == status
    assert Appeal.objects.count() == 0


def test_an_item_that_nobody_lowered_and_a_closed_month_take_no_objection(client: Client, month: Month) -> None:
    report_all(month.town, month.period, organisations=[month.town.fuhou], entries={4: points("5.00")})
    review(month.town, month.item(4), Axis.STREET, Outcome.SET, "6.00", "多一次。")
    client.force_login(month.town.lin.user)
    assert client.post(f"/items/{month.item(4).pk}/appeal/", {"reason": "理由"}).status_code == 403
    review(month.town, month.item(5), Axis.STREET, Outcome.SET, "10.00", "缺记录。")
    close_month(month.town, month.period)
    assert client.post(f"/items/{month.item(5).pk}/appeal/", {"reason": "理由"}).status_code == 403


def test_an_item_costs_the_same_queries_after_one_act_and_after_many(client, month, django_assert_num_queries) -> None:
    report_all(month.town, month.period)
    client.force_login(month.town.lin.user)
    url = f"/items/{month.item(4).pk}/"
    client.get(url)
    with django_assert_num_queries(11):
        client.get(url)
    review(month.town, month.item(4), Axis.STREET)
    review(month.town, month.item(4), Axis.TASK_FORCE)
    with django_assert_num_queries(11):
        client.get(url)
