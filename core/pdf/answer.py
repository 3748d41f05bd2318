"""What passes between the portal and its drawing processes. Loads neither Django nor the drawing library."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Attachment:
    """A file inside a PDF, given as bytes: nothing is read from anywhere. `at` dates it, so that bytes repeat."""

    name: str
    content: bytes
    description: str
    at: datetime


@dataclass(frozen=True)
class Document:
    """One document to draw: its HTML, a title that replaces the HTML's own, what is attached, and when it was made."""

    html: str
    title: str = ""
    attachments: tuple[Attachment, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True)
class Refusal:
    """Why there are no bytes: a key of `renderer.MESSAGES` or `unavailable`; the detail is for the log."""

    code: str
    detail: str


def prepare(*arguments: Any) -> None:
    from core.pdf import child

    child.prepare(*arguments)


def draw(*arguments: Any) -> bytes | Refusal:
    from core.pdf import child

    return child.draw(*arguments)


def environment() -> list[str] | Refusal:
    from core.pdf import child

    return child.environment()
