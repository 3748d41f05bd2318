"""Organisations over the API."""

from datetime import timedelta

import pytest
from django.test import Client

from branches.services.placing import move_organisation
from core import clock
from tests.people import Town


@pytest.fixture
def api(town: Town, client: Client) -> Client:
    client.force_login(town.reader.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def codes(api: Client, **query: str) -> list[str]:
    return [row["code"] for row in api.get("/api/v1/organisations/", query).json()["results"]]


def test_one_row(api: Client) -> None:
    assert api.get("/api/v1/organisations/411002006006/").json() == {
        "code": "411002006006",
        "kind": "chain",
        "level": 3,
        "name": "樊沟社区",
        "form": "branch",
        "track": "agricultural",
        "parent": "411002006",
        "opened_on": "2020-01-01",
        "closed_on": None,
    }


def test_filters(api: Client) -> None:
    assert codes(api, level="2") == ["411002001", "411002006"]
    assert codes(api, kind="task_force") == [f"411002-zb{number}" for number in range(1, 6)]
    assert codes(api, track="agricultural") == ["411002006006"]
    assert codes(api, parent="411002001") == ["411002001001", "411002001006"]
    assert codes(api, search="fh") == ["411002001006"]
    assert codes(api, as_of="2019-12-31") == []
    assert codes(api, level="3", track="urban", parent="411002006") == ["411002006002"]


def test_as_of_a_future_move(town: Town, api: Client) -> None:
    later = clock.today() + timedelta(days=3)
    move_organisation(
        actor=town.wang, organisation=town.fuhou, parent=town.wuyi, starts_on=later, document_no="1号", reason="调整"
    )
    assert "411002001006" not in codes(api, parent="411002006")
    assert "411002001006" in codes(api, parent="411002006", as_of=str(later))


@pytest.mark.parametrize("query", [{"level": "9"}, {"as_of": "2026-13-01"}, {"track": "x"}, {"search": "x" * 100}])
def test_unusable_filters(api: Client, query: dict) -> None:
    assert api.get("/api/v1/organisations/", query).status_code == 400


def test_read_only(api: Client) -> None:
    assert api.post("/api/v1/organisations/", {}, content_type="application/json").status_code in (403, 405)
    assert api.delete("/api/v1/organisations/411002006006/").status_code in (403, 405)
