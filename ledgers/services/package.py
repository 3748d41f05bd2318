"""A month's ledgers as files in official order: each as PDF and workbook, and an index that names them all."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string
from pypdf import PdfReader

from core.selectors.chain import ChainMark
from core.services.files import read_file
from core.sheets.shape import Cell, Column, Sheet
from core.sheets.workbook import workbook_bytes
from ledgers.models import Ledger
from ledgers.selectors.filing import Document
from ledgers.services.spreadsheet import ledger_workbook

INDEX = "目录"
_COLUMNS = (
    *(Column("序号", 6), Column("单位", 14), Column("台账", 17), Column("编号", 28), Column("PDF 文件", 30)),
    *(Column("页数", 6), Column("PDF SHA-256", 34), Column("XLSX 文件", 30), Column("XLSX SHA-256", 34)),
    Column("内容摘要 SHA-256", 34),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A file to hand out: its path and its bytes."""

    path: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index says of a ledger."""

    document: Document
    pages: int
    pdf_sha256: str
    xlsx_sha256: str

    @property
    def pdf_path(self) -> str:
        return self.document.filed.path("pdf")

    @property
    def xlsx_path(self) -> str:
        return self.document.filed.path("xlsx")


def pages_of(content: bytes) -> int:
    """How many pages a PDF has."""
    return len(PdfReader(io.BytesIO(content)).pages)


def pieces_of(document: Document) -> tuple[Piece, Piece, Entry]:
    """A ledger's PDF and workbook, and its entry in the index."""
    content = read_file(document.pdf)
    ledger = Ledger.objects.get(pk=document.ledger.pk)
    pdf = Piece(document.filed.path("pdf"), content)
    xlsx = Piece(document.filed.path("xlsx"), ledger_workbook(ledger))
    return pdf, xlsx, Entry(document, pages_of(content), pdf.sha256, xlsx.sha256)


def index_pieces(title: str, entries: list[Entry], mark: ChainMark | None = None) -> Iterator[Piece]:
    """The index as a workbook and as a page for any browser; with the end of the audit chain where it is an anchor."""
    lines = _lines(entries, mark)
    sheet = Sheet(INDEX, f"{title}目录", _COLUMNS, tuple(_row(entry) for entry in entries), tuple(lines))
    yield Piece(f"{INDEX}.xlsx", workbook_bytes([sheet]))
    page = render_to_string("ledgers/archive_index.html", {"title": title, "lines": lines, "entries": entries})
    yield Piece(f"{INDEX}.html", page.encode("utf-8"))


def _lines(entries: list[Entry], mark: ChainMark | None) -> list[str]:
    pages = sum(entry.pages for entry in entries)
    lines = [f"共 {len(entries)} 册，{pages} 页。文件与摘要不符的，请到“台账核验”核对。"]
    if mark is not None:
        lines.append(f"审计链头：第 {mark.seq} 条，{mark.at}，{mark.hash}")
    return lines


def _row(entry: Entry) -> tuple[Cell, ...]:
    filed, ledger = entry.document.filed, entry.document.ledger
    return (
        *(filed.place, filed.card.name, filed.card.kind_label, ledger.number),
        *(entry.pdf_path, entry.pages, entry.pdf_sha256),
        *(entry.xlsx_path, entry.xlsx_sha256, ledger.body_sha256),
    )
