"""Which ledger a PDF says it is: the number in its metadata, found without trusting the file. Pure."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

STREAM = re.compile(rb"stream\r?\n")
NUMBER = re.compile(rb"(?:community|street|task_force|ranking)-[0-9A-Za-z-]{1,40}-[0-9]{4}-[0-9]{2}-[0-9]{1,4}")
MOST_OF_A_STREAM = 1024 * 1024
MOST_IN_ALL = 16 * 1024 * 1024


def numbers_in(content: bytes) -> list[str]:
    """Ledger numbers that stand in the file, plain or in a packed stream, in order; at most 16 MiB are unpacked."""
    found = [match.decode() for text in _texts(content) for match in NUMBER.findall(text)]
    return list(dict.fromkeys(found))


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
        return b""
