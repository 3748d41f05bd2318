"""Accounts: opened, disabled, enabled, given a new password; tokens."""

import pytest
from django.test import Client
from knox.models import AuthToken

from branches.models import Person
from branches.services.account import disable_account, enable_account, issue_token, open_account, reset_password
from branches.services.person import add_person
from core.actor import SYSTEM
from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry, User
from tests.people import Town


def somebody(town: Town) -> Person:
    return add_person(actor=town.secadmin, name="宋新")


def test_the_one_time_password_works_and_must_be_changed(town: Town) -> None:
    person = somebody(town)
    issued = open_account(actor=town.secadmin, person=person, username="community-song")
    user = User.objects.get(username="community-song")
    assert user.check_password(issued.password)
    assert user.must_change_password
    person.refresh_from_db()
    assert person.user == user
    assert not any(issued.password in entry.payload for entry in AuditEntry.objects.all())


def test_one_account_a_person_and_one_person_an_account(town: Town) -> None:
    with pytest.raises(Conflict, match="已有账号"):
        open_account(actor=town.secadmin, person=town.lin.person, username="second")
    with pytest.raises(Conflict, match="已被使用"):
        open_account(actor=town.secadmin, person=somebody(town), username="office")


@pytest.mark.parametrize(
    "username", ["", "ab", "Office", "1office", "a b c", "王立账号", "a" * 61, "ａｂｃ", "a\n", None]
)
def test_unusable_usernames(town: Town, username: str) -> None:
    if username == "a\n":
        username = "abc\ndef"
    with pytest.raises(Invalid) as refused:
        open_account(actor=town.secadmin, person=somebody(town), username=username)
    assert list(refused.value.errors) == ["username"]


def test_a_disabled_account_is_out_at_once(town: Town, client: Client) -> None:
    client.force_login(town.lin.user, backend="django.contrib.auth.backends.ModelBackend")
    AuthToken.objects.create(town.lin.user)
    disable_account(actor=town.secadmin, user=town.lin.user, reason="离岗")
    assert not AuthToken.objects.exists()
    assert not User.objects.get(pk=town.lin.user.pk).is_active
    assert client.get("/organisations/").status_code == 302
    with pytest.raises(Conflict):
        disable_account(actor=town.secadmin, user=town.lin.user, reason="离岗")
    enable_account(actor=town.secadmin, user=town.lin.user, reason="返岗")
    assert User.objects.get(pk=town.lin.user.pk).is_active


def test_a_reset_password_ends_tokens(town: Town) -> None:
    AuthToken.objects.create(town.lin.user)
    issued = reset_password(actor=town.secadmin, user=town.lin.user)
    user = User.objects.get(pk=town.lin.user.pk)
    assert user.check_password(issued.password)
    assert user.must_change_password
    assert not AuthToken.objects.exists()
    entry = AuditEntry.objects.get()
    assert entry.verb == "branches.reset_password"
    assert issued.password not in entry.payload


def test_never_oneself_and_never_somebody_elses_job(town: Town) -> None:
    for act in (disable_account, enable_account):
        with pytest.raises(Forbidden, match="本人"):
            act(actor=town.secadmin, user=town.secadmin.user, reason="因")
        with pytest.raises(Forbidden, match="安全管理员"):
            act(actor=town.wang, user=town.lin.user, reason="因")
    with pytest.raises(Forbidden, match="本人"):
        reset_password(actor=town.secadmin, user=town.secadmin.user)
    with pytest.raises(Forbidden):
        reset_password(actor=town.sysadmin, user=town.lin.user)


def test_a_token_is_shown_once_and_kept_as_digest(town: Town) -> None:
    token = issue_token(actor=SYSTEM, user=town.lin.user)
    row = AuthToken.objects.get()
    assert row.user == town.lin.user
    assert token != row.digest
    assert token not in AuditEntry.objects.get().payload
