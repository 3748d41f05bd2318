"""What a service raises when it will not do something. Every message is a Chinese sentence for the person."""

from __future__ import annotations


class PortalError(Exception):
    """Base of refusals; `message` is shown to the person."""

    status = 400

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


class Invalid(PortalError):
    """The input cannot be used; `errors` maps a field (or row) to its messages."""

    status = 422

    def __init__(self, message: str, errors: dict[str, list[str]] | None = None):
        super().__init__(message)
        self.errors = errors or {}


class Forbidden(PortalError):
    """Seen, but this person may not do it."""

    status = 403


class Conflict(PortalError):
    """The present state does not allow it, or somebody was faster."""

    status = 409
