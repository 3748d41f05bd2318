"""The working-day table: seeded from what ships, kept by the system administrator, loud about what is missing."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from core.actor import SYSTEM
from core.errors import Conflict, Invalid
from core.models import AuditEntry, SpecialDay
from core.selectors.calendar import calendar_warning, special_days
from core.services.calendar import seed_calendar, set_special_day
from tests.people import Town

pytestmark = pytest.mark.django_db


def test_a_year_is_filled_in_with_its_exchanged_days() -> None:
    added = seed_calendar(actor=SYSTEM, year=2026)
    october = special_days(date(2026, 10, 1), date(2026, 10, 31))
    assert october == {date(2026, 10, day): False for day in (1, 2, 5, 6, 7)} | {date(2026, 10, 10): True}
    assert SpecialDay.objects.get(day=date(2026, 10, 10)).name == "国庆节调休"
    assert added == SpecialDay.objects.count() == len(special_days(date(2026, 1, 1), date(2026, 12, 31)))


def test_filling_in_again_leaves_what_was_changed_by_hand() -> None:
    set_special_day(actor=SYSTEM, day=date(2026, 10, 8), is_working=False, name="本地放假")
    set_special_day(actor=SYSTEM, day=date(2026, 10, 1), is_working=True, name="值班")
    seed_calendar(actor=SYSTEM, year=2026)
    before = AuditEntry.objects.count()
    assert seed_calendar(actor=SYSTEM, year=2026) == 0
    assert AuditEntry.objects.count() == before
    assert SpecialDay.objects.get(day=date(2026, 10, 1)).is_working is True
    assert SpecialDay.objects.get(day=date(2026, 10, 8)).name == "本地放假"


def test_a_year_the_list_does_not_know_is_refused_in_words() -> None:
    with pytest.raises(Conflict, match="2027 年的请按国务院办公厅通知逐日登记"):
        seed_calendar(actor=SYSTEM, year=2027)


@pytest.mark.parametrize("name", ["", "　", "长" * 41, "a\x00"])
def test_a_day_needs_a_name(name: str) -> None:
    with pytest.raises(Invalid):
        set_special_day(actor=SYSTEM, day=date(2027, 1, 1), is_working=False, name=name)


def test_what_is_missing_is_said() -> None:
    assert "2026 年的节假日和调休还没有登记" in calendar_warning(date(2026, 6, 1))
    seed_calendar(actor=SYSTEM, year=2026)
    assert calendar_warning(date(2026, 6, 1)) == ""
    assert calendar_warning(date(2026, 12, 20)).startswith("2027 年")


def test_the_page_keeps_a_day_and_the_jobs_page_says_what_is_missing(town: Town) -> None:
    client = Client()
    client.force_login(town.sysadmin.user)
    assert "周一至周五为工作日计算" in client.get("/jobs/").content.decode()
    answer = client.post("/calendar/", {"day": "2027-01-01", "is_working": "no", "name": "元旦"})
    assert (answer.status_code, answer["Location"]) == (302, "/calendar/?year=2027")
    assert "元旦" in client.get("/calendar/?year=2027").content.decode()
    assert client.post("/calendar/", {"day": "2027-02-30", "is_working": "no", "name": "x"}).status_code == 422
    client.post("/calendar/seed/", {"year": "2026"})
    assert SpecialDay.objects.filter(day__year=2026).count() > 20
    assert AuditEntry.objects.filter(verb__in=["core.set_special_day", "core.seed_calendar"]).count() == 2


def test_the_command_takes_a_named_system_administrator(town: Town) -> None:
    call_command("seed_calendar", "--year", "2026", "--as", "sysadmin", verbosity=0)
    assert SpecialDay.objects.exists()
    with pytest.raises(CommandError):
        call_command("seed_calendar", "--year", "2026", "--as", "office", verbosity=0)
