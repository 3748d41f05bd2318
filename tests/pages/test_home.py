"""The home page answers “现在要办什么” to everybody in her post."""

import pytest
from django.test import Client

from branches.models import Appointment
from core import clock
from scoring.choices import Axis, Outcome
from scoring.selectors.work import community_work, last_result, street_work, task_force_work
from tests.people import Town
from tests.scoring.month import (
    Month,
    level,
    month,
    on,
    open_month,
    play_month,
    report_all,
    review,
    review_all,
    sample_editions,
)

__all__ = ["month"]


def home(client: Client, officer) -> str:
    client.force_login(officer.user)
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("key", ["lin", "zhou", "zheng1", "wang", "reader", "sysadmin", "secadmin", "auditor"])
def test_everybody_has_a_home_before_any_month(client: Client, town: Town, key: str) -> None:
    assert "现在要办什么" in home(client, town.everybody[key])


def test_without_log_in_there_is_no_home(client: Client, db: None) -> None:
    assert client.get("/").status_code == 302


def test_without_an_appointment_she_is_told(client: Client, town: Town) -> None:
    Appointment.objects.filter(person=town.lin.person).update(ends_on=clock.today())
    assert "您目前没有任职" in home(client, town.lin)


def test_a_community_sees_what_is_to_fill_and_until_when(client: Client, month: Month) -> None:
    with on("2026-09", 28):
        page = home(client, month.town.lin)
    assert "填报截止 10月3日" in page
    assert "8 项要填" in page
    assert f"/assessments/{month.assessment().pk}/" in page
    assert "已过截止" not in page


def test_a_deadline_reminds(client: Client, month: Month) -> None:
    with on("2026-09", 36):
        assert "已过截止" in home(client, month.town.lin)


def test_a_community_sees_returns_with_their_reasons(client: Client, month: Month) -> None:
    report_all(month.town, month.period)
    review(month.town, month.item(4), Axis.STREET, Outcome.RETURN, reason="请补充第三次会议的时间。")
    page = home(client, month.town.lin)
    assert "第4项“共建联席会议”被退回" in page
    assert "请补充第三次会议的时间。" in page


def test_a_community_that_has_sent_everything_is_done(client: Client, month: Month) -> None:
    report_all(month.town, month.period)
    assert "已报 9月28日 09:00，本月没有您要办的事了" in home(client, month.town.lin)


def test_a_community_sees_several_open_months_and_its_last_result(client: Client, town: Town) -> None:
    play_month(town, "2026-09", entries={5: level(1)})
    october, november = open_month(town, "2026-10"), open_month(town, "2026-11")
    assert [(work.month, work.to_fill, work.unchanged) for work in community_work(town.fuhou)] == [
        (october.month, 4, 4),
        (november.month, 8, 0),
    ]
    page = home(client, town.lin)
    assert page.index("2026年10月考评") < page.index("2026年11月考评")
    result = last_result(town.fuhou)
    assert (result.place, result.is_tied, result.out_of, result.star_level, str(result.total)) == (
        1,
        True,
        3,
        4,
        "94.00",
    )
    assert ">94.00<" in page
    assert "测算（未定星）" in page


def test_drafts_are_counted_apart(month: Month) -> None:
    item = month.item(2)
    item.draft = level(0)
    item.save()
    work = community_work(month.town.fuhou)[0]
    assert (work.to_fill, work.to_send, work.unchanged, work.is_done) == (7, 1, 0, False)


def test_a_street_sees_its_own_communities(client: Client, month: Month) -> None:
    report_all(month.town, month.period, organisations=[month.town.fuhou, month.town.fangou])
    review(month.town, month.item(4), Axis.STREET, Outcome.RETURN, reason="请补充。")
    review(month.town, month.item(5), Axis.STREET)
    work = street_work(month.town.xida)[0]
    assert [(line.name, line.not_reported, line.to_review, line.returned, line.total) for line in work.lines] == [
        ("金地社区", 8, 0, 0, 8),
        ("府后社区", 0, 6, 1, 8),
    ]
    assert (work.to_review, work.unsigned) == (6, 2)
    page = home(client, month.town.zhou)
    assert "6 项待审核" in page
    assert "樊沟社区" not in page


def test_a_task_force_sees_its_stars_by_track_and_the_gaps(client: Client, month: Month) -> None:
    report_all(month.town, month.period)
    review(month.town, month.item(4), Axis.STREET)
    review(month.town, month.item(4), Axis.TASK_FORCE, Outcome.SET, "6.00", "缺第三次会议。")
    work = task_force_work(month.town.task_forces[1])[0]
    assert [(star.star_name, star.track, star.waiting, star.reviewed, star.gaps) for star in work.stars] == [
        ("共建共享星", "urban", 5, 1, 1),
        ("生态宜居星", "agricultural", 1, 0, 0),
    ]
    page = home(client, month.town.zheng[1])
    assert "5 项待核验" in page
    assert "支部过硬星" not in page


def test_the_office_sees_the_four_counts_and_the_next_act(client: Client, month: Month) -> None:
    report_all(month.town, month.period, organisations=[month.town.fuhou, month.town.jindi])
    review_all(month.town, month.period, organisations=[month.town.fuhou], axes=[Axis.STREET])
    review_all(month.town, month.period, organisations=[month.town.jindi])
    with on("2026-09", 35):
        assert "看进度" in home(client, month.town.wang)
    later = Client()
    with on("2026-09", 40):
        later.force_login(month.town.wang.user)
        answer = later.get("/")
    counts = answer.context["office_months"][0]["desk"].counts
    assert (counts.not_reported, counts.at_street, counts.at_task_force, counts.settled) == (14, 0, 8, 8)
    assert "去关闭本月" in answer.text


def test_a_reader_sees_published_months_only(client: Client, town: Town) -> None:
    play_month(town, "2026-09")
    open_month(town, "2026-10")
    page = home(client, town.reader)
    assert "2026年9月" in page
    assert "要填" not in page


@pytest.mark.parametrize(
    ("key", "word", "foreign"),
    [("sysadmin", "后台任务", "审计链"), ("secadmin", "账号和任职", "审计链"), ("auditor", "审计链", "账号和任职")],
)  # fmt: skip
def test_administrators_see_their_pages_and_no_points(client: Client, month: Month, key, word, foreign) -> None:
    page = home(client, month.town.everybody[key])
    assert word in page
    assert foreign not in page
    assert "考评</h2>" not in page


@pytest.mark.parametrize("editions", [None, "sample"], ids=["8 items", "29 items"])
@pytest.mark.parametrize(
    ("key", "queries"), [("lin", 11), ("zhou", 10), ("zheng2", 11), ("wang", 12), ("reader", 6), ("sysadmin", 7)]
)
def test_home_costs_the_same_queries_whatever_the_month_holds(
    client, town, django_assert_num_queries, editions, key, queries
) -> None:
    period = open_month(town, editions=sample_editions() if editions else None)
    report_all(town, period)
    home(client, town.everybody[key])
    with django_assert_num_queries(queries):
        client.get("/")
