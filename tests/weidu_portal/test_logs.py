"""What a request leaves in the log."""

from __future__ import annotations

import logging

import pytest
from django.test import Client
from django.urls import reverse

from weidu_portal.logs import logging_for

LOGGER = "django_structlog"


def level_of(*, is_embedded: bool) -> str:
    return logging_for(is_embedded=is_embedded)["loggers"][LOGGER]["level"]


def lines_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name.startswith(LOGGER)]


@pytest.mark.django_db
def test_production_keeps_one_line_a_request(caplog: pytest.LogCaptureFixture, client: Client) -> None:
    caplog.set_level(level_of(is_embedded=False), LOGGER)
    client.get(reverse("core:healthz"))
    (line,) = lines_of(caplog)
    assert "event=request_finished" in line
    assert 'request="GET /healthz"' in line
    assert "code=200" in line


@pytest.mark.django_db
def test_what_was_searched_for_stays_out(caplog: pytest.LogCaptureFixture, client: Client) -> None:
    caplog.set_level(level_of(is_embedded=False), LOGGER)
    client.get(reverse("core:healthz"), {"q": "somebody"})
    (line,) = lines_of(caplog)
    assert ('request="GET /healthz"' in line, "somebody" in line) == (True, False)


@pytest.mark.django_db
def test_embedded_mode_keeps_none_of_those_that_went_well(caplog: pytest.LogCaptureFixture, client: Client) -> None:
    caplog.set_level(level_of(is_embedded=True), LOGGER)
    client.get(reverse("core:healthz"))
    assert lines_of(caplog) == []


def test_exceptions_keep_their_traceback_in_both_modes() -> None:
    levels = {mode: logging_for(is_embedded=mode)["loggers"]["django.request"]["level"] for mode in (True, False)}
    assert {mode: logging.getLevelName(level) for mode, level in levels.items()} == {
        True: logging.ERROR,
        False: logging.ERROR,
    }
