"""Drawing a past month again from the stored bodies: the same bytes, the same content by other tools, or neither."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import TextChoices

from core.errors import PortalError
from core.services.files import is_intact
from ledgers.models import Ledger, Rendering
from ledgers.selectors.verification import faults_of
from ledgers.services import drawing
from ledgers.services.rendering import stamp_of
from scoring.models import Publication


class Redrawn(TextChoices):
    SAME = "same", "相同"
    SAME_CONTENT = "same_content", "内容相同，绘制环境不同"
    DIFFERENT = "different", "不同"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A ledger drawn again: the answer, why it is no better, and the new PDF (empty when there is none)."""

    ledger: Ledger
    answer: Redrawn
    why: str
    content: bytes


def rerender(publication: Publication) -> Iterator[Comparison]:
    """Every issued ledger of a publication, drawn again and compared; nothing is written."""
    environment = drawing.environment()
    rows = Ledger.objects.filter(publication=publication).select_related("publication__period", "organisation")
    ledgers = {ledger.pk: ledger for ledger in rows.order_by("number")}
    bodies = ((pk, ledger.data, stamp_of(ledger)) for pk, ledger in ledgers.items())
    for pk, result in drawing.draw_many(bodies):
        yield _compared(ledgers[pk], result, environment)


def _compared(ledger: Ledger, result: bytes | PortalError, environment: str) -> Comparison:
    if isinstance(result, PortalError):
        return Comparison(ledger, Redrawn.DIFFERENT, result.message, b"")
    faults = faults_of(ledger)
    if faults:
        return Comparison(ledger, Redrawn.DIFFERENT, "；".join(faults), result)
    return Comparison(ledger, *_judged(ledger, result, environment), result)


def _judged(ledger: Ledger, content: bytes, environment: str) -> tuple[Redrawn, str]:
    """By the bytes where there are any like them; else by the content, of which the kept file is a print."""
    kept = list(Rendering.objects.filter(ledger=ledger).select_related("file").order_by("pk"))
    if not kept:
        return Redrawn.DIFFERENT, "没有签发时保存的 PDF 可比"
    if not all(is_intact(row.file) for row in kept):
        return Redrawn.DIFFERENT, "保存的 PDF 不见了，或与其摘要不符"
    if any(row.file.sha256 == hashlib.sha256(content).hexdigest() for row in kept):
        return Redrawn.SAME, ""
    if any(row.render_environment == environment for row in kept):
        return Redrawn.DIFFERENT, "绘制环境相同，文件却不同"
    return Redrawn.SAME_CONTENT, ""
