"""Hostile input on every form, address and filter: a status below 500, Chinese words, nothing changed by what is no
input. The report form's own families stand in tests/scoring/views/test_report.py."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from branches.services.appointment import end_appointment
from core import clock
from core.models import Job
from tests.api.conftest import Autumn
from tests.security.ground import Route, all_routes, arguments, bound, posted, signed_in
from tests.security.test_matrix import OF_ROUTE, taken_back

pytestmark = pytest.mark.django_db

VALUES = {
    "nothing": "",
    "blank": "　",
    "NUL": "坏\x00值",
    "RTL override": "\u202e\u200b",
    "half a surrogate pair": "\ud83d",
    "long": "长" * 10_000,
    "many digits": "9" * 400,
    "minus": "-0.01",
    "exponent": "1e309",
    "template": "{{7*7}}{% load x %}",
    "JSON": '[null, {"a": true}]',
    "month 13": "2026-13",
    "beyond 64 bits": "99999999999999999999",
    "script": "<script>alert(1)</script>",
    "NaN": "NaN",
    "year one": "0001-01-01",
    "last day of all": "9999-12-31",
}
# The forms take many fields; sent together, the first bad one hides the others, so these are also spoilt one by one.
ONE_BY_ONE = {
    "starts_on": "year one",
    "ends_on": "last day of all",
    "until": "last day of all",
    "item": "beyond 64 bits",
    "version": "beyond 64 bits",
    "organisation": "half a surrogate pair",
    "username": "long",
    "reason": "half a surrogate pair",
    "name": "long",
    "kind": "long",
    "points": "half a surrogate pair",
    "revision": "beyond 64 bits",
    "document_no": "long",
    "day": "last day of all",
    "is_working": "JSON",
    "year": "beyond 64 bits",
    "evidence": "beyond 64 bits",
    "title": "half a surrogate pair",
    "text": "long",
    "happened_on": "last day of all",
    "form_key": "NUL",
    "on": "year one",
    "value": "exponent",
    "source": "long",
    "required": "many digits",
    "filled": "minus",
    "code": "template",
    "definition": "half a surrogate pair",
}
READ = {
    "core": ("day", "is_working", "year", "name"),
    "branches": ("starts_on", "ends_on", "organisation", "username", "reason", "name", "document_no"),
    "grids": (
        *("starts_on", "on", "value", "source", "required", "filled", "code", "name", "definition"),
        *("version", "reason", "kind"),
        "document_no",
    ),
    "scoring": (
        *("item", "version", "until", "organisation", "reason", "points", "document_no"),
        *("evidence", "title", "text", "happened_on", "form_key", "revision"),
    ),
}
CHINESE = re.compile(r"[\u4e00-\u9fff]{2}")
BY_PREFIX = {
    "core:audit": "auditor",
    "core:verify": "auditor",
    "core:jobs": "sysadmin",
    "core:calendar": "sysadmin",
    "core:draw_font": "sysadmin",
    "core:font": "sysadmin",
    "core:": "lin",
    "branches:account": "secadmin",
    "branches:appoint": "secadmin",
    "branches:contact": "chen",
    "branches:acting": "lin",
    "grids:people": "lin",
    "grids:row": "lin",
    "grids:contact_phone": "lin",
    **dict.fromkeys(
        ("grids:merge", "grids:split", "grids:move", "grids:hand", "grids:place", "grids:check", "grids:exception"),
        "zhou",
    ),
    "scoring:assessment": "lin",
    "scoring:item_": "lin",
    "scoring:evidence": "lin",
    "scoring:paper": "lin",
    "scoring:street_grid": "zhou",
    "scoring:department_data": "zheng2",
    "scoring:review_star": "zheng2",
    "scoring:review": "zhou",
    "scoring:spot": "zheng2",
    "scoring:sign_off": "zhou",
    "ledgers:draft": "lin",
    "ledgers:paper": "lin",
    "ledgers:verify": "lin",
}


def asker_of(route: Route) -> str:
    """Somebody who may do it: what is refused is refused for what was sent."""
    fitting = [prefix for prefix in BY_PREFIX if route.name.startswith(prefix)]
    return BY_PREFIX[max(fitting, key=len)] if fitting else "wang"


def forms(route: Route, valid: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, value in VALUES.items():
        yield name, dict.fromkeys(valid, _encodable(value))
    read = READ.get(route.name.partition(":")[0], ())
    for field in read:
        yield f"{field}: {ONE_BY_ONE[field]}", {**valid, field: _encodable(VALUES[ONE_BY_ONE[field]])}


def _encodable(value: str) -> str | bytes:
    """A test client cannot write half a surrogate pair; a hostile one can."""
    return value.encode("utf-8", "surrogatepass")


def faults_of(answer: Any) -> list[str]:
    text = "" if answer.streaming else _text(answer)
    found = [f"status {answer.status_code}"] if answer.status_code >= 500 else []
    if answer.status_code >= 400 and answer.status_code != 405 and not CHINESE.search(text):
        found.append(f"{answer.status_code} without a Chinese word: {text[:80]}")
    if "<script>alert" in text and answer["Content-Type"].startswith("text/html"):
        found.append("unescaped")
    return found


def _text(answer: Any) -> str:
    is_json = answer.headers.get("Content-Type", "").startswith("application/json")
    return json.dumps(answer.json(), ensure_ascii=False) if is_json else answer.content.decode("utf-8", "replace")


@pytest.mark.parametrize("app", ["core", "branches", "grids", "scoring", "ledgers"])
def test_every_form_refuses_hostile_fields_in_words(autumn: Autumn, draft: Job, app: str) -> None:
    given, valid = arguments(autumn, draft), posted(autumn)
    found = []
    for route in all_routes():
        if route.name.partition(":")[0] != app or route.name in ("core:logout", "core:healthz", "core:readyz"):
            continue
        client, address = signed_in(autumn.town.everybody[asker_of(route)]), bound(route, given)
        if client.post(address, {}).status_code == 405:
            continue
        for name, form in forms(route, {**valid, **OF_ROUTE.get(route.name, {})}):
            with taken_back():
                answer = client.post(address, urlencode(form), content_type="application/x-www-form-urlencoded")
                found += [f"{route.name} {name}: {fault}" for fault in faults_of(answer)]
    assert found == []


QUERY = (
    *(
        "month",
        "day",
        "year",
        "q",
        "page",
        "number",
        "community",
        "star",
        "street",
        "by",
        "show",
        "task",
        "what",
        "axis",
    ),
    *("next", "verb", "subject", "actor", "since", "until", "state", "kind", "way", "unit", "organisation", "level"),
    *("track", "as_of", "search", "parent", "page_size", "assessment", "task_number", "revision", "superseded", "gap"),
    *(
        "provisional",
        "reported_kind",
        "star_level",
        "complete",
        "programme",
        "task_key",
        "communities",
        "items_each",
        "doubtful_percent",
    ),
)


def test_every_page_and_list_takes_hostile_filters(autumn: Autumn, draft: Job) -> None:
    given = arguments(autumn, draft)
    found = []
    for route in all_routes():
        client, address = signed_in(autumn.town.everybody[asker_of(route)]), bound(route, given).partition("?")[0]
        if route.name in ("core:logout", "core:healthz", "core:readyz") or client.get(address).status_code == 405:
            continue
        for name, value in VALUES.items():
            text = quote(_encodable(value[:1000]))
            answer = client.get(address + "?" + "&".join(f"{field}={text}" for field in QUERY))
            found += [f"{route.name} {name}: {fault}" for fault in faults_of(answer)]
    assert found == []


PARAMETERS = ("0", "9" * 18, "9" * 40, "-1", "２", "%00", "<script>", "2026-13")


def test_every_address_takes_hostile_parameters(autumn: Autumn, draft: Job) -> None:
    found = []
    for route in all_routes():
        if "<" not in route.address and "(?P" not in route.address:
            continue
        client = signed_in(autumn.town.everybody[asker_of(route)])
        for parameter in PARAMETERS:
            address = re.sub(r"<[^>]*>|\(\?P<\w+>[^)]*\)", parameter, route.address)
            for answer in (client.get(address), client.post(address, {})):
                found += [f"{route.name} {parameter}: {fault}" for fault in faults_of(answer)]
    assert found == []


def test_an_account_whose_last_post_ended_in_mid_session_reaches_no_fault(autumn: Autumn, draft: Job) -> None:
    town = autumn.town
    given, form = arguments(autumn, draft), posted(autumn)
    keys = ("lin", "wang", "auditor", "secadmin")
    clients: dict[str, Client] = {key: signed_in(town.everybody[key]) for key in keys}
    for key in keys[:-1]:
        end_appointment(actor=town.secadmin, appointment=town.everybody[key].appointment, ends_on=clock.today())
    town.secadmin.appointment.ends_on = clock.today()
    town.secadmin.appointment.save()
    found = []
    for route in all_routes():
        if route.name == "core:logout":
            continue
        address = bound(route, given)
        for key, client in clients.items():
            for answer in (client.get(address), client.post(address, form)):
                found += [f"{route.name} {key}: {fault}" for fault in faults_of(answer)]
    assert found == []
