"""The near side: an uploaded workbook becomes sheets of texts, or is refused in words; nothing of it stays behind."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.base import File

from core.uploads.apart import ask_child, check_size, put

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
    check_size(upload)
    with tempfile.TemporaryDirectory(prefix="sheet-") as folder:
        source = Path(folder) / "source"
        put(upload, source)
        answer = ask_child("core.sheets.child", source, unreadable=_UNREADABLE)
        return [_sheet(found) for found in answer["sheets"]]


def _sheet(found: dict[str, Any]) -> Sheet:
    rows = [(number, cells) for number, cells in found["rows"]]
    return Sheet(found["name"], found["is_hidden"], rows, {(row, column) for row, column in found["merged"]})
