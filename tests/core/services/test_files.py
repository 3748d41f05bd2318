"""Files are kept once, whole or not at all, and handed out by a view only."""

import logging
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.http import FileResponse

from core import clock
from core.errors import Conflict
from core.models import StoredFile
from core.services import files

pytestmark = pytest.mark.django_db
SHA256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


def kept(settings) -> list[str]:
    root = Path(settings.FILE_STORE)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_the_path_follows_from_the_content(settings):
    stored = files.store_bytes(b"hello", media_type="text/plain")
    assert (stored.sha256, stored.size, stored.media_type) == (SHA256, 5, "text/plain")
    assert kept(settings) == [f"2c/f2/{SHA256}"]
    assert files.read_file(stored) == b"hello"


def test_the_same_content_twice_is_one_file_and_one_row(settings):
    first = files.store_bytes(b"hello", media_type="text/plain")
    second = files.store_chunks([b"he", b"", b"llo"], media_type="application/octet-stream")
    assert first == second
    assert (StoredFile.objects.count(), len(kept(settings))) == (1, 1)


def test_an_upload_that_breaks_off_leaves_nothing(settings):
    def chunks():
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        files.store_chunks(chunks(), media_type="text/plain")
    assert (StoredFile.objects.count(), kept(settings)) == (0, [])


def test_what_a_killed_process_left_is_removed_after_a_day_and_nothing_else(settings, caplog):
    stored = files.store_bytes(b"hello", media_type="text/plain")
    root = Path(settings.FILE_STORE)
    for name, hours in (("incoming-old", 25), ("incoming-new", 23), ("other", 25)):
        (root / name).write_bytes(b"half")
        long_ago(root / name, hours)
    long_ago(files.path_of(stored.sha256), 25)
    with caplog.at_level(logging.WARNING, logger="core.services.files"):
        assert (files.remove_leftovers(), files.remove_leftovers()) == (1, 0)
    assert kept(settings) == [f"2c/f2/{SHA256}", "incoming-new", "other"]
    assert [record.getMessage() for record in caplog.records] == [
        "removed incoming-old, 4 bytes that were never finished"
    ]


def long_ago(path: Path, hours: int) -> None:
    moment = (clock.now() - timedelta(hours=hours)).timestamp()
    os.utime(path, (moment, moment))


def test_a_damaged_file_is_noticed(settings):
    stored = files.store_bytes(b"hello", media_type="text/plain")
    assert files.is_intact(stored)
    files.path_of(stored.sha256).write_bytes(b"hellO")
    assert not files.is_intact(stored)
    files.path_of(stored.sha256).unlink()
    assert not files.is_intact(stored)


def test_a_missing_file_is_said_in_words():
    with pytest.raises(Conflict, match="文件不在存储中"):
        files.open_file(StoredFile(sha256="a" * 64))


def test_storing_again_mends_a_damaged_file():
    stored = files.store_bytes(b"hello", media_type="text/plain")
    files.path_of(stored.sha256).write_bytes(b"")
    files.store_bytes(b"hello", media_type="text/plain")
    assert files.is_intact(stored)


def test_handed_out_by_the_web_process(settings):
    settings.FILE_ACCEL_PREFIX = ""
    stored = files.store_bytes(b"hello", media_type="application/pdf")
    response = files.file_response(stored, "府后 2026-10.pdf")
    assert isinstance(response, FileResponse)
    assert b"".join(response) == b"hello"
    assert response.headers["Content-Disposition"] == "attachment; filename*=utf-8''%E5%BA%9C%E5%90%8E%202026-10.pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Length"] == "5"


def test_handed_out_by_the_proxy(settings):
    settings.FILE_ACCEL_PREFIX = "/protected-files/"
    stored = files.store_bytes(b"hello", media_type="application/pdf")
    response = files.file_response(stored, "a.pdf", inline=True)
    assert (response.content, response.headers["X-Accel-Redirect"]) == (b"", f"/protected-files/2c/f2/{SHA256}")
    assert response.headers["Content-Disposition"] == 'inline; filename="a.pdf"'


@pytest.mark.parametrize("name", ['a"b.pdf', "a\r\nX-Evil: 1.pdf", "../../etc/passwd", "名" * 300])
def test_a_file_name_cannot_leave_its_header(settings, name):
    settings.FILE_ACCEL_PREFIX = "/protected-files/"
    stored = files.store_bytes(b"hello", media_type="application/pdf")
    header = files.file_response(stored, name).headers["Content-Disposition"]
    assert header.isascii()
    assert "\n" not in header
    assert "X-Evil" not in files.file_response(stored, name).headers
