"""Fixtures every test may ask for, and the settings every test runs under."""

from __future__ import annotations

import ctypes
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management.commands import flush
from django.core.signals import request_finished, request_started
from django.test import override_settings

from core import immutability
from tests.people import town
from weidu_portal.celery import app as celery_app

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

__all__ = ["town"]

ANSWERED_WITHIN = 10  # seconds
CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]

# Playwright keeps an event loop in the thread of the tests; Django's test database is used from that thread only.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


# -- which tests, and where


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests share one process (`--dist loadgroup`); benchmarks run only when `-m` names them."""
    for item in items:
        if item.get_closest_marker("browser") or "browser_page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
    if "benchmark" not in (config.option.markexpr or ""):
        _leave_out(config, items, "benchmark")


def _leave_out(config: pytest.Config, items: list[pytest.Item], marker: str) -> None:
    left_out = [item for item in items if item.get_closest_marker(marker)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


# -- settings


@pytest.fixture(scope="session", autouse=True)
def portal_settings() -> Iterator[None]:
    """No lock-out unless a test wants it, no shared cache, no manifest, no proxy, no task left in a queue."""
    with (
        override_settings(
            AXES_ENABLED=False,
            CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
            STORAGES={
                "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
                "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
            },
            SECURE_SSL_REDIRECT=False,
            FILE_ACCEL_PREFIX="",
        ),
        eager_tasks(),
    ):
        yield


@contextmanager
def eager_tasks() -> Iterator[None]:
    """A task runs at once, in the process that sends it, when its transaction has ended."""
    before = celery_app.conf.task_always_eager
    celery_app.conf.task_always_eager = True
    try:
        yield
    finally:
        celery_app.conf.task_always_eager = before


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path) -> Iterator[None]:
    """Every test has its own file store and an empty cache."""
    cache.clear()
    with override_settings(FILE_STORE=tmp_path / "files"):
        yield


# -- database


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """SQLite as in service: a file, so that the server's threads and the tests hold connections of their own."""
    for database in settings.DATABASES.values():
        if database["ENGINE"].endswith("sqlite3"):
            database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.getbasetemp() / "portal.sqlite3")
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture(scope="session", autouse=True)
def flush_empties_append_only_tables() -> Iterator[None]:
    """Django empties the tables after a test with real transactions; the triggers step aside for that alone."""
    flushed = flush.Command.handle

    def handle(self: flush.Command, **options: Any) -> None:
        immutability.uninstall(using=options["database"])
        try:
            flushed(self, **options)
        finally:
            immutability.install(using=options["database"])

    flush.Command.handle = handle  # type: ignore[method-assign]
    yield
    flush.Command.handle = flushed  # type: ignore[method-assign]


# -- browser


def why_no_browser() -> str:
    """What is missing for browser tests, or an empty text."""
    if not CHROMIUM.exists():
        return "no /usr/bin/chromium: apt-get install chromium"
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return "no libatomic.so.1: apt-get install libatomic1"
    return ""


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Debian's Chromium, or the test is skipped with the reason."""
    reason = why_no_browser()
    if reason:
        pytest.skip(reason)
    return CHROMIUM


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": str(CHROMIUM), "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": 1366, "height": 900},
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
    }


@pytest.fixture
def browser_page(chromium: Path, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of the running portal; `browser_page.goto(live_server.url + "/login/")`.

    The test fails if the page throws, breaks the content policy or asks another host for anything.
    """
    page: Page = request.getfixturevalue("page")
    page.set_default_timeout(15_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    page.on("request", lambda sent: faults.extend(_third_party(sent, live_server.url)))
    with _answered_before_the_tables_are_emptied():
        yield page
        for one in page.context.pages:
            one.goto("about:blank")
    assert faults == []


@contextmanager
def _answered_before_the_tables_are_emptied() -> Iterator[None]:
    """A request still being answered would hold locks against the emptying of the tables."""
    under_way: set[int] = set()

    def begun(**_: Any) -> None:
        under_way.add(threading.get_ident())

    def ended(**_: Any) -> None:
        under_way.discard(threading.get_ident())

    request_started.connect(begun, weak=False)
    request_finished.connect(ended, weak=False)
    try:
        yield
        deadline = time.monotonic() + ANSWERED_WITHIN
        while under_way and time.monotonic() < deadline:
            time.sleep(0.02)
    finally:
        request_started.disconnect(begun)
        request_finished.disconnect(ended)


def _third_party(sent: Request, own: str) -> list[str]:
    is_own = sent.url.startswith((own + "/", "data:", "blob:", "about:"))
    return [] if is_own else [f"request to another host: {sent.url}"]
