"""The schema is whole and quiet; its reader works offline under the content policy of every page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from tests.api.conftest import RESOURCES, ROW_RESOURCES, asking
from tests.people import Town


@pytest.fixture
def schema(db: None) -> dict[str, Any]:
    GENERATOR_STATS.reset()
    generated: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return generated


def test_it_is_made_without_a_warning(schema: dict[str, Any]) -> None:
    validate_schema(schema)
    assert not GENERATOR_STATS, [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]


def test_it_tells_the_resources_and_nothing_but_reading(schema: dict[str, Any]) -> None:
    paths = {path: list(ways) for path, ways in schema["paths"].items() if path.startswith("/api/v1/")}
    assert {path.split("/")[3] for path in paths} == {*RESOURCES, *ROW_RESOURCES, "indicators"}
    assert list(paths.values()) == [["get"]] * (2 * len((*RESOURCES, *ROW_RESOURCES)) + 1)


def test_every_operation_is_described_in_english(schema: dict[str, Any]) -> None:
    operations = {path: ways["get"] for path, ways in schema["paths"].items() if path.startswith("/api/v1/")}
    told = {path: operation.get("description", "") for path, operation in operations.items()}
    assert [path for path, text in told.items() if not re.match(r"[A-Z][\x00-\x7f\u00a0-\u024f]{30}", text)] == []


def test_it_asks_for_a_token_or_a_session(schema: dict[str, Any]) -> None:
    schemes = schema["components"]["securitySchemes"]
    assert {name: (scheme["in"], scheme["name"]) for name, scheme in schemes.items()} == {
        "token": ("header", "Authorization"),
        "cookieAuth": ("cookie", "sessionid"),
    }


def test_points_are_text_with_two_places(schema: dict[str, Any]) -> None:
    item = schema["components"]["schemas"]["Item"]["properties"]
    for name in ("full_points", "reported_points", "street_points", "taskforce_points", "ruled_points"):
        assert (item[name]["type"], item[name]["format"]) == ("string", "decimal"), name


def test_the_reader_keeps_the_content_policy(town: Town) -> None:
    answer = asking(town.reader).get("/api/docs/")
    page = answer.content.decode()
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert {name: policy[name].split() for name in ("script-src", "style-src")} == {
        name: directives[name] for name in ("script-src", "style-src")
    }
    assert re.findall(r"<style|<script>|\sstyle=|https?://", page) == []


@pytest.mark.django_db(transaction=True)
def test_the_reader_draws_the_operations(town: Town, browser_page: Any, live_server: Any) -> None:
    browser_page.context.add_cookies(
        [{"name": "sessionid", "value": asking(town.reader).cookies["sessionid"].value, "url": live_server.url}]
    )
    browser_page.goto(live_server.url + "/api/docs/")
    browser_page.wait_for_selector(".opblock-get", timeout=20_000)
    assert browser_page.locator(".opblock").count() == 2 * len((*RESOURCES, *ROW_RESOURCES)) + 1
