"""What an installation is refused for before it starts, and what production turns on."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from core.models import User
from tests.architecture.ground import ROOT
from weidu_portal.env import read_environment

SECRETS = {"SECRET_KEY": "s" * 40, "AUDIT_KEY": "a" * 40}
PRODUCTION = {
    "PORTAL_MODE": "production",
    "DATABASE_URL": "postgres://portal@127.0.0.1/portal",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    **SECRETS,
}
NAMES = (
    *("PORTAL_MODE", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "AUDIT_KEY", "DEBUG", "DATA_DIR"),
    *("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "BEHIND_HTTPS", "BEHIND_PROXY"),
)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch):
    def given(**values: str) -> None:
        for name in NAMES:
            monkeypatch.delenv(name, raising=False)
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return given


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"PORTAL_MODE": ""}, "PORTAL_MODE"),
        ({"PORTAL_MODE": "debug"}, "PORTAL_MODE"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///portal.sqlite3"}, "PostgreSQL"),
        ({"REDIS_URL": ""}, "REDIS_URL"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "change-me"}, "SECRET_KEY"),
        ({"SECRET_KEY": "s" * 31}, "SECRET_KEY"),
        ({"AUDIT_KEY": ""}, "AUDIT_KEY"),
        ({"AUDIT_KEY": "embedded-only-not-a-secret"}, "AUDIT_KEY"),
        ({"AUDIT_KEY": SECRETS["SECRET_KEY"]}, "must differ"),
    ],
)
def test_production_refuses(environment, changes: dict[str, str], named: str) -> None:
    environment(**{**PRODUCTION, **changes})
    with pytest.raises(ImproperlyConfigured, match=named):
        read_environment()


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_embedded_refuses_what_belongs_to_production(environment, name: str) -> None:
    environment(PORTAL_MODE="embedded", **{name: PRODUCTION[name]})
    with pytest.raises(ImproperlyConfigured, match=name):
        read_environment()


def test_production_is_never_in_debug(environment) -> None:
    environment(**PRODUCTION, DEBUG="true")
    assert read_environment().debug is False


def settings_of_production(**changes: str) -> dict[str, str]:
    """What the settings say in a process of its own."""
    names = (
        *("DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"),
        *("SESSION_COOKIE_HTTPONLY", "FILE_ACCEL_PREFIX", "AXES_IPWARE_META_PRECEDENCE_ORDER"),
    )
    code = f"from django.conf import settings as s; print(*[repr(getattr(s, n)) for n in {names!r}], sep='\\n')"
    kept = {name: value for name, value in os.environ.items() if name not in NAMES}
    environment = kept | PRODUCTION | {"DJANGO_SETTINGS_MODULE": "weidu_portal.settings"} | changes
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return dict(zip(names, done.stdout.splitlines(), strict=True))


def test_behind_https_cookies_are_secure_and_the_browser_remembers() -> None:
    found = settings_of_production(BEHIND_HTTPS="true")
    assert found == {
        "DEBUG": "False",
        "SESSION_COOKIE_SECURE": "True",
        "CSRF_COOKIE_SECURE": "True",
        "SECURE_SSL_REDIRECT": "True",
        "SECURE_HSTS_SECONDS": "31536000",
        "SESSION_COOKIE_HTTPONLY": "True",
        "FILE_ACCEL_PREFIX": "'/protected-files/'",
        "AXES_IPWARE_META_PRECEDENCE_ORDER": "['HTTP_X_REAL_IP']",
    }


def test_without_a_proxy_no_header_of_a_proxy_is_believed() -> None:
    found = settings_of_production(BEHIND_PROXY="false")
    assert (found["FILE_ACCEL_PREFIX"], found["AXES_IPWARE_META_PRECEDENCE_ORDER"]) == ("''", "['REMOTE_ADDR']")


@pytest.mark.django_db
def test_sample_data_is_refused_in_production(settings) -> None:
    settings.PORTAL_MODE = "production"
    with pytest.raises(CommandError, match="embedded"):
        call_command("seed_demo")
    assert not User.objects.exists()
