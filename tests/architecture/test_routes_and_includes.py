"""Templates and code of an app name no route and no template of an app to its right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.ground import (
    APPS,
    NAMESPACES,
    ROOT,
    Hit,
    find,
    place,
    python_files,
    relative,
    template_files,
    words_of,
)

ROUTE_TAG = r"""{%\s*url\s+["'](\w+):"""
TEMPLATE_TAG = r"""{%\s*(?:include|extends)\s+["'](\w+)/"""
ROUTE_NAME = re.compile(rf"^({'|'.join(NAMESPACES)}):[a-z_]+$")


def folder_of(app: str) -> str:
    return "pages" if app == "weidu_portal" else app


def owner(name: str) -> str | None:
    """The app a route namespace or a template folder belongs to."""
    return NAMESPACES.get(name)


def named_to_the_right(text: str, path: Path, app: str) -> list[Hit]:
    hits = find(ROUTE_TAG, text, path) + find(TEMPLATE_TAG, text, path)
    return [hit for hit in hits if _is_right_of(app, re.search(r"""["'](\w+)[:/]""", hit.text))]


def _is_right_of(app: str, match: re.Match[str] | None) -> bool:
    named = owner(match.group(1)) if match else None
    return named is not None and place(named) > place(app)


@pytest.mark.parametrize("app", APPS)
def test_templates_of_an_app_name_nothing_to_the_right(app: str) -> None:
    paths = template_files(folder_of(app))
    hits = [str(hit) for path in paths for hit in named_to_the_right(path.read_text("utf-8"), path, app)]
    assert hits == []


def test_components_name_no_app() -> None:
    paths = template_files("components")
    hits = [str(hit) for path in paths for hit in named_to_the_right(path.read_text("utf-8"), path, "core")]
    assert hits == []


@pytest.mark.parametrize("app", APPS)
def test_code_of_an_app_names_no_route_to_the_right(app: str) -> None:
    named = [
        (Hit(relative(path), line, text), match.group(1))
        for path in python_files(app)
        for line, text in words_of(path)
        if (match := ROUTE_NAME.match(text))
    ]
    assert [str(hit) for hit, namespace in named if place(NAMESPACES[namespace]) > place(app)] == []


def test_the_scan_finds_a_route_and_an_include_to_the_right() -> None:
    routes = "{% url 'scoring:periods' %}{% url 'branches:login' %}"
    text = routes + "{% include \"ledgers/_row.html\" %}{% include 'components/x.html' %}"
    hits = named_to_the_right(text, ROOT / "templates" / "x.html", "branches")
    assert [hit.text for hit in hits] == ["{% url 'scoring:", '{% include "ledgers/']
