"""The near side: an uploaded workbook becomes sheets of texts, or is refused in words; nothing of it stays behind."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File

from core.errors import Invalid

MAX_BYTES = 10 * 1024 * 1024
SECONDS = 20
_START = (
    "import sys; sys.path.append(sys.argv.pop(1)); "
    "from pathlib import Path; from core.sheets.child import main; main(Path(sys.argv[1]))"
)
_UNREADABLE = "表格无法检查（过于复杂或已损坏），请用 WPS 或 Excel 另存一份再传。"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: the rows that say something by their number from 1, the first cells of merged ranges."""

    name: str
    is_hidden: bool
    rows: list[tuple[int, list[str]]]
    merged: set[tuple[int, int]]


def read_workbook(upload: File[bytes]) -> list[Sheet]:
    """The sheets of an .xlsx file, read in a child process with limits; Invalid (field `file`) in Chinese."""
    size = upload.size or 0
    if size == 0:
        raise _invalid("文件是空的（0 字节），请重新选择。")
    if size > MAX_BYTES:
        raise _invalid(f"文件有 {size / 1024 / 1024:.1f} MB，最多 {MAX_BYTES // 1024 // 1024} MB。")
    with tempfile.TemporaryDirectory(prefix="sheet-") as folder:
        source = Path(folder) / "source"
        with source.open("wb") as opened:
            for chunk in upload.chunks():
                opened.write(chunk)
        return [_sheet(found) for found in _ask(source)["sheets"]]


def _sheet(found: dict[str, Any]) -> Sheet:
    rows = [(number, cells) for number, cells in found["rows"]]
    return Sheet(found["name"], found["is_hidden"], rows, {(row, column) for row, column in found["merged"]})


def _ask(source: Path) -> dict[str, Any]:
    """What the child says; a child that was stopped by its limits says nothing."""
    command = [sys.executable, "-I", "-c", _START, str(settings.BASE_DIR), str(source)]
    try:
        answer = subprocess.run(
            command, capture_output=True, timeout=SECONDS, env={"LANG": "C.UTF-8"}, cwd=source.parent, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _invalid(_UNREADABLE) from error
    if answer.returncode != 0:
        raise _invalid(_UNREADABLE)
    found: dict[str, Any] = json.loads(answer.stdout)
    if "refusal" in found:
        raise _invalid(found["refusal"])
    return found


def _invalid(message: str) -> Invalid:
    return Invalid(message, {"file": [message]})
