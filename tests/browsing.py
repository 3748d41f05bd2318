"""People at their screens: pages of the running portal in Debian's Chromium, watched for faults.

`open_page(PHONE)` is a fresh browser for one person; `sign_in(page, officer)` takes her through the log-in page.
A test fails if any page of it throws, says an error on the console, breaks the content policy or asks another host.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from branches.acting import Officer
from tests.people import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

OpenPage = Callable[..., "Page"]

DESK: dict[str, Any] = {"viewport": {"width": 1366, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def open_page(
    chromium: Path, live_server: Any, browser: Browser, browser_context_args: dict[str, Any]
) -> Iterator[OpenPage]:
    """Open a page of its own: `open_page()`, `open_page(PHONE)`, `open_page(DESK, java_script_enabled=False)`."""
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def open_one(size: dict[str, Any] = DESK, **further: Any) -> Page:
        contexts.append(browser.new_context(**{**browser_context_args, "base_url": live_server.url, **size, **further}))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        _watch(page, live_server.url, faults)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert faults == []


def sign_in(page: Page, officer: Officer) -> None:
    """By the name of the account; the month's journey shows the other way."""
    page.goto("/login/?way=account")
    page.get_by_label("账号").fill(officer.user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/")


def overflow(page: Page) -> int:
    """How many pixels the page is wider than the window, 0 when it fits."""
    return int(page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth"))


def _watch(page: Page, own: str, faults: list[str]) -> None:
    page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
    page.on("console", lambda said: faults.extend(_errors(said, page.url)))
    page.on("request", lambda sent: faults.extend(_third_party(sent, own)))


def _errors(said: ConsoleMessage, address: str) -> list[str]:
    """Errors on the console, but for the answer of the page itself: a refused form, a page that is not there."""
    is_answer = said.text.startswith("Failed to load resource") and said.location["url"] == address
    return [f"{address}: {said.text}"] if said.type == "error" and not is_answer else []


def _third_party(sent: Request, own: str) -> list[str]:
    is_own = sent.url.startswith((own + "/", "data:", "blob:", "about:"))
    return [] if is_own else [f"request to another host: {sent.url}"]
