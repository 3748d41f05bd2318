"""The PDFs inside a ZIP, read without trusting it: how many, how large, what each is called. Pure."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import NamedTuple

from ledgers.calc.limits import ON_THE_WEB, Limits

MOST_ENTRIES = 1000
# Of other methods the library unpacks the whole before it cuts.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENTRY = b"PK\x01\x02"


class Unreadable(ValueError):
    """Why a ZIP is not looked into, in a Chinese sentence that says what to do."""


class Packed(NamedTuple):
    """A PDF in a ZIP: its name without folders, and its bytes."""

    name: str
    content: bytes


def is_zip(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def pdfs_in(content: bytes, limits: Limits = ON_THE_WEB) -> list[Packed]:
    """The PDFs of a ZIP in its order, unpacked as far as the limits allow, whatever it says; raises Unreadable."""
    if content.count(_ENTRY) > MOST_ENTRIES:
        raise _too_many(limits)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive, limits)
    except (zipfile.BadZipFile, UnicodeDecodeError, RuntimeError, NotImplementedError, OSError) as error:
        raise Unreadable("这个 ZIP 打不开，或者加了密。请解开以后，逐个核验其中的 PDF。") from error


def _read(archive: zipfile.ZipFile, limits: Limits) -> list[Packed]:
    entries = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".pdf")]
    if "xl/workbook.xml" in archive.namelist():
        raise Unreadable("这是 Excel 文件，没有签章。请核验同名的 PDF。")
    if len(entries) > limits.files:
        raise _too_many(limits)
    if any(entry.compress_type not in METHODS for entry in entries):
        raise Unreadable("这个 ZIP 的压缩方式不能核验。请解开以后，逐个核验其中的 PDF。")
    if sum(entry.file_size for entry in entries) > limits.bytes:
        raise Unreadable("这个 ZIP 解开以后太大。请解开以后，逐个核验其中的 PDF。")
    return [_packed(archive, entry) for entry in entries]


def _too_many(limits: Limits) -> Unreadable:
    return Unreadable(f"这个 ZIP 里的台账超过 {limits.files} 册。请按街道打包，或者解开以后逐个核验。")


def _packed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Packed:
    """No more than the entry promised: one that lies about its size is cut, one that is damaged empty, and then it is
    not what was issued.
    """
    name = entry.filename.rpartition("/")[2]
    try:
        with archive.open(entry) as source:
            return Packed(name, source.read(entry.file_size + 1))
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return Packed(name, b"")
