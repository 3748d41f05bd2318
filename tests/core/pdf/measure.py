"""Reading a drawn page with a ruler: characters with their boxes, faces and sizes, from the top left corner."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

MM = 72 / 25.4


@dataclass(frozen=True)
class Mark:
    """One visible character: its ink in millimetres from the left and from the top of the page."""

    character: str
    left: float
    top: float
    right: float
    bottom: float
    origin: tuple[float, float]
    face: str
    size: float


@dataclass(frozen=True)
class Page:
    """Width and height in millimetres, and what stands on it."""

    width: float
    height: float
    marks: list[Mark]

    @property
    def text(self) -> str:
        return "".join(mark.character for mark in self.marks)

    def inside(self, left: float, top: float, right: float, bottom: float) -> list[Mark]:
        """The marks wholly inside a box given in millimetres."""
        return [m for m in self.marks if m.left >= left and m.right <= right and m.top >= top and m.bottom <= bottom]


def pages_of(content: bytes) -> list[Page]:
    """Every page of a PDF, measured."""
    document = pdfium.PdfDocument(content)
    try:
        return [_page(document[number]) for number in range(len(document))]
    finally:
        document.close()


def _page(page: pdfium.PdfPage) -> Page:
    width, height = page.get_size()
    return Page(width / MM, height / MM, list(_marks(page.get_textpage(), height)))


def _marks(text: pdfium.PdfTextPage, height: float) -> Iterator[Mark]:
    for number in range(text.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(text, number))
        if not character.isspace() and not raw.FPDFText_IsGenerated(text, number):
            yield _mark(text, number, character, height)


def _mark(text: pdfium.PdfTextPage, number: int, character: str, height: float) -> Mark:
    left, bottom, right, top = text.get_charbox(number)
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, number, x, y)
    return Mark(
        character,
        left / MM,
        (height - top) / MM,
        right / MM,
        (height - bottom) / MM,
        (x.value / MM, (height - y.value) / MM),
        _face(text, number),
        round(raw.FPDFText_GetFontSize(text, number) * _scale(text, number), 2),
    )


def _scale(text: pdfium.PdfTextPage, number: int) -> float:
    """The drawing library writes sizes in CSS pixels and lets the text matrix turn them into points."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, number, matrix)
    return math.hypot(matrix.a, matrix.b)


def _face(text: pdfium.PdfTextPage, number: int) -> str:
    name = ctypes.create_string_buffer(200)
    raw.FPDFText_GetFontInfo(text, number, name, 200, ctypes.c_int())
    return name.value.decode().rpartition("+")[2]
