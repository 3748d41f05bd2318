"""A session ends after an hour without a request and eight hours after signing in."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import override_settings

from core import clock
from core.models import User

pytestmark = pytest.mark.django_db
START = datetime(2026, 10, 31, 1, 0, tzinfo=UTC)


@pytest.fixture
def signed_in(client):
    client.force_login(User.objects.create_user("lin"))
    return client


def is_in_after(client, *minutes: float) -> bool:
    """Requests so many minutes after the first; whether the last one was still signed in."""
    for later in (0, *minutes):
        with clock.pinned_at(START + timedelta(minutes=later)):
            client.get("/healthz")
    return SESSION_KEY in client.session


def test_an_idle_hour_ends_it(signed_in):
    assert is_in_after(signed_in, 59)
    assert not is_in_after(signed_in, 59, 120)


def test_work_keeps_it_alive_for_eight_hours(signed_in):
    assert is_in_after(signed_in, *range(30, 480, 30))
    assert not is_in_after(signed_in, 480.1)


def test_the_session_is_written_once_a_minute_at_most(signed_in, django_assert_num_queries):
    assert is_in_after(signed_in)
    stored = Session.objects.get().session_data
    assert is_in_after(signed_in, 0.9)
    assert Session.objects.get().session_data == stored
    assert is_in_after(signed_in, 1.1)
    assert Session.objects.get().session_data != stored


def test_a_visitor_gets_no_session(client):
    client.get("/healthz")
    assert (Session.objects.count(), client.cookies.get("sessionid")) == (0, None)


# Without a proxy, as `./run` serves; in production the proxy compresses.
COMPRESSING = override_settings(
    MIDDLEWARE=["core.middleware.compressed_static", *settings.MIDDLEWARE], WHITENOISE_USE_FINDERS=True
)


@pytest.mark.parametrize(
    ("path", "headers", "encoding"),
    [
        ("/static/css/base.css", {"accept-encoding": "gzip"}, "gzip"),
        ("/static/css/base.css", {}, ""),
        ("/static/css/base.css", {"accept-encoding": "gzip", "range": "bytes=0-9"}, ""),
        ("/login/", {"accept-encoding": "gzip"}, ""),
    ],
    ids=["a file", "an old client", "a part of a file", "a page"],
)
@COMPRESSING
def test_files_are_compressed_and_pages_are_not(client, path, headers, encoding):
    answer = client.get(path, headers=headers)
    assert (answer.status_code in (200, 206), answer.get("Content-Encoding", "")) == (True, encoding)


@COMPRESSING
def test_a_compressed_file_is_the_file(client):
    plain = b"".join(client.get("/static/css/base.css").streaming_content)
    packed = b"".join(client.get("/static/css/base.css", headers={"accept-encoding": "gzip"}).streaming_content)
    assert gzip.decompress(packed) == plain
    assert len(packed) < len(plain) / 2
