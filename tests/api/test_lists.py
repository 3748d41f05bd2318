"""What all lists have in common: who gets in, what it costs, what a bad question gets, nothing but reading."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.viewsets import ReadOnlyModelViewSet

from branches.models import Organisation
from branches.services.account import issue_token
from core.actor import SYSTEM
from grids.models import Courtyard, Grid, PropertyCompany, ServiceCentre, Statistic
from ledgers.models import Ledger
from scoring.models import Assessment, AssessmentItem, Period, Publication, Rating, Rubric
from tests.api.conftest import RESOURCES, ROW_RESOURCES, Autumn, asking, rows
from tests.people import Town
from weidu_portal.api import router

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[\u4e00-\u9fff]")
VIEWSETS: dict[str, Any] = {prefix: viewset for prefix, viewset, _name in router.registry}


def test_the_router_serves_exactly_these() -> None:
    assert sorted(VIEWSETS) == sorted((*RESOURCES, *ROW_RESOURCES))
    assert [name for name, viewset in VIEWSETS.items() if not issubclass(viewset, ReadOnlyModelViewSet)] == []


# -- who gets in


@pytest.mark.parametrize("resource", RESOURCES)
def test_without_credentials_401(client: Client, town: Town, resource: str) -> None:
    answer = client.get(f"/api/v1/{resource}/")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")
    assert CHINESE.search(answer.json()["detail"])


def test_a_token_opens_and_a_disabled_account_closes(client: Client, town: Town) -> None:
    token = issue_token(actor=SYSTEM, user=town.lin.user)
    header = {"HTTP_AUTHORIZATION": f"Token {token}"}
    assert client.get("/api/v1/organisations/", **header).json()["count"] == 13
    town.lin.user.is_active = False
    town.lin.user.save()
    answer = client.get("/api/v1/organisations/", **header)
    assert answer.status_code == 401
    assert CHINESE.search(answer.json()["detail"])


def test_a_session_of_a_disabled_account_closes(town: Town) -> None:
    client = asking(town.lin)
    town.lin.user.is_active = False
    town.lin.user.save()
    assert client.get("/api/v1/organisations/").status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "Token",
        "Token x",
        "Token a b",
        "Token \xff",
        "Token 令牌".encode().decode("latin-1"),
        "Token " + "a" * 5000,
        "Token a\x00b",
        "Bearer x",
    ],
)
def test_a_header_that_is_no_token_401(client: Client, town: Town, header: str) -> None:
    assert client.get("/api/v1/items/", HTTP_AUTHORIZATION=header).status_code == 401


@pytest.mark.parametrize("path", ["/api/schema/", "/api/docs/", "/api/docs/?script="])
def test_schema_and_reader_are_for_accounts(client: Client, town: Town, path: str) -> None:
    assert client.get(path).status_code == 401
    assert asking(town.reader).get(path).status_code == 200


# -- nothing but reading


@pytest.mark.parametrize("resource", RESOURCES)
def test_nothing_but_reading(autumn: Autumn, resource: str) -> None:
    client = asking(autumn.town.wang)
    key = VIEWSETS[resource].lookup_field
    found = rows(autumn.town.wang, resource)[0]["id" if key == "pk" else key]
    for path in (f"/api/v1/{resource}/", f"/api/v1/{resource}/{found}/"):
        for verb in ("post", "put", "patch", "delete"):
            assert getattr(client, verb)(path, {}, content_type="application/json").status_code == 405


# -- the scope

MODELS: dict[str, Any] = {
    "rubrics": Rubric,
    "periods": Period,
    "assessments": Assessment,
    "items": AssessmentItem,
    "ratings": Rating,
    "publications": Publication,
    "ledgers": Ledger,
    "organisations": Organisation,
    "grids": Grid,
    "courtyards": Courtyard,
    "property-companies": PropertyCompany,
    "service-centres": ServiceCentre,
    "statistics": Statistic,
}


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_list_is_what_is_visible_and_the_rest_is_404(autumn: Autumn, resource: str) -> None:
    model, viewset = MODELS[resource], VIEWSETS[resource]
    key = viewset.lookup_field
    everything = set(model.objects.values_list(key, flat=True))
    for officer in autumn.town.everybody.values():
        seen = set(model.objects.visible_to(officer.user).values_list(key, flat=True))
        given_rows = rows(officer, resource)
        assert {row["id" if key == "pk" else key] for row in given_rows} == seen
        assert len(given_rows) == len(seen)
        for hidden in sorted(everything - seen)[:1]:
            assert asking(officer).get(f"/api/v1/{resource}/{hidden}/").status_code == 404


@pytest.mark.parametrize("resource", [name for name in RESOURCES if VIEWSETS[name].lookup_field == "pk"])
def test_a_strange_number_is_404(town: Town, resource: str) -> None:
    client = asking(town.wang)
    tried = ("0", "99999999999999999", "9" * 30, "９", "x", "1.0", "-1")
    assert [client.get(f"/api/v1/{resource}/{key}/").status_code for key in tried] == [404] * len(tried)


DETAILS = {"periods": {"counts"}, "publications": {"changes"}}


@pytest.mark.parametrize("resource", RESOURCES)
def test_one_and_its_row_are_the_same(autumn: Autumn, resource: str) -> None:
    """One tells all that its row tells, and the details that would be dear in a list."""
    key, further = VIEWSETS[resource].lookup_field, DETAILS.get(resource, set())
    for row in rows(autumn.town.wang, resource)[:3]:
        found = row["id" if key == "pk" else key]
        one = asking(autumn.town.wang).get(f"/api/v1/{resource}/{found}/").json()
        assert {name: value for name, value in one.items() if name not in further} == row
        assert further <= one.keys()


# -- the cost


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_list_costs_at_most_eight_queries_whatever_its_length(autumn: Autumn, resource: str) -> None:
    for key in ("wang", "zhou", "lin", "zheng1", "reader"):
        client = asking(autumn.town.everybody[key])
        client.get(f"/api/v1/{resource}/")
        costs = [_cost(client, resource, size) for size in (1, 10, 1000)]
        assert costs == [costs[0]] * 3
        assert costs[0] <= 8


def _cost(client: Client, resource: str, size: int) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/api/v1/{resource}/", {"page_size": size}).status_code == 200
    return len(asked)


# -- bad questions

BAD = {
    "month": ["2026-13", "2026-1", "2026年10月", "0000-01", "２０２６-10", "2026-10-01", "2026-10\n"],
    "track": ["rural", "URBAN"],
    "state": ["x", "0"],
    "organisation": ["x" * 100, "a\x00b"],
    "street": ["x" * 100, "a\x00b"],
    "programme": ["x" * 100, "a\x00b"],
    "star": ["x" * 100],
    "task_key": ["x" * 100],
    "task_number": ["-1", "1.5", "NaN", "1e309", "一", "9" * 400],
    "assessment": ["0", "NaN", "Infinity", "9" * 400],
    "star_level": ["-1", "NaN", "1e9"],
    "number": ["0", "NaN", "1e9"],
    "revision": ["0", "NaN", "1e9"],
    "reported_kind": ["x"],
    "kind": ["x"],
    "level": ["9", "x"],
    "parent": ["x" * 100],
    "as_of": ["2026-02-30", "x"],
    "search": ["x" * 100, "a\x00b"],
    "community": ["x" * 100, "a\x00b"],
    "measure": ["x" * 100, "a\x00b"],
    "since": ["2026-02-30", "x"],
    "until": ["2026-02-30", "x"],
}


def asked_of(resource: str) -> list[str]:
    names: list[str] = list(VIEWSETS[resource].filterset_class.base_filters)
    return names


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_bad_filter_is_400_in_chinese(autumn: Autumn, resource: str) -> None:
    client = asking(autumn.town.wang)
    tried = [(name, value) for name in asked_of(resource) for value in BAD.get(name, ())]
    assert tried != []
    for name, value in tried:
        answer = client.get(f"/api/v1/{resource}/", {name: value})
        assert (name, value, answer.status_code) == (name, value, 400)
        assert [message for message in answer.json()[name] if not CHINESE.search(message)] == []


def test_every_filter_has_a_bad_value_in_the_list_above() -> None:
    switches = {"gap", "provisional", "complete", "superseded"}
    assert {name for resource in RESOURCES for name in asked_of(resource)} - switches == set(BAD)


HOSTILE = st.one_of(
    st.text(max_size=30),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.sampled_from(
        ["NaN", "1e309", "-0", "true", "null", "[]", "' OR 1=1", "{{7*7}}", "\x00", "\ud800", "0x10", "１２"]
    ),
)


@pytest.mark.parametrize("resource", RESOURCES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_question_breaks_a_list(town: Town, resource: str, data: st.DataObject) -> None:
    names = st.sampled_from([*asked_of(resource), "page", "page_size", "ordering", "format", "unknown"])
    query = data.draw(st.dictionaries(names, HOSTILE, max_size=4))
    sent = {name: value.encode("utf-8", "surrogatepass") for name, value in query.items()}
    assert asking(town.reader).get(f"/api/v1/{resource}/", sent).status_code in (200, 400, 404)
