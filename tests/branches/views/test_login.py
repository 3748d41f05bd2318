"""Signing in without scripts, with scripts, and after too many attempts."""

import re

import pytest
from django.test import Client, override_settings

from branches.models import Person
from branches.services.account import disable_account, reset_password
from branches.services.appointment import end_appointment
from core import clock
from core.models import User
from tests.people import PASSWORD, Town


def options(html: str, name: str) -> list[str]:
    select = re.search(rf'<select id="id_{name}".*?</select>', html, re.S)
    return re.findall(r'<option value="([^"]+)"', select[0]) if select else []


def test_three_steps_without_scripts(town: Town, client: Client) -> None:
    first = client.get("/login/").content.decode()
    assert options(first, "street") == ["411002001", "411002006"]
    assert 'name="password"' not in first
    second = client.get("/login/?street=411002001").content.decode()
    assert options(second, "unit") == ["411002001", "411002001001", "411002001006"]
    third = client.get("/login/?street=411002001&unit=411002001006").content.decode()
    assert options(third, "username") == ["community-001006", "community-001006-2"]
    assert "林晓" not in third
    answer = client.post("/login/", {"username": "community-001006", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert client.session["_auth_user_id"] == str(town.lin.user.pk)


def test_the_street_itself(town: Town, client: Client) -> None:
    page = client.get("/login/?street=411002001&unit=411002001").content.decode()
    assert options(page, "username") == ["street-001", "street-001-2"]


def test_with_scripts_only_the_card_comes_back(town: Town, client: Client) -> None:
    card = client.get("/login/?street=411002006", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in card
    assert options(card, "unit") == ["411002006", "411002006002", "411002006006"]


def test_by_the_name_of_the_account(town: Town, client: Client) -> None:
    assert 'name="username"' in client.get("/login/?way=account").content.decode()
    answer = client.post("/login/", {"way": "account", "username": "office", "password": PASSWORD, "next": "/audit/"})
    assert answer["Location"] == "/audit/"


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)", "/\\example.org"]
)
def test_it_leads_nowhere_else(town: Town, client: Client, elsewhere: str) -> None:
    answer = client.post("/login/", {"username": "office", "password": PASSWORD, "next": elsewhere})
    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("office", "wrong"),
        ("nobody", PASSWORD),
        ("office", PASSWORD + " "),
        ("office\x00", PASSWORD),
        ("o" * 10_000, PASSWORD),
        ("office", "x" * 10_000),
        ("", ""),
    ],
)
def test_wrong_or_hostile(town: Town, client: Client, username: str, password: str) -> None:
    answer = client.post("/login/", {"way": "account", "username": username, "password": password})
    assert answer.status_code == 422
    assert "未办成" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_disabled_account_reads_like_a_wrong_password(town: Town, client: Client) -> None:
    disable_account(actor=town.secadmin, user=town.lin.user, reason="离岗")
    answer = client.post("/login/", {"username": "community-001006", "password": PASSWORD})
    assert "账号或密码不对" in answer.content.decode()
    page = client.get("/login/?street=411002001&unit=411002001006").content.decode()
    assert options(page, "username") == ["community-001006-2"]


def test_without_an_appointment_there_is_nothing_to_do(town: Town, client: Client) -> None:
    end_appointment(actor=town.secadmin, appointment=town.lin.appointment, ends_on=clock.today())
    answer = client.post("/login/", {"username": "community-001006", "password": PASSWORD})
    assert "没有任职" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_one_time_password_must_be_changed(town: Town, client: Client) -> None:
    User.objects.filter(pk=town.lin.user.pk).update(must_change_password=True)
    answer = client.post("/login/", {"username": "community-001006", "password": PASSWORD})
    assert answer["Location"] == "/password/"


@override_settings(AXES_ENABLED=True)
def test_too_many_attempts(town: Town, client: Client) -> None:
    for _attempt in range(8):
        answer = client.post("/login/", {"username": "office", "password": "wrong"}, REMOTE_ADDR="10.0.0.9")
    assert answer.status_code == 429
    right = client.post("/login/", {"username": "office", "password": PASSWORD}, REMOTE_ADDR="10.0.0.9")
    assert right.status_code == 429
    assert "15 分钟" in right.content.decode()
    other = client.post("/login/", {"username": "office-2", "password": PASSWORD}, REMOTE_ADDR="10.0.0.9")
    assert other.status_code == 302


def test_choosing_the_appointment(town: Town, client: Client) -> None:
    from branches.choices import Role
    from branches.services.appointment import appoint

    person = Person.objects.get(pk=town.lin.person.pk)
    second = appoint(
        actor=town.secadmin, person=person, organisation=town.xida, role=Role.CLERK, starts_on=clock.today()
    )
    client.force_login(town.lin.user, backend="django.contrib.auth.backends.ModelBackend")
    assert (
        client.post("/acting/", {"appointment": second.pk, "next": "/organisations/"})["Location"] == "/organisations/"
    )
    assert client.session["acting_appointment"] == second.pk
    assert client.post("/acting/", {"appointment": town.chen.appointment.pk}).status_code == 404
    assert client.post("/acting/", {"appointment": "x"}).status_code == 404
    assert client.session["acting_appointment"] == second.pk


@override_settings(AXES_ENABLED=True)
def test_a_new_password_from_the_security_administrator_ends_the_lock_out(town: Town, client: Client) -> None:
    for _attempt in range(8):
        client.post("/login/", {"username": "office", "password": "wrong"}, REMOTE_ADDR="10.0.0.9")
    issued = reset_password(actor=town.secadmin, user=town.wang.user)
    answer = client.post("/login/", {"username": "office", "password": issued.password}, REMOTE_ADDR="10.0.0.9")
    assert (answer.status_code, answer["Location"]) == (302, "/password/")
