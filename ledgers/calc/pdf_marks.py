"""Which ledger a PDF says it is, and what content it carries, found without trusting the file. Pure.

Every ledger names its number in the metadata and carries its body as a file inside; both may lie in packed streams.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from ledgers.calc.limits import ON_THE_WEB, Limits

STREAM = re.compile(rb"stream\r?\n")
NUMBER = re.compile(
    rb"(?:community|street|task_force|ranking|items|notice|brief)-[0-9A-Za-z-]{1,40}-[0-9]{4}-[0-9]{2}-[0-9]{1,4}"
)
MOST_OF_A_STREAM = 1024 * 1024
MOST_STREAMS = 20_000


class Carried(NamedTuple):
    """A body inside a file: the number it names and the digest of its bytes."""

    number: str
    sha256: str


class Marks(NamedTuple):
    """What a file says it is: the bodies it carries inside, and the numbers it gives itself, those of bodies first."""

    carried: list[Carried]
    numbers: list[str]


def marks_of(content: bytes, limits: Limits = ON_THE_WEB) -> Marks:
    """The marks of a file, as far as the limits allow.

    What a body says of last month's ledger is not its own number.
    """
    carried, named = [], []
    for text in _texts(content, limits.bytes):
        body = _body_of(text)
        if is_number(body.get("number")):
            carried.append(Carried(body["number"], hashlib.sha256(text).hexdigest()))
        if not body:
            named += [match.decode() for match in NUMBER.findall(text)]
    return Marks(list(dict.fromkeys(carried)), list(dict.fromkeys([*(one.number for one in carried), *named])))


def is_number(value: Any) -> bool:
    """Whether a value of a strange file has the form of a ledger's number."""
    return isinstance(value, str) and NUMBER.fullmatch(value.encode("ascii", "replace")) is not None


def _body_of(text: bytes) -> dict[str, Any]:
    """The canonical JSON a stream is, or nothing."""
    if not (text.startswith(b'{"') and text.endswith(b"}") and b'"schema":' in text):
        return {}
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _texts(content: bytes, most: int) -> Iterator[bytes]:
    """The file itself and what its streams hold. What is read and what comes of it are both bounded."""
    yield content
    seen, worked = memoryview(content), 0
    for start in islice(STREAM.finditer(content), MOST_STREAMS):
        text, read = _unpacked(seen[start.end() : start.end() + MOST_OF_A_STREAM])
        worked += max(len(text), read)
        yield text
        if worked > most:
            return


def _unpacked(packed: memoryview) -> tuple[bytes, int]:
    """The text of a stream, and how many bytes were looked at for it."""
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(packed, MOST_OF_A_STREAM)
    except zlib.error:
        if packed[:2] != b'{"':
            return b"", len(packed) if _begins_as_packed(packed) else 0
        return bytes(packed).partition(b"endstream")[0].rstrip(b"\r\n"), 0
    return text, len(packed) - len(unpacking.unused_data) - len(unpacking.unconsumed_tail)


def _begins_as_packed(packed: memoryview) -> bool:
    """Whether unpacking went beyond the first bytes before it failed (RFC 1950, 2.2)."""
    return len(packed) > 1 and packed[0] & 15 == 8 and (packed[0] * 256 + packed[1]) % 31 == 0
