"""A password that somebody else set opens nothing but the page that changes it."""

from __future__ import annotations

import pytest
from django.test import Client
from knox.models import AuthToken

from core.models import User
from tests.people import PASSWORD, Town

NEW = "xin-mima-2027"


@pytest.fixture
def new_lin(town: Town) -> Client:
    """林 signed in with the one-time password of the security administrator."""
    User.objects.filter(pk=town.lin.user.pk).update(must_change_password=True)
    client = Client()
    answer = client.post("/login/", {"username": "community-001006", "password": PASSWORD})
    assert answer["Location"] == "/password/"
    return client


@pytest.mark.parametrize("path", ["/", "/organisations/", "/periods/", "/ledgers/", "/design/", "/rankings/"])
def test_every_page_leads_to_the_password(new_lin: Client, path: str) -> None:
    answer = new_lin.get(path)
    assert (answer.status_code, answer["Location"]) == (302, "/password/")


def test_nothing_can_be_done_either(new_lin: Client, town: Town) -> None:
    answer = new_lin.post("/acting/", {"appointment": town.lin.appointment.pk})
    assert (answer.status_code, answer["Location"]) == (302, "/password/")
    assert "acting_appointment" not in new_lin.session


def test_api_and_pieces_of_pages_are_refused_in_words(new_lin: Client) -> None:
    answer = new_lin.get("/api/v1/organisations/")
    assert (answer.status_code, answer.json()["detail"]) == (403, "请先修改密码。")
    piece = new_lin.get("/organisations/", headers={"HX-Request": "true"})
    assert (piece.status_code, piece.content.decode()) == (403, "请先修改密码。")


def test_a_token_of_such_an_account_opens_nothing(town: Town, client: Client) -> None:
    token = AuthToken.objects.create(town.lin.user)[1]
    given = {"Authorization": f"Token {token}"}
    assert client.get("/api/v1/organisations/", headers=given).status_code == 200
    User.objects.filter(pk=town.lin.user.pk).update(must_change_password=True)
    answer = client.get("/api/v1/organisations/", headers=given)
    assert (answer.status_code, answer.json()["detail"]) == (401, "请先登录并修改密码，再使用接口。")


def test_the_page_itself_the_way_out_and_health_answer(new_lin: Client) -> None:
    assert new_lin.get("/password/").status_code == 200
    assert new_lin.get("/healthz").status_code == 200
    assert new_lin.post("/logout/").status_code == 302
    assert new_lin.get("/organisations/")["Location"].startswith("/login/")


def test_after_the_change_everything_opens_and_other_sessions_and_tokens_end(new_lin: Client, town: Town) -> None:
    elsewhere = Client()
    elsewhere.post("/login/", {"username": "community-001006", "password": PASSWORD})
    AuthToken.objects.create(town.lin.user)
    given = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert new_lin.post("/password/", given)["Location"] == "/"
    assert new_lin.get("/").status_code == 200
    assert elsewhere.get("/")["Location"].startswith("/login/")
    assert AuthToken.objects.count() == 0
