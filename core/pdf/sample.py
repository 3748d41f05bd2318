"""One page that shows every face of the standard as it prints here, kept until the fonts change."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from core.pdf import faces, renderer

STYLE = "static/css/pdf.css"


def sample_path() -> Path:
    """Where the sample of the fonts in force lies, drawn or not."""
    return Path(settings.DATA_DIR) / "fonts" / f"sample-{faces.faces_digest()}.pdf"


def draw_sample() -> Path:
    """Draw it, whole or not at all."""
    html = render_to_string("pdf/fonts.html", {"faces": faces.faces_in_force()})
    content = renderer.render(html, css=(Path(settings.BASE_DIR) / STYLE).read_text("utf-8"))
    target = sample_path()
    target.parent.mkdir(parents=True, exist_ok=True)
    incoming = target.with_suffix(f".{os.getpid()}")
    incoming.write_bytes(content)
    incoming.replace(target)
    return target
