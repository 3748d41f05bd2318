"""What stands of a batch: document by document, counted from the rows, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from core.models import Job
from ledgers.models import BatchDocument, Ledger, LedgerBatch, Rendering
from scoring.models import Publication

UNCHANGED = "未变"
# In the order of urgency.
_TONES = {
    Job.State.FAILED: "bad",
    Job.State.CANCELLED: "warn",
    Job.State.RUNNING: "info",
    Job.State.QUEUED: "",
    Job.State.DONE: "good",
}
_URGENCY = (*_TONES.keys(), "unchanged")


@dataclass(frozen=True, slots=True)
class Line:
    """A document of a batch: its ledger (without body), its state as a code and in words, and why it is not there."""

    pk: int
    place: int
    ledger: Ledger
    state: str
    message: str = ""

    @property
    def word(self) -> str:
        return UNCHANGED if self.state == "unchanged" else str(Job.State(self.state).label)

    @property
    def tone(self) -> str:
        return _TONES.get(Job.State(self.state), "") if self.state != "unchanged" else "good"

    @property
    def is_there(self) -> bool:
        """Whether there is a PDF to hand out, drawn now or before."""
        return self.state in ("unchanged", Job.State.DONE)

    @property
    def can_retry(self) -> bool:
        return self.state in (Job.State.FAILED, Job.State.CANCELLED)


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """The documents of a batch and how many stand where."""

    lines: list[Line]

    def _count(self, *states: str) -> int:
        return sum(line.state in states for line in self.lines)

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def unchanged(self) -> int:
        return self._count("unchanged")

    @property
    def done(self) -> int:
        return self._count(Job.State.DONE)

    @property
    def there(self) -> int:
        """How many PDFs there are, drawn now or before."""
        return self.unchanged + self.done

    @property
    def running(self) -> int:
        return self._count(Job.State.RUNNING)

    @property
    def queued(self) -> int:
        return self._count(Job.State.QUEUED)

    @property
    def failed(self) -> int:
        return self._count(Job.State.FAILED)

    @property
    def cancelled(self) -> int:
        return self._count(Job.State.CANCELLED)

    @property
    def to_retry(self) -> int:
        return self.failed + self.cancelled

    @property
    def is_alive(self) -> bool:
        return bool(self.running or self.queued)

    def in_order(self) -> list[Line]:
        """What failed first, then what is at work, then the rest, each in official order."""
        return sorted(self.lines, key=lambda line: (_URGENCY.index(line.state), line.place))


def progress_of(batch: LedgerBatch) -> BatchProgress:
    """One query, whatever the number of documents."""
    rows = BatchDocument.objects.filter(batch=batch).annotate(is_drawn=_is_drawn()).select_related("ledger", "job")
    return BatchProgress([_line(row) for row in rows.defer("ledger__body")])


def _line(row: BatchDocument) -> Line:
    """A PDF that is there is there, whoever drew it."""
    job = row.job
    if job is None:
        return Line(row.pk, row.place, row.ledger, "unchanged")
    if row.is_drawn and not job.is_alive:  # type: ignore[attr-defined]
        return Line(row.pk, row.place, row.ledger, Job.State.DONE)
    message = "" if job.is_alive or job.state == Job.State.DONE else job.message
    return Line(row.pk, row.place, row.ledger, job.state, message)


def living_batch(publication: Publication, kind: str = "", organisation_code: str = "") -> LedgerBatch | None:
    """The batch of the same extent that is at work."""
    rows = LedgerBatch.objects.filter(publication=publication, kind=kind, organisation_code=organisation_code)
    is_alive = Q(job__state__in=Job.ALIVE) | Q(documents__job__state__in=Job.ALIVE)
    return rows.filter(is_alive).select_related("publication__period__programme").order_by("-pk").first()


def is_opening(batch: LedgerBatch) -> bool:
    """Whether its rows are still being issued."""
    return bool(batch.opened_at is None and batch.job and batch.job.is_alive)


def latest_batch(publication: Publication) -> Any:
    """The newest batch of a publication that was asked for as a whole, see `whole_batches`."""
    return whole_batches().filter(publication=publication).select_related("job").first()


def whole_batches() -> Any:
    """Batches of all ledgers, the newest first, with `.is_at_work` (documents wait or are being drawn), `.has_gaps`
    (one failed or was cancelled and is not there) and `.is_refused` (the rows were never issued, and nobody is at it).
    """
    documents = BatchDocument.objects.filter(batch=OuterRef("pk"))
    ended = documents.annotate(is_drawn=_is_drawn()).filter(is_drawn=False).exclude(job__state__in=Job.ALIVE)
    stopped = Job.objects.filter(pk=OuterRef("job"), state__in=(Job.State.FAILED, Job.State.CANCELLED))
    return LedgerBatch.objects.filter(kind="", organisation_code="").annotate(
        is_at_work=Exists(documents.filter(job__state__in=Job.ALIVE)),
        has_gaps=Exists(ended.exclude(job=None)),
        is_refused=Exists(stopped.filter(Exists(LedgerBatch.objects.filter(job=OuterRef("pk"), opened_at=None)))),
    )


def _is_drawn() -> Exists:
    environment = OuterRef("batch__render_environment")
    return Exists(Rendering.objects.filter(ledger=OuterRef("ledger"), render_environment=environment))
