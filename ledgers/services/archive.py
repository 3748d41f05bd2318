"""The month's ledgers as one ZIP: official order, an index with the end of the audit chain; but for that it repeats."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable
from typing import IO

from core.models import StoredFile
from core.selectors.chain import chain_mark
from core.services import files
from ledgers.selectors.filing import Document
from ledgers.services.package import Piece, index_pieces, pieces_of

ZIP = "application/zip"
# A file in the ZIP may not tell when it was packed.
NO_TIME = (1980, 1, 1, 0, 0, 0)
READABLE = 0o644 << 16
Step = Callable[[int], None]


def store_archive(title: str, documents: list[Document], step: Step) -> tuple[StoredFile, int]:
    """Pack and keep it; the file and how many pages its PDFs have. `step` is told after each ledger."""
    with tempfile.TemporaryFile() as packed:
        pages = _pack(packed, title, documents, step)
        packed.seek(0)
        return files.store_chunks(iter(lambda: packed.read(files.CHUNK), b""), media_type=ZIP), pages


def _pack(target: IO[bytes], title: str, documents: list[Document], step: Step) -> int:
    entries = []
    with zipfile.ZipFile(target, "w") as archive:
        for done, document in enumerate(documents, 1):
            pdf, xlsx, entry = pieces_of(document)
            _add(archive, title, pdf)
            _add(archive, title, xlsx)
            entries.append(entry)
            step(done)
        for piece in index_pieces(title, entries, chain_mark()):
            _add(archive, title, piece)
    return sum(entry.pages for entry in entries)


def _add(archive: zipfile.ZipFile, folder: str, piece: Piece) -> None:
    """PDF and workbook are packed already; names are UTF-8 and say so, as Windows and WPS expect."""
    entry = zipfile.ZipInfo(f"{folder}/{piece.path}", NO_TIME)
    entry.external_attr = READABLE
    is_packed = piece.path.endswith((".pdf", ".xlsx"))
    archive.writestr(entry, piece.content, zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED)
