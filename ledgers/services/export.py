"""A month in a folder: PDFs, workbooks, index and a manifest with the SHA-256 of every file. The same twice is once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.services.outgoing import refuse_others, write_file
from ledgers.calc import words
from ledgers.selectors.filing import documents_of
from ledgers.services.package import Entry, Piece, index_pieces, pieces_of
from scoring.models import Publication

MANIFEST = "manifest.json"
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Exported:
    """How many files were written now, and how many lay there already."""

    ledgers: int
    written: int
    kept: int


def export_publication(publication: Publication, folder: Path, tell: Callable[[int, int], None]) -> Exported:
    """Write what is not there; Conflict, and nothing written, when a file there says something else. The manifest
    comes last, so a folder that has one is whole.
    """
    documents = documents_of(publication)
    pieces, entries = [], []
    for done, document in enumerate(documents, 1):
        pdf, xlsx, entry = pieces_of(document)
        pieces += [pdf, xlsx]
        entries.append(entry)
        tell(done, len(documents))
    pieces += index_pieces(title_of(publication), entries)
    pieces.append(_manifest(publication, entries, pieces))
    refuse_others(folder, [(piece.path, piece.content) for piece in pieces])
    written = sum(write_file(folder / piece.path, piece.content) for piece in pieces)
    return Exported(len(documents), written, len(pieces) - written)


def title_of(publication: Publication) -> str:
    content = publication.data
    return f"{words.month_words(content['month'])}{content['title']}月度考评台账"


def _manifest(publication: Publication, entries: list[Entry], pieces: list[Piece]) -> Piece:
    """Paths with their digests; the numbers of the ledgers beside theirs."""
    numbers = {path: entry.document.ledger.number for entry in entries for path in (entry.pdf_path, entry.xlsx_path)}
    content = {
        "schema": SCHEMA,
        "month": publication.data["month"],
        "publication": publication.number,
        "content_sha256": publication.sha256,
        "files": [
            {
                "path": piece.path,
                "sha256": piece.sha256,
                "size": len(piece.content),
                **({"number": numbers[piece.path]} if piece.path in numbers else {}),
            }
            for piece in sorted(pieces, key=lambda piece: piece.path)
        ],
    }
    return Piece(MANIFEST, json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8"))
