"""The digest: one a person and working day, within hours and a ceiling, handed up when nothing comes of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from branches.acting import Officer
from core import clock
from core.actor import SYSTEM
from core.models import AuditEntry, Job, Notification
from core.services.calendar import seed_calendar
from scoring.calc.reminding import Pace, stage
from scoring.jobs import REMIND, request_reminders
from scoring.models import ProgrammeYear
from scoring.services.reminders import write_digests
from tests.scoring.month import SHANGHAI, Month, month, report_all

__all__ = ["month"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def autumn(month: Month) -> Month:
    """September's report is due on 3 October, inside the holiday: its last working day is 30 September."""
    seed_calendar(actor=SYSTEM, year=2026)
    assert month.period.report_due_on == date(2026, 10, 3)
    return month


def write(day: date, hour: int = 10) -> int:
    with clock.pinned_at(datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)):
        return write_digests()


def texts_of(officer: Officer) -> list[str]:
    return list(Notification.objects.filter(recipient=officer.user).order_by("day").values_list("text", flat=True))


def test_a_community_hears_before_on_and_after_the_date(autumn: Month) -> None:
    for day in (date(2026, 9, 25) + timedelta(days=number) for number in range(20)):
        write(day)
    found = Notification.objects.filter(recipient=autumn.town.lin.user).order_by("day")
    assert [one.day for one in found] == [
        date(2026, 9, 28),
        date(2026, 9, 30),
        date(2026, 10, 8),
        *(date(2026, 10, day) for day in (9, 12)),
    ]
    assert found[0].text == "2026年9月考评：还有 8 项没报，10月3日截止，还有 2 个工作日。"
    assert found[1].text == "2026年9月考评：还有 8 项没报，10月3日截止，今天是最后一个工作日。"
    assert found[2].text == "2026年9月考评：还有 8 项没报，已过截止 1 个工作日。"


def test_whoever_is_done_hears_nothing(autumn: Month) -> None:
    town = autumn.town
    report_all(town, autumn.period, organisations=[town.fuhou])
    write(date(2026, 9, 30))
    assert texts_of(town.lin) == []
    assert len(texts_of(town.chen)) == 1


@pytest.mark.parametrize(
    ("day", "hour"),
    [(date(2026, 9, 30), 8), (date(2026, 9, 30), 17), (date(2026, 10, 1), 10), (date(2026, 9, 26), 10)],
    ids=["too early", "too late", "holiday", "Saturday"],
)
def test_quiet_hours_and_days_off_are_kept(autumn: Month, day: date, hour: int) -> None:
    ProgrammeYear.objects.update(remind_before_days=3)
    assert write(day, hour) == 0
    assert Notification.objects.count() == 0


def test_a_saturday_worked_in_exchange_is_a_working_day(autumn: Month) -> None:
    ProgrammeYear.objects.update(escalate_street_days=3)
    write(date(2026, 10, 10))
    assert "已过截止 3 个工作日" in texts_of(autumn.town.lin)[0]


def test_run_twice_nobody_hears_twice(autumn: Month) -> None:
    first = write(date(2026, 9, 30))
    assert first == Notification.objects.count() > 0
    assert write(date(2026, 9, 30), 14) == 0
    assert Notification.objects.count() == first
    assert AuditEntry.objects.filter(verb="scoring.remind").count() == 1


def test_the_ceiling_of_a_month_is_kept(autumn: Month) -> None:
    ProgrammeYear.objects.update(remind_ceiling=1)
    for day in (8, 9, 10, 12):
        write(date(2026, 10, day))
    assert Notification.objects.filter(recipient=autumn.town.lin.user).count() == 1


def test_it_is_handed_up_to_the_street_secretary_then_to_the_office(autumn: Month) -> None:
    town = autumn.town
    write(date(2026, 10, 9))
    assert texts_of(town.zhou) == ["2026年9月考评：金地社区、府后社区还没报完，已过截止 2 个工作日，请了解有什么困难。"]
    assert (texts_of(town.zhou2), texts_of(town.wang)) == ([], [])
    write(date(2026, 10, 12))
    assert texts_of(town.wang) == ["2026年9月考评：2 个街道的 4 个社区还没报完，已过截止 4 个工作日。"]


def test_reviewers_hear_of_what_lies_with_them(autumn: Month) -> None:
    town = autumn.town
    report_all(town, autumn.period)
    write(autumn.period.street_due_on + timedelta(days=2))  # 8 October, the first working day after 6 October
    assert texts_of(town.zhou) == ["2026年9月考评：还有 16 项待街道审核，已过截止 1 个工作日。"]
    assert texts_of(town.zhou) == texts_of(town.zhou2)
    write(date(2026, 10, 9))
    assert texts_of(town.zheng[0])[-1].endswith("项待专班核验，10月9日截止，今天是最后一个工作日。")


def test_a_missing_table_counts_monday_to_friday(month: Month) -> None:
    write(date(2026, 10, 1))
    assert "10月3日截止，还有 1 个工作日" not in "".join(texts_of(month.town.lin))
    write(date(2026, 10, 2))
    assert "今天是最后一个工作日" in texts_of(month.town.lin)[-1]


def test_the_clock_asks_often_and_the_job_runs_once(autumn: Month, django_capture_on_commit_callbacks) -> None:
    for hour, minute in ((7, 5), (9, 5), (9, 35), (16, 5)):
        with (
            clock.pinned_at(datetime(2026, 9, 30, hour, minute, tzinfo=SHANGHAI)),
            django_capture_on_commit_callbacks(execute=True),
        ):
            request_reminders()
    [job] = Job.objects.filter(kind=REMIND)
    assert (job.state, "写提醒" in job.message) == (Job.State.DONE, True)


def test_the_home_page_shows_it_until_it_is_put_away(autumn: Month) -> None:
    town, client = autumn.town, Client()
    write(date(2026, 9, 30))
    client.force_login(town.lin.user)
    assert "今天是最后一个工作日" in client.get("/").content.decode()
    found = Notification.objects.get(recipient=town.lin.user)
    assert client.post(f"/notifications/{found.pk}/read/", {"next": "/"})["Location"] == "/"
    assert "今天是最后一个工作日" not in client.get("/").content.decode()
    assert "今天是最后一个工作日" in client.get("/notifications/").content.decode()
    client.force_login(town.chen.user)
    assert client.post(f"/notifications/{found.pk}/read/").status_code == 404
    assert "8 项没报" in client.get("/notifications/").content.decode()


@pytest.mark.parametrize("due", [date(2026, 10, 3), date(2026, 10, 9), date(2026, 12, 31)])
def test_every_deadline_has_its_last_day_and_no_two_words_a_day(due: date) -> None:
    pace = Pace(before=2, to_street=2, to_office=4)
    days = [due + timedelta(days=number) for number in range(-10, 15)]
    told = [day for day in days if day.weekday() < 5 and stage(due, day, pace, {}).is_remembered]
    assert len(told) == 5
