"""What everybody does with her own account."""

from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from core.models import AuditEntry, User

OLD, NEW = "jiu-mima-2026", "xin-mima-2027"


@pytest.fixture
def user(db: None) -> User:
    user = User.objects.create_user("someone", OLD)
    user.must_change_password = True
    user.save()
    return user


@pytest.fixture
def signed_in(user: User, client: Client) -> Client:
    client.force_login(user)
    return client


def change(client: Client, old: str, new: str, again: str):
    return client.post(reverse("core:password"), {"old_password": old, "new_password1": new, "new_password2": again})


def test_the_password_changes_and_the_session_stays(signed_in: Client, user: User) -> None:
    answer = change(signed_in, OLD, NEW, NEW)
    user.refresh_from_db()
    assert (answer.status_code, user.check_password(NEW), user.must_change_password) == (302, True, False)
    assert signed_in.get(reverse("core:password")).status_code == 200
    entry = AuditEntry.objects.get(verb="core.change_password")
    assert (entry.actor_id, entry.object_id, NEW in entry.payload) == (user.pk, str(user.pk), False)


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [("wrong-one", NEW, NEW), (OLD, NEW, NEW + "x"), (OLD, "short", "short"), (OLD, "12345678901", "12345678901")],
    ids=["wrong old one", "not repeated", "too short", "only digits"],
)
def test_a_bad_change_changes_nothing(signed_in: Client, user: User, old: str, new: str, again: str) -> None:
    answer = change(signed_in, old, new, again)
    user.refresh_from_db()
    assert (answer.status_code, user.check_password(OLD), AuditEntry.objects.count()) == (422, True, 0)
    assert "✕ 未办成" in answer.content.decode()


def test_leaving_is_an_act_and_ends_the_session(signed_in: Client) -> None:
    assert signed_in.get(reverse("core:logout")).status_code == 405
    assert signed_in.post(reverse("core:logout")).status_code == 302
    assert "_auth_user_id" not in signed_in.session


@override_settings(AXES_ENABLED=True, AXES_FAILURE_LIMIT=2, AXES_COOLOFF_TIME=timedelta(minutes=15))
def test_a_locked_account_reads_when_to_come_back(db: None, rf) -> None:
    from core.views.login import locked_out

    answer = locked_out(rf.post("/login/"), None, {"username": "someone"})
    text = answer.content.decode()
    assert (answer.status_code, "暂停登录 15 分钟" in text, "someone" in text) == (429, True, False)
