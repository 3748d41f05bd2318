"""The security administrator's pages."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from branches.choices import Right
from branches.models import Appointment, Person
from branches.permissions import has_right
from core.models import AuditEntry, User
from tests.people import PASSWORD, Town

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def admin(town: Town, client: Client) -> Client:
    client.force_login(town.secadmin.user, backend=BACKEND)
    return client


def one_time_password(html: str) -> str:
    return re.search(r"<code>([^<]+)</code>", html)[1]  # type: ignore[index]


def test_everybody_is_listed_with_her_post(town: Town, admin: Client) -> None:
    html = admin.get("/accounts/").content.decode()
    assert html.count('scope="row"') == 18
    assert "府后社区书记" in html
    found = admin.get("/accounts/", {"q": "street-001"}).content.decode()
    assert found.count('scope="row"') == 2


def test_the_same_queries_at_ten_times_the_rows(town: Town, admin: Client) -> None:
    admin.get("/accounts/")
    with CaptureQueriesContext(connection) as small:
        admin.get("/accounts/")
    Person.objects.bulk_create(Person(name=f"某{n}") for n in range(200))
    with CaptureQueriesContext(connection) as large:
        admin.get("/accounts/")
    assert len(large) == len(small) <= 12


def test_a_new_account_signs_in_with_the_password_shown_once(town: Town, admin: Client) -> None:
    form = {
        "name": "宋新",
        "work_phone": "0374-2988009",
        "username": "community-001001-2",
        "organisation": "411002001001",
        "role": "clerk",
        "starts_on": "2026-01-01",
    }
    answer = admin.post("/accounts/new/", form)
    password = one_time_password(answer.content.decode())
    person = Person.objects.get(name="宋新")
    assert password not in admin.get(f"/accounts/{person.pk}/").content.decode()
    assert (
        Client().post("/login/", {"username": "community-001001-2", "password": password})["Location"] == "/password/"
    )
    again = admin.post("/accounts/new/", form)
    assert again.status_code == 422
    assert "已被使用" in again.content.decode()
    assert Person.objects.filter(name="宋新").count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"organisation": "9"}, "没有这个代码"),
        ({"role": "task_force_leader"}, "不设这个岗位"),
        ({"username": "宋"}, "账号以小写字母开头"),
        ({"name": " "}, "必填"),
        ({"work_phone": "电话"}, "工作电话只能"),
    ],
)
def test_a_new_account_with_faults(town: Town, admin: Client, changes: dict, words: str) -> None:
    form = {
        "name": "宋新",
        "username": "song",
        "organisation": "411002001001",
        "role": "clerk",
        "starts_on": "2026-01-01",
    }
    answer = admin.post("/accounts/new/", form | changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Person.objects.count() == 18
    assert not AuditEntry.objects.exists()


def test_disable_enable_and_reset(town: Town, admin: Client) -> None:
    page = f"/accounts/{town.lin.person.pk}"
    assert admin.post(f"{page}/active/", {"to": "disable", "reason": ""}).status_code == 422
    assert admin.post(f"{page}/active/", {"to": "disable", "reason": "离岗"}).status_code == 302
    assert not User.objects.get(pk=town.lin.user.pk).is_active
    assert "已是停用" in admin.post(f"{page}/active/", {"to": "disable", "reason": "离岗"}).content.decode()
    admin.post(f"{page}/active/", {"to": "enable", "reason": "返岗"})
    password = one_time_password(admin.post(f"{page}/password/").content.decode())
    assert User.objects.get(pk=town.lin.user.pk).check_password(password)
    assert not User.objects.get(pk=town.lin.user.pk).check_password(PASSWORD)


def test_appoint_and_end(town: Town, admin: Client) -> None:
    page = f"/accounts/{town.reader.person.pk}"
    form = {"organisation": "411002001001", "role": "clerk", "starts_on": "2026-01-01"}
    assert admin.post(f"{page}/appoint/", form).status_code == 302
    assert has_right(User.objects.get(pk=town.reader.user.pk), Right.REPORT)
    held = Appointment.objects.get(person=town.reader.person, position__role="clerk")
    assert admin.post(f"{page}/posts/{held.pk}/end/", {"ends_on": "2026-02-01"}).status_code == 302
    assert not has_right(User.objects.get(pk=town.reader.user.pk), Right.REPORT)
    assert admin.post(f"{page}/posts/{town.lin.appointment.pk}/end/", {"ends_on": "2026-02-01"}).status_code == 404
    combined = admin.post(
        f"{page}/appoint/", {"organisation": "411002", "role": "audit_admin", "starts_on": "2026-03-01"}
    )
    assert combined.status_code == 422
    assert "三人" in combined.content.decode()


def test_an_account_for_a_person_without_one(town: Town, admin: Client) -> None:
    person = Person.objects.create(name="宋新")
    one_time_password(admin.post(f"/accounts/{person.pk}/open/", {"username": "song-1"}).content.decode())
    assert User.objects.get(username="song-1").person == person


def test_never_her_own(town: Town, admin: Client) -> None:
    page = f"/accounts/{town.secadmin.person.pk}"
    assert "不能处理本人" in admin.get(f"{page}/").content.decode()
    for act in ("active", "password", "appoint", f"posts/{town.secadmin.appointment.pk}/end"):
        assert admin.post(f"{page}/{act}/", {"reason": "因"}).status_code == 403


@pytest.mark.parametrize("who", ["lin", "wang", "sysadmin", "auditor"])
def test_nobody_else(town: Town, client: Client, who: str) -> None:
    client.force_login(getattr(town, who).user, backend=BACKEND)
    page = f"/accounts/{town.zhou.person.pk}/"
    answers = [
        client.get("/accounts/"),
        client.get("/accounts/new/"),
        client.get(page),
        client.post(f"{page}password/"),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
