"""Small real PDFs in place of drawn ledgers, for tests of what is done with them."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfWriter

from tests.ledgers.conftest import draw_by_stand_in

UPRIGHT, ACROSS = (595, 842), (842, 595)
PAGES = {"notice": 2, "brief": 2, "ranking": 2, "items": 2, "task_force": 3, "street": 1, "community": 3}


def small_pdf(number: str) -> bytes:
    """As many blank pages as the kind of ledger has here; a ranking stands upright, the others lie across."""
    writer = PdfWriter()
    kind = number.partition("-")[0]
    for _ in range(PAGES[kind]):
        writer.add_blank_page(*(UPRIGHT if kind == "ranking" else ACROSS))
    writer.add_metadata({"/Keywords": number})
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def draw_small_pdfs(monkeypatch: pytest.MonkeyPatch) -> None:
    from ledgers.services import drawing

    draw_by_stand_in(monkeypatch)

    def draw_many(bodies):  # type: ignore[no-untyped-def]
        for key, body, _stamp in bodies:
            yield key, small_pdf(body["number"])

    monkeypatch.setattr(drawing, "draw_many", draw_many)
