"""合订本: issued PDFs bound into one file, with cover, contents and numbers through the whole.

The ledgers are not drawn again: their pages and the files they carry are taken as they were issued. One document of all
of them would need six times the memory and be other print. The volume is PDF/A-3b like they are: its front brings what
the format asks of a document, every part its own fonts.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from core import pdf
from core.canonical import text_digest
from core.errors import Invalid
from core.models import StoredFile
from core.services import files
from ledgers.selectors.filing import Document
from ledgers.services.rendering import PDF

STYLE = "static/css/pdf_volume.css"
TEMPLATES = ("volume.html", "volume_numbers.html")
FORM = "/PageNumberOfTheVolume"
MOST_DRAWINGS_OF_THE_FRONT = 4
Step = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands on the cover, and when the volume was made: as its ledgers, on the day of publishing."""

    title: str
    name: str
    lines: tuple[str, ...]
    at: datetime
    label: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """A ledger in the volume: its PDF, where it starts (an odd page) and how many pages it has."""

    document: Document
    reader: PdfReader
    start: int
    pages: int


def store_volume(cover: Cover, documents: list[Document], step: Step) -> tuple[StoredFile, int]:
    """Bind and keep it; the file and the number of its pages. `step` is told after each ledger."""
    content, pages = volume_bytes(cover, documents, step)
    return files.store_bytes(content, media_type=PDF), pages


def volume_bytes(cover: Cover, documents: list[Document], step: Step) -> tuple[bytes, int]:
    """The volume and the number of its pages; the same ledgers give the same bytes."""
    readers = [(document, PdfReader(io.BytesIO(files.read_file(document.pdf)))) for document in documents]
    front, bound = _front_and_places(cover, readers)
    writer = _begun_with(front, documents)
    _add_files(writer, [reader for _, reader in readers])
    for done, one in enumerate(bound, 1):
        _add_pages(writer, one.reader)
        step(done)
    _number_pages(writer)
    _add_bookmarks(writer, bound)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue(), len(writer.pages)


def _front_and_places(cover: Cover, readers: list[tuple[Document, PdfReader]]) -> tuple[PdfReader, list[Bound]]:
    """Cover and contents, and where each ledger starts behind them: drawn again until the length of the contents fits
    the page numbers in it.
    """
    _refuse_missing_characters(cover, [document for document, _ in readers])
    front_pages = 4
    for _ in range(MOST_DRAWINGS_OF_THE_FRONT):
        bound = _places(readers, front_pages + 1)
        front = PdfReader(io.BytesIO(_draw_front(cover, bound)))
        if even(len(front.pages)) == front_pages:
            return front, bound
        front_pages = even(len(front.pages))
    raise Invalid("合订本目录页数不稳定，未生成。请把月份告诉系统管理员。")


def even(pages: int) -> int:
    """With the blank page that lets the next part start on an odd one."""
    return pages + pages % 2


def _places(readers: list[tuple[Document, PdfReader]], first: int) -> list[Bound]:
    bound, start = [], first
    for document, reader in readers:
        bound.append(Bound(document, reader, start, len(reader.pages)))
        start += even(len(reader.pages))
    return bound


def _refuse_missing_characters(cover: Cover, documents: list[Document]) -> None:
    text = "".join([cover.title, cover.name, *cover.lines, *(document.filed.card.name for document in documents)])
    missing = "".join(sorted(pdf.missing_characters(text)))
    if missing:
        raise Invalid(f"字体中缺少字符“{missing}”，合订本未生成。请安装含该字的字体。")


def _draw_front(cover: Cover, bound: list[Bound]) -> bytes:
    seen = {"cover": cover, "groups": list(_groups(bound))}
    return pdf.render(render_to_string("pdf/volume.html", seen), css=style(), at=cover.at)


def _draw_numbers(shapes: list[bool]) -> bytes:
    """Sheets with nothing but their number, each as wide as the page it goes on (`True`: across)."""
    return pdf.render(render_to_string("pdf/volume_numbers.html", {"shapes": shapes}), css=style())


@lru_cache(maxsize=1)
def style() -> str:
    return (Path(settings.BASE_DIR) / STYLE).read_text("utf-8")


@lru_cache(maxsize=1)
def volume_layout() -> str:
    """Digest of templates and style: a changed layout is another volume."""
    folder = Path(settings.BASE_DIR) / "templates" / "pdf"
    return text_digest("\n".join([style(), *((folder / name).read_text("utf-8") for name in TEMPLATES)]))


def _begun_with(front: PdfReader, documents: list[Document]) -> PdfWriter:
    """The front with its catalog: metadata, colours, language, title. Bookmarks and identifier are the whole's."""
    writer = PdfWriter(clone_from=front)
    writer.pdf_header = front.pdf_header
    writer._root_object.pop("/Outlines", None)
    identifier = ByteStringObject(text_digest(" ".join(document.pdf.sha256 for document in documents))[:32].encode())
    writer._ID = ArrayObject([identifier, identifier])
    decimal = DictionaryObject({NameObject("/S"): NameObject("/D")})
    writer._root_object[NameObject("/PageLabels")] = DictionaryObject(
        {NameObject("/Nums"): ArrayObject([NumberObject(0), decimal])}
    )
    _pad(writer, front)
    return writer


def _add_pages(writer: PdfWriter, reader: PdfReader) -> None:
    """All pages, and a blank one where the next part would start on an even page."""
    writer.append(reader, import_outline=False)
    _pad(writer, reader)


def _pad(writer: PdfWriter, reader: PdfReader) -> None:
    if len(reader.pages) % 2:
        last = reader.pages[-1].mediabox
        writer.add_blank_page(last.width, last.height)


def _add_files(writer: PdfWriter, readers: list[PdfReader]) -> None:
    """The files of all parts, named and dated as they were: whoever has the volume has every ledger's content."""
    found = (one.get_object() for reader in readers for one in reader.root_object.get("/AF", ()))
    files = {str(one["/UF"]): writer._add_object(one.clone(writer)) for one in found}
    if not files:
        return
    ordered = [part for name in sorted(files) for part in (TextStringObject(name), files[name])]
    tree = DictionaryObject({NameObject("/Names"): ArrayObject(ordered)})
    writer._root_object[NameObject("/Names")] = DictionaryObject({NameObject("/EmbeddedFiles"): tree})
    writer._root_object[NameObject("/AF")] = ArrayObject(files.values())


def _number_pages(writer: PdfWriter) -> None:
    """Lay each page's number over it as a form: what was issued stays as it was, packed and unread."""
    shapes = [page.mediabox.width > page.mediabox.height for page in writer.pages]
    numbers = PdfReader(io.BytesIO(_draw_numbers(shapes)))
    before, after = (writer._add_object(_stream(text)) for text in (b"q\n", f"\nQ\n{FORM} Do\n".encode()))
    for page, number in zip(writer.pages, numbers.pages, strict=True):
        form = writer._add_object(_form(number, writer))
        page[NameObject("/Resources")] = _with_form(page, form)
        page[NameObject("/Contents")] = ArrayObject([before, *_contents(page), after])


def _stream(content: bytes) -> DecodedStreamObject:
    made = DecodedStreamObject()
    made.set_data(content)
    return made


def _form(number: PageObject, writer: PdfWriter) -> DecodedStreamObject:
    """A page as something to draw on another."""
    form = _stream(b"\n".join(one.get_object().get_data() for one in _contents(number)))
    form[NameObject("/Type")], form[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
    form[NameObject("/BBox")] = ArrayObject(number.mediabox)
    form[NameObject("/Resources")] = number["/Resources"].clone(writer)
    return form


def _with_form(page: PageObject, form: IndirectObject) -> DictionaryObject:
    """The page's own copy of its resources: the pages of a document share theirs."""
    shared = page.get("/Resources", DictionaryObject()).get_object()
    forms = DictionaryObject(shared.get("/XObject", DictionaryObject()).get_object())
    forms[NameObject(FORM)] = form
    own = DictionaryObject(shared)
    own[NameObject("/XObject")] = forms
    return own


def _contents(page: PageObject) -> list[Any]:
    """References to what a page draws; a blank one draws nothing."""
    if "/Contents" not in page:
        return []
    found = page.raw_get("/Contents")
    return list(found.get_object()) if isinstance(found.get_object(), ArrayObject) else [found]


def _add_bookmarks(writer: PdfWriter, bound: list[Bound]) -> None:
    """A mark a ledger, under its street where it has one."""
    writer.add_outline_item(title="目录", page_number=2)
    for name, rows in _groups(bound):
        parent = writer.add_outline_item(title=name, page_number=rows[0].start - 1)
        for one in rows:
            card = one.document.filed.card
            writer.add_outline_item(title=f"{card.name} {card.kind_label}", page_number=one.start - 1, parent=parent)


def _groups(bound: list[Bound]) -> Iterator[tuple[str, list[Bound]]]:
    for name, rows in groupby(bound, key=lambda one: one.document.filed.group):
        yield name, list(rows)
