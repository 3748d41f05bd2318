"""Workbooks in tests: made, changed, previewed and written through the pages."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from core.sheets.writing import SheetColumn, SheetOut, workbook_of


def previewed(client: Any, address: str, content: bytes, name: str = "表.xlsx") -> Any:
    return client.post(address, {"act": "preview", "file": SimpleUploadedFile(name, content)})


def written(client: Any, address: str, content: bytes) -> Any:
    """Previewed and then written."""
    text = previewed(client, address, content).content.decode()
    hidden = dict(re.findall(r'name="(token|seen)" value="(\w+)"', text))
    return client.post(address, hidden | {"act": "apply"})


def sheet(name: str, headings: Sequence[str], *lines: Sequence[str]) -> bytes:
    return workbook_of([SheetOut(name, [SheetColumn(one) for one in headings], lines)])


def changed(content: bytes, change: Callable[[Any], None]) -> bytes:
    workbook = load_workbook(io.BytesIO(content))
    change(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def texts_of(content: bytes, name: str) -> list[list[str]]:
    """The cells of a sheet, empty ones as empty texts."""
    rows = load_workbook(io.BytesIO(content))[name].iter_rows(values_only=True)
    return [[str(cell or "") for cell in row] for row in rows]


def faults_of(answer: Any) -> list[str]:
    return re.findall(r"<li>(工作表[^<]+)</li>", answer.content.decode())
