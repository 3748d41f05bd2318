"""Which ledger a PDF says it is, and what content it carries, found without trusting the file. Pure.

Every ledger names its number in the metadata and carries its body as a file inside; both may lie in packed streams.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

STREAM = re.compile(rb"stream\r?\n")
NUMBER = re.compile(
    rb"(?:community|street|task_force|ranking|items|notice|brief)-[0-9A-Za-z-]{1,40}-[0-9]{4}-[0-9]{2}-[0-9]{1,4}"
)
MOST_OF_A_STREAM = 1024 * 1024
MOST_IN_ALL = 16 * 1024 * 1024


class Carried(NamedTuple):
    """A body inside a file: the number it names and the digest of its bytes."""

    number: str
    sha256: str


def numbers_in(content: bytes) -> list[str]:
    """Ledger numbers the file gives itself, those of bodies it carries first; at most 16 MiB are unpacked.

    What a body says of last month's ledger is not its own number.
    """
    texts = list(_texts(content))
    found = [carried.number for carried in _bodies(texts)]
    for text in texts:
        found += [match.decode() for match in NUMBER.findall(b"" if _body_of(text) else text)]
    return list(dict.fromkeys(found))


def bodies_in(content: bytes) -> list[Carried]:
    """The bodies the file carries inside."""
    return list(_bodies(_texts(content)))


def _bodies(texts: Iterator[bytes] | list[bytes]) -> Iterator[Carried]:
    for text in texts:
        body = _body_of(text)
        if body and isinstance(body.get("number"), str):
            yield Carried(body["number"], hashlib.sha256(text).hexdigest())


def _body_of(text: bytes) -> dict[str, Any]:
    """The canonical JSON a stream is, or nothing."""
    if not (text.startswith(b'{"') and text.endswith(b"}") and b'"schema":' in text):
        return {}
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _texts(content: bytes) -> Iterator[bytes]:
    yield content
    unpacked = 0
    for start in STREAM.finditer(content):
        text = _unpacked(content[start.end() :][:MOST_OF_A_STREAM])
        unpacked += len(text)
        yield text
        if unpacked > MOST_IN_ALL:
            return


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, MOST_OF_A_STREAM)
    except zlib.error:
        return packed.partition(b"endstream")[0].rstrip(b"\r\n") if packed.startswith(b'{"') else b""
