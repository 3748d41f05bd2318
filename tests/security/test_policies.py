"""Every route declares who may reach it, in words that exist; docs/permissions.md tells all of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.viewsets import ReadOnlyModelViewSet

from branches import permissions as of_branches
from branches.choices import Right
from core import permissions as of_core
from core.policy import THIRD_PARTY, policy
from grids import permissions as of_grids
from ledgers import permissions as of_ledgers
from scoring import permissions as of_scoring
from tests.api.conftest import RESOURCES, ROW_RESOURCES
from tests.architecture.ground import ROOT
from tests.security.ground import Route, all_routes

DOCUMENT = ROOT / "docs" / "permissions.md"
RULES = re.compile(r"(?:can|visible|get)_\w+")
BEGIN, END = "<!-- routes: kept by tests/security/test_policies.py -->", "<!-- /routes -->"


def undeclared(routes: list[Route]) -> list[str]:
    return [route.name for route in routes if route.policy is None and route.name not in THIRD_PARTY]


def declared(route: Route) -> str:
    return route.policy or THIRD_PARTY[route.name]


def known_policies() -> dict[str, str]:
    """The closed list of the document: name → meaning."""
    return words_of("## Policies", "## Routes")


def words_of(start: str, stop: str) -> dict[str, str]:
    """A table of two columns between two places of the document."""
    text = DOCUMENT.read_text("utf-8").partition(start)[2].partition(stop)[0]
    return dict(re.findall(r"(?m)^\| `(\w+)` \| ([^|]+) \|$", text))


def rule_named(name: str) -> Callable[..., Any] | None:
    for module in (of_core, of_branches, of_grids, of_scoring, of_ledgers):
        if name in vars(module):
            found: Callable[..., Any] = vars(module)[name]
            return found
    return None


def test_every_route_declares_its_policy() -> None:
    assert undeclared(list(all_routes())) == []


def test_every_route_has_a_name_of_its_own() -> None:
    names = [route.name for route in all_routes()]
    assert [name for name in names if not name or names.count(name) > 1] == []


def test_libraries_are_excused_by_name_only_while_they_are_there() -> None:
    assert set(THIRD_PARTY) == {route.name for route in all_routes() if route.policy is None}


def test_policies_are_those_of_the_document() -> None:
    assert {declared(route) for route in all_routes()} == set(known_policies())


def test_rights_are_those_of_the_document() -> None:
    assert list(words_of("The vocabulary is closed", "The three administrators")) == Right.values


def test_a_policy_names_a_rule_that_exists() -> None:
    rules = set(known_policies()) - {"public", "login", "visible_to"}
    assert [name for name in sorted(rules) if not RULES.fullmatch(name) or not callable(rule_named(name))] == []


def test_every_resource_of_the_api_is_bounded_by_visible_to() -> None:
    resources = [route for route in all_routes() if route.address.startswith("/api/v1/")]
    assert {route.policy for route in resources} == {"visible_to"}
    assert len(resources) == 2 * len((*RESOURCES, *ROW_RESOURCES)) + 1


def test_the_document_lists_every_route() -> None:
    rows = [f"| `{route.address}` | `{route.name}` | `{declared(route)}` |" for route in all_routes()]
    wanted = "\n".join(["| Address | Route | Policy |", "|---|---|---|", *sorted(rows)])
    found = DOCUMENT.read_text("utf-8").partition(BEGIN)[2].partition(END)[0].strip()
    assert found == wanted


# -- the walk sees what it should


def _bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class _BareViewSet(ReadOnlyModelViewSet):  # type: ignore[type-arg]
    pass


@pytest.mark.parametrize("view", [_bare, _BareViewSet.as_view({"get": "list"})])
def test_a_view_without_policy_is_found(view: Any) -> None:
    patterns = [path("bare/", view, name="bare"), path("open/", policy("public")(_bare), name="open")]
    assert undeclared(list(all_routes(patterns))) == ["bare"]
