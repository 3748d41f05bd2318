"""The examples of docs/api.md, asked and answered. “…” stands for any value, at the end of a list for any more rows."""

from __future__ import annotations

import json
import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests.api.conftest import RESOURCES, Autumn, autumn
from tests.api.test_lists import VIEWSETS
from tests.architecture.ground import ROOT

__all__ = ["autumn"]
pytestmark = pytest.mark.django_db
TEXT = (ROOT / "docs" / "api.md").read_text("utf-8")
EXAMPLES = re.findall(r"```http\nGET (\S+)\n```\n\n```json\n(.+?)\n```", TEXT, re.DOTALL)
ANYTHING = "…"


def same(wanted: Any, found: Any) -> bool:
    if wanted == ANYTHING:
        return found is not None
    if isinstance(wanted, dict):
        is_alike = isinstance(found, dict) and list(wanted) == list(found)
        return is_alike and all(same(value, found[key]) for key, value in wanted.items())
    if isinstance(wanted, list) and wanted[-1:] == [ANYTHING]:
        return len(found) >= len(wanted) and all(map(same, wanted[:-1], found))
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(same, wanted, found))
    return bool(wanted == found)


@pytest.fixture
def client_of_lin(autumn: Autumn) -> Client:
    printed = StringIO()
    call_command("issue_token", "community-001006", stdout=printed)
    return Client(headers={"Authorization": f"Token {printed.getvalue().strip()}"})


def test_examples_are_answered_as_written(client_of_lin: Client, autumn: Autumn) -> None:
    assert len(EXAMPLES) == 12
    client = client_of_lin
    for address, wanted in EXAMPLES:
        found = client.get(address).json()
        assert same(json.loads(wanted), found), f"{address}\n{json.dumps(found, ensure_ascii=False, indent=2)}"


def test_the_first_request_gets_in(client_of_lin: Client) -> None:
    address = re.findall(r"```http\nGET (\S+)\nAuthorization: Token", TEXT)
    assert [client_of_lin.get(one).status_code for one in address] == [200]


def test_every_resource_and_every_filter_is_told() -> None:
    sections = dict(re.findall(r"(?ms)^### ([\w-]+)\n(.+?)(?=^### |\Z)", TEXT))
    assert list(sections) == list(RESOURCES)
    for resource, section in sections.items():
        told = re.findall(r"`(\w+)`", re.sub(r"\([^)]*\)", "", section.partition("Filters:")[2].partition("\n\n")[0]))
        assert sorted(told) == sorted(VIEWSETS[resource].filterset_class.base_filters), resource


def test_the_comparison_can_fail() -> None:
    assert not same({"a": 1}, {"a": 1, "b": 2})
    assert not same({"a": ANYTHING}, {"a": None})
    assert not same([1, ANYTHING], [1])
    assert same([1, ANYTHING], [1, 2, 3])
