"""What passes between the portal and its drawing processes. Loads neither Django nor the drawing library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


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
