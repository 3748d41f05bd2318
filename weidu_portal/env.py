"""Reads the environment once and refuses mixed set-ups before anything else starts."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
INSECURE_SECRETS = ("", "change-me", "embedded-only-not-a-secret")
MIN_SECRET_LENGTH = 32


@dataclass(frozen=True)
class Environment:
    """What the environment says; `mode` is `embedded` or `production`."""

    mode: str
    data_dir: Path
    database: dict
    redis_url: str
    secret_key: str
    audit_key: str
    debug: bool
    allowed_hosts: list[str]
    csrf_trusted_origins: list[str]
    behind_https: bool
    behind_proxy: bool
    font_dir: str
    public_url: str
    host: str

    @property
    def is_embedded(self) -> bool:
        return self.mode == "embedded"


def read_environment() -> Environment:
    """Read the process environment; raises ImproperlyConfigured with the variable's name."""
    env = environ.Env()
    if (BASE_DIR / ".env").exists():
        env.read_env(str(BASE_DIR / ".env"))
    mode = env.str("PORTAL_MODE", default="")
    if mode not in ("embedded", "production"):
        raise ImproperlyConfigured("PORTAL_MODE must be 'embedded' (./run sets it) or 'production'.")
    return _embedded(env) if mode == "embedded" else _production(env)


def _embedded(env: environ.Env) -> Environment:
    for name in ("DATABASE_URL", "REDIS_URL"):
        if os.environ.get(name):
            raise ImproperlyConfigured(f"{name} is set, but PORTAL_MODE is embedded: use one set-up, not a mix.")
    data_dir = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
    return Environment(
        mode="embedded",
        data_dir=data_dir,
        database={
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data_dir / "portal.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        },
        redis_url="",
        secret_key="embedded-only-not-a-secret",
        audit_key="embedded-only-not-a-secret",
        debug=env.bool("DEBUG", default=False),
        allowed_hosts=env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"]),
        csrf_trusted_origins=env.list("CSRF_TRUSTED_ORIGINS", default=[]),
        behind_https=False,
        behind_proxy=False,
        font_dir=env.str("FONT_DIR", default=""),
        public_url=env.str("PUBLIC_URL", default="").rstrip("/"),
        host=env.str("HOST", default="127.0.0.1"),
    )


def _production(env: environ.Env) -> Environment:
    database = _required(env, "DATABASE_URL")
    if not database.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured("DATABASE_URL: PORTAL_MODE production takes PostgreSQL only.")
    return Environment(
        mode="production",
        data_dir=Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve(),
        database=_postgresql(env),
        redis_url=_required(env, "REDIS_URL"),
        **_secrets(env),
        debug=False,
        allowed_hosts=env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"]),
        csrf_trusted_origins=env.list("CSRF_TRUSTED_ORIGINS", default=[]),
        behind_https=env.bool("BEHIND_HTTPS", default=False),
        behind_proxy=env.bool("BEHIND_PROXY", default=True),
        font_dir=env.str("FONT_DIR", default=""),
        public_url=env.str("PUBLIC_URL", default="").rstrip("/"),
        host=env.str("HOST", default="127.0.0.1"),
    )


def _secrets(env: environ.Env) -> dict[str, str]:
    """Two texts: whoever learns what signs the sessions must not be able to write the audit chain anew."""
    secrets = {"secret_key": _secret(env, "SECRET_KEY"), "audit_key": _secret(env, "AUDIT_KEY")}
    if secrets["secret_key"] == secrets["audit_key"]:
        raise ImproperlyConfigured("SECRET_KEY and AUDIT_KEY must differ.")
    return secrets


def _postgresql(env: environ.Env) -> dict[str, Any]:
    """What is read through a cursor is read to its end: the planner shall not plan for the first rows alone."""
    database = env.db_url("DATABASE_URL")
    options = {"options": "-c cursor_tuple_fraction=1", **database.get("OPTIONS", {})}
    return {**database, "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=0), "OPTIONS": options}


def _required(env: environ.Env, name: str) -> str:
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is required when PORTAL_MODE is production.")
    return value


def _secret(env: environ.Env, name: str) -> str:
    value = env.str(name, default="")
    if value in INSECURE_SECRETS or len(value) < MIN_SECRET_LENGTH:
        raise ImproperlyConfigured(f"{name} must be a random text of at least {MIN_SECRET_LENGTH} characters.")
    return value
