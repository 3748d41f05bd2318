"""From a body to a PDF. The document reads the body and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from core import pdf
from core.canonical import canonical_bytes, canonical_text, digest, text_digest
from core.errors import Invalid

STYLE = "static/css/pdf.css"
LAYOUT = (
    "base",
    "community",
    "street",
    "task_force",
    "ranking",
    "notice",
    "brief",
    "items",
    "changes",
    "provenance",
    "signatures",
)


class Stamp(NamedTuple):
    """What a ledger carries beside its body: the digest of the body and the code to verify it by."""

    sha256: str
    code: str


DRAFT = Stamp("", "")


def document_html(body: dict[str, Any], stamp: Stamp = DRAFT) -> str:
    """The print document of a body, everything in it escaped; the stamp stands in the foot and beside the title."""
    seen = {"body": body, "sha256": stamp.sha256, "code": stamp.code, "qr": qr_picture(stamp.code)}
    return render_to_string(f"pdf/{body['kind']}.html", seen)


def qr_picture(code: str) -> str:
    """A QR picture as inline SVG: the address that verifies the paper, or the bare code where no address is set."""
    if not code:
        return ""
    text = f"{settings.PUBLIC_URL}/verify/{code}/" if settings.PUBLIC_URL else code
    picture = segno.make_qr(text, error="m").svg_inline(border=0, omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(picture)  # noqa: S308 -- markup of the library about a code of our own


def document_of(body: dict[str, Any], stamp: Stamp = DRAFT) -> pdf.Document:
    """What is drawn of a body: an issued one carries it as a file, so that the paper's digest can be recomputed."""
    html = document_html(body, stamp)
    if body["is_draft"]:
        return pdf.Document(html)
    at = datetime.fromisoformat(body["published"]["at"])
    content = canonical_bytes(body)
    attached = pdf.Attachment(f"{body['number']}.json", content, "台账内容（规范 JSON，其 SHA-256 印在每页）", at)
    return pdf.Document(html, attachments=(attached,), at=at)


def draw(body: dict[str, Any], stamp: Stamp = DRAFT) -> bytes:
    """One document as PDF; raises PortalError with a Chinese sentence that names it."""
    refuse_missing_characters(body)
    document = document_of(body, stamp)
    return pdf.render(document.html, css=style(), attachments=document.attachments, at=document.at)


def draw_many(bodies: Iterable[tuple[int, dict[str, Any], Stamp]]) -> Iterator[tuple[int, bytes | pdf.PdfError]]:
    """Many checked documents, `(key, body, stamp)` each, drawn as they are read."""
    documents = ((key, document_of(body, stamp)) for key, body, stamp in bodies)
    return pdf.render_many(documents, css=style())


def refuse_missing_characters(body: dict[str, Any]) -> None:
    """Invalid when the fonts in force lack a character: an official print never shows boxes."""
    missing = pdf.missing_characters(canonical_text(body))
    if missing:
        shown = "、".join(f"“{character}”（U+{ord(character):04X}）" for character in sorted(missing))
        raise Invalid(f"{name_of(body)}：字体中缺少字符 {shown}，未绘制。请修改文字或安装含该字的字体。")


def name_of(body: dict[str, Any]) -> str:
    """What to call a document in a message."""
    return f"台账 {body['number']}" if body["number"] else f"送审稿“{body['organisation']['name']}{body['title']}”"


@lru_cache(maxsize=1)
def style() -> str:
    """The print style sheet."""
    return (Path(settings.BASE_DIR) / STYLE).read_text("utf-8")


@lru_cache(maxsize=1)
def layout_digest() -> str:
    """Digest of the templates and the style: a changed layout is another render environment."""
    folder = Path(settings.BASE_DIR) / "templates" / "pdf"
    texts = [(folder / f"{name}.html").read_text("utf-8") for name in LAYOUT]
    return text_digest("\n".join([style(), *texts, *_charts()]))


def _charts() -> list[str]:
    """What draws the charts in a document."""
    base = Path(settings.BASE_DIR)
    sources = [*base.glob("core/charts/*.py"), *base.glob("templates/components/charts/*.html")]
    return [path.read_text("utf-8") for path in sorted([*sources, base / "ledgers/calc/pictures.py"])]


def environment() -> str:
    """Everything that decides about the bytes besides the body: libraries, fonts, templates, style."""
    return digest(
        {
            "schema": 1,
            "machine": pdf.render_environment(),
            "layout": layout_digest(),
            "qr": f"segno {segno.__version__} {settings.PUBLIC_URL}",
        }
    )
