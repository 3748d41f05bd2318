"""What every ledger has in common: its number, its months and who published it."""

from __future__ import annotations

from typing import Any

from ledgers.calc import words

Content = dict[str, Any]
Body = dict[str, Any]
Previous = dict[str, str]

SCHEMA = 1
_SHOWS_PLACES = ("order", "with_points")


class NotInContent(LookupError):
    """The organisation has no assessment in this content."""


def ledger_number(kind: str, organisation_code: str, month: str, revision: int) -> str:
    """Kind-code-month-revision: derived, not drawn. `community-411002001006-2026-10-1`."""
    return f"{kind}-{organisation_code}-{month}-{revision}"


def is_open_to_all(content: Content) -> bool:
    """Whether the publication lets everybody who takes part see the places."""
    return content["rules"]["visibility"] in _SHOWS_PLACES


def is_read_by_all(kind: str, content: Content) -> bool:
    """Whether everybody who takes part reads this paper: the 通报 is for all, what shows places where all see them."""
    return kind == "notice" or (kind in ("ranking", "brief") and is_open_to_all(content))


def places_shown(content: Content) -> dict[str, dict[str, Any]]:
    """Standings by organisation where everybody may see them; none in a trial."""
    if content["kind"] == "trial" or not is_open_to_all(content):
        return {}
    return {standing["organisation"]: standing for standing in content["standings"]}


def frame(content: Content, kind: str, organisation_code: str, previous: Previous) -> Body:
    is_draft = content["kind"] == "trial"
    return {
        "schema": SCHEMA,
        "kind": kind,
        "number": "" if is_draft else ledger_number(kind, organisation_code, content["month"], content["number"]),
        "revision": 0 if is_draft else content["number"],
        "is_draft": is_draft,
        "programme": content["title"],
        "month": content["month"],
        "month_name": words.month_words(content["month"]),
        "estimate": words.ESTIMATED,
        "published": None if is_draft else _published(content["published"]),
        "previous": {} if is_draft else previous,
    }


def _published(published: dict[str, Any]) -> dict[str, str]:
    return {
        "by": published["by"],
        "position": published["position"],
        "second_by": published["second_by"] or "",
        "reason": published["reason"],
        "at": published["at"],
        "on": words.day_words(published["at"]),
    }
