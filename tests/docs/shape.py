"""The shape of frozen content: every path in it with the kinds of value that stand there.

    assessments[].items[].counted        amount | null
    assessments[].items[].ruling         object | null
    star_levels.*                        number

An object stands in it by its parts, and by itself only where it may be absent.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

Shape = dict[str, str]
_TEXTS = {
    "amount": r"-?\d+\.\d\d",
    "digest": r"[0-9a-f]{64}",
    "month": r"\d{4}-\d\d",
    "day": r"\d{4}-\d\d-\d\d",
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
}
# Objects whose keys are values themselves.
MAPS = {"star_levels"}


def shape_of(contents: Iterable[dict[str, Any]]) -> Shape:
    """Path → kinds, joined by ` | `, over several contents of one schema."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for content in contents:
        for path, kind in _walk("", content):
            kinds[path].add(kind)
    known = {path: _plain(found) for path, found in kinds.items()}
    said = {path: found for path, found in known.items() if found != {"object"}}
    return {path: " | ".join(sorted(found, key=lambda kind: (kind == "null", kind))) for path, found in said.items()}


def _plain(kinds: set[str]) -> set[str]:
    """Text that sometimes looks like a time or an amount is text; an empty list says nothing of its parts."""
    known = kinds - {"nothing"} if len(kinds) > 1 else kinds
    return (known - set(_TEXTS)) if "text" in known else known


def _walk(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        yield path, "object"
        for key, part in value.items():
            name = "*" if path in MAPS else key
            yield from _walk(f"{path}.{name}" if path else name, part)
        return
    if isinstance(value, list):
        if not value:
            yield f"{path}[]", "nothing"
        for part in value:
            yield from _walk(f"{path}[]", part)
        return
    yield path, _kind(value)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "yes/no"
    if isinstance(value, int):
        return "number"
    assert isinstance(value, str), f"no {type(value).__name__} in frozen content"
    return next((kind for kind, pattern in _TEXTS.items() if re.fullmatch(pattern, value)), "text")
