"""Drawing PDFs: HTML in, bytes out, drawn in child processes with limits. The portal itself never loads Pango."""

from core.pdf.answer import Attachment, Document
from core.pdf.fonts import missing_characters
from core.pdf.renderer import PdfError, PdfUnavailable, render, render_environment, render_many

__all__ = [
    "Attachment",
    "Document",
    "PdfError",
    "PdfUnavailable",
    "missing_characters",
    "render",
    "render_environment",
    "render_many",
]
