"""The PDFs inside a ZIP, read without trusting it: how many, how large, what each is called. Pure."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import NamedTuple

MOST_FILES = 40
MOST_ENTRIES = 400
MOST_BYTES = 16 * 1024 * 1024


class Unreadable(ValueError):
    """Why a ZIP is not looked into, in a Chinese sentence that says what to do."""


class Packed(NamedTuple):
    """A PDF in a ZIP: its name without folders, and its bytes."""

    name: str
    content: bytes


def is_zip(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def pdfs_in(content: bytes) -> list[Packed]:
    """The PDFs of a ZIP in its order; raises Unreadable. At most MOST_BYTES are unpacked, whatever the ZIP says."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise Unreadable("这个 ZIP 打不开，或者加了密。请解开以后，逐个核验其中的 PDF。") from error


def _read(archive: zipfile.ZipFile) -> list[Packed]:
    entries = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".pdf")]
    if len(entries) > MOST_FILES or len(archive.infolist()) > MOST_ENTRIES:
        raise Unreadable(f"这个 ZIP 里的台账超过 {MOST_FILES} 册。请按街道打包，或者解开以后逐个核验。")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Unreadable("这个 ZIP 解开以后太大。请解开以后，逐个核验其中的 PDF。")
    return [_packed(archive, entry) for entry in entries]


def _packed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Packed:
    """No more than the entry promised: one that lies about its size is cut, and then is not what was issued."""
    with archive.open(entry) as source:
        return Packed(entry.filename.rpartition("/")[2], source.read(entry.file_size + 1))
