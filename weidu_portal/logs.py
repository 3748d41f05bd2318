"""Logging: one line of `key=value` a request on standard error; whoever runs the process keeps it."""

from __future__ import annotations

import logging
from typing import Any

import structlog
from structlog.typing import EventDict

# The end of a request says all that its beginning would.
START_LEVEL = logging.DEBUG


def without_query(logger: Any, method: str, event: EventDict) -> EventDict:
    """What somebody searched for, a name for example, is no business of the log."""
    if "request" in event:
        event["request"] = str(event["request"]).partition("?")[0]
    return event


def configure_structlog() -> None:
    """Structured lines go through the standard library, so that the levels of `logging_for` hold for them."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            without_query,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def logging_for(*, is_embedded: bool) -> dict[str, Any]:
    """Django's LOGGING: every request in production, failed ones alone in embedded mode."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"stderr": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "django_structlog": {"level": "ERROR" if is_embedded else "INFO"},
            # A missing page has its request line; an exception keeps its traceback.
            "django.request": {"level": "ERROR"},
        },
    }
