"""Drawing issued ledgers: one job a document, many documents in one stream, each kept the moment it is there."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from django.db import IntegrityError, transaction

from core import clock
from core.actor import Actor
from core.errors import Conflict, PortalError
from core.immutability import row_digests
from core.services import audit, files
from core.services.jobs import Ended, JobContext
from ledgers.models import Ledger, Rendering
from ledgers.services import drawing

DRAW = "draw_ledger"
PDF = "application/pdf"
DRAWN = "已绘制。"


def scope_of(publication_id: int) -> str:
    """The scope of all jobs about the ledgers of a publication."""
    return f"publication:{publication_id}"


def stamp_of(ledger: Ledger) -> drawing.Stamp:
    """What stands on the paper beside the body."""
    return drawing.Stamp(ledger.body_sha256, ledger.verify_code)


def draw_stream(contexts: Iterator[JobContext]) -> Iterator[Ended]:
    """Draw the ledgers of these jobs on all drawing processes; each job ends with its own document."""
    queue = _Queue(contexts, drawing.environment())
    for pk, result in drawing.draw_many(queue.documents()):
        yield from queue.settled()
        yield queue.landed(pk, result)
    yield from queue.settled()


def draw_single(context: JobContext) -> str:
    """One ledger alone."""
    for _, result in draw_stream(iter([context])):
        if isinstance(result, PortalError):
            raise result
    return DRAWN


class _Queue:
    """What is on its way between the jobs and the drawing processes."""

    def __init__(self, contexts: Iterator[JobContext], environment: str):
        self.contexts = contexts
        self.environment = environment
        self.flying: dict[int, tuple[JobContext, Ledger]] = {}
        self.ended: deque[Ended] = deque()

    def documents(self) -> Iterator[tuple[int, dict[str, object], drawing.Stamp]]:
        """What has to be drawn; what is there already or cannot be drawn ends without."""
        for context in self.contexts:
            ledger = Ledger.objects.select_related("publication__period").get(pk=context.params["ledger"])
            if refusal := self._end_without_drawing(ledger):
                self.ended.append((context, refusal))
                continue
            self.flying[ledger.pk] = (context, ledger)
            yield ledger.pk, ledger.data, stamp_of(ledger)

    def _end_without_drawing(self, ledger: Ledger) -> str | PortalError:
        if rendering_of(ledger, self.environment):
            return DRAWN
        try:
            drawing.refuse_missing_characters(ledger.data)
        except PortalError as refusal:
            return _named(ledger, refusal)
        return ""

    def settled(self) -> Iterator[Ended]:
        while self.ended:
            yield self.ended.popleft()

    def landed(self, pk: int, result: bytes | PortalError) -> Ended:
        context, ledger = self.flying.pop(pk)
        if isinstance(result, PortalError):
            return context, _named(ledger, result)
        if context.is_held():
            keep_rendering(actor=context.actor, ledger=ledger, environment=self.environment, content=result)
        return context, DRAWN


def _named(ledger: Ledger, refusal: PortalError) -> PortalError:
    """The refusal with the number of the ledger in front, unless it is in it."""
    if ledger.number in refusal.message:
        return refusal
    return Conflict(f"台账 {ledger.number}：{refusal.message}")


def keep_rendering(*, actor: Actor, ledger: Ledger, environment: str, content: bytes) -> Rendering:
    """Keep a drawn PDF: the file first, then row and audit entry; what somebody else kept in the meantime stays."""
    stored = files.store_bytes(content, media_type=PDF)
    row = Rendering(ledger=ledger, render_environment=environment, file=stored, at=clock.now())
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            payload = {"number": ledger.number, "row_digests": row_digests([row])}
            audit.record(actor=actor, verb="ledgers.draw", subject=ledger.publication, payload=payload)
    except IntegrityError:
        kept = rendering_of(ledger, environment)
        if kept is None:
            raise
        return kept
    return row


def rendering_of(ledger: Ledger, environment: str) -> Rendering | None:
    """The PDF of a ledger under one render environment, if it is drawn."""
    return Rendering.objects.filter(ledger=ledger, render_environment=environment).first()
