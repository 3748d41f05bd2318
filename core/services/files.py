"""Files are kept once by content: temp → fsync → SHA-256 → rename → row. Nothing is served by address alone."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import IO, BinaryIO

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from core import clock
from core.errors import Conflict
from core.models import StoredFile

log = logging.getLogger(__name__)

CHUNK = 1024 * 1024
INCOMING = "incoming-"
# Nothing writes that long: no request, and no job, whose lease would have run out.
LEFT_AFTER = timedelta(days=1)


def store_bytes(content: bytes, *, media_type: str) -> StoredFile:
    """Keep `content`; the same content twice is the same row and the same file."""
    return store_chunks([content], media_type=media_type)


def store_chunks(chunks: Iterable[bytes], *, media_type: str) -> StoredFile:
    """Keep what an upload yields, without ever holding it whole in memory."""
    root = Path(settings.FILE_STORE)
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=root, prefix=INCOMING, delete=False) as incoming:
        try:
            sha256, size = _write(incoming, chunks)
            target = path_of(sha256)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(incoming.name, target)
        except BaseException:
            Path(incoming.name).unlink(missing_ok=True)
            raise
    _sync_folder(target.parent)
    with transaction.atomic():
        return StoredFile.objects.get_or_create(sha256=sha256, defaults={"size": size, "media_type": media_type})[0]


def remove_leftovers() -> int:
    """Remove what a process that was killed while writing left behind; how many files. Kept files have no such name."""
    before = (clock.now() - LEFT_AFTER).timestamp()
    return sum(_remove_if_older(path, before) for path in sorted(Path(settings.FILE_STORE).glob(f"{INCOMING}*")))


def _remove_if_older(path: Path, before: float) -> bool:
    try:
        found = path.stat()
        if found.st_mtime >= before:
            return False
        path.unlink()
    except FileNotFoundError:
        return False
    log.warning("removed %s, %s bytes that were never finished", path.name, found.st_size)
    return True


def _write(target: IO[bytes], chunks: Iterable[bytes]) -> tuple[str, int]:
    sha256, size = hashlib.sha256(), 0
    for chunk in chunks:
        target.write(chunk)
        sha256.update(chunk)
        size += len(chunk)
    target.flush()
    os.fchmod(target.fileno(), 0o640)
    os.fsync(target.fileno())
    return sha256.hexdigest(), size


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def path_of(sha256: str) -> Path:
    """Where content with this digest lies."""
    return Path(settings.FILE_STORE) / relative_path(sha256)


def relative_path(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def open_file(stored: StoredFile) -> BinaryIO:
    """The file for reading; Conflict when it is not on the disk (a restore without its files)."""
    try:
        return path_of(stored.sha256).open("rb")
    except FileNotFoundError as error:
        raise Conflict("文件不在存储中，请联系系统管理员从备份恢复。") from error


def read_file(stored: StoredFile) -> bytes:
    """The whole content."""
    with open_file(stored) as source:
        return source.read()


def is_intact(stored: StoredFile) -> bool:
    """Whether the file on the disk is there and still has the digest of its row."""
    path = path_of(stored.sha256)
    if not path.is_file() or path.stat().st_size != stored.size:
        return False
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest() == stored.sha256


def file_response(stored: StoredFile, filename: str, *, inline: bool = False) -> HttpResponseBase:
    """Hand out a file after the view has decided that the person may have it.

    Behind the proxy the proxy sends it (X-Accel-Redirect to the internal location FILE_ACCEL_PREFIX).
    """
    prefix = settings.FILE_ACCEL_PREFIX
    response: HttpResponseBase
    if prefix:
        response = HttpResponse(content_type=stored.media_type)
        response["X-Accel-Redirect"] = prefix + relative_path(stored.sha256)
    else:
        response = FileResponse(open_file(stored), content_type=stored.media_type)
        response["Content-Length"] = str(stored.size)
    response["Content-Disposition"] = content_disposition_header(not inline, filename) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
