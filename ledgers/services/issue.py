"""Issuing: a batch whose rows come first, all or none; then a job a document for what is not drawn yet."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F

from branches.acting import Officer
from branches.models import Organisation
from core import clock
from core.errors import Conflict
from core.models import Job
from core.services import audit, jobs
from ledgers.models import BatchDocument, Ledger, LedgerBatch, Rendering
from ledgers.permissions import can_issue
from ledgers.selectors.batches import living_batch, progress_of
from ledgers.selectors.issuing import targets_of
from ledgers.services import drawing
from ledgers.services.rendering import DRAW, scope_of
from ledgers.services.rows import issue_rows
from scoring.models import Publication

ISSUE = "issue_ledgers"
GLANCE = 0.5  # seconds between two looks at documents that another process draws
Progress = Callable[[int, int, str], None]


@dataclass
class Outcome:
    """What an issuing run did."""

    issued: int = 0
    drawn: int = 0
    unchanged: int = 0
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"新签发 {self.issued} 册，绘制 {self.drawn} 册，{self.unchanged} 册未变。"

    def raise_failures(self) -> None:
        """Conflict that names every document that is not there."""
        if self.failures:
            raise Conflict(f"{self} 另有 {len(self.failures)} 册未绘制：" + "；".join(self.failures))


def issue_ledger(*, actor: Officer, publication: Publication, kind: str, organisation: Organisation) -> Ledger:
    """One ledger of a publication; the same asked twice is the same row."""
    return issue_rows(actor, publication, targets_of(publication, kind, organisation.code))[0][0]


@transaction.atomic
def issue_ledgers(
    *, actor: Officer, publication: Publication, kind: str | None = None, organisation: Organisation | None = None
) -> LedgerBatch:
    """Ask the worker to issue and draw a publication's ledgers: all, one kind, one organisation's. While such a batch
    is at work, that one is returned.
    """
    batch, is_new = _batch(actor, publication, kind or "", organisation.code if organisation else "")
    if is_new:
        batch.job = ask_to_open(actor, batch)
        batch.save(update_fields=["job"])
    return batch


def ask_to_open(actor: Officer, batch: LedgerBatch) -> Job:
    """The job that issues a batch's rows and asks for its documents."""
    return jobs.enqueue(
        actor=actor,
        kind=ISSUE,
        scope=scope_of(batch.publication_id),
        params={"batch": batch.pk, "appointment": actor.appointment.pk},
    )


def issue_and_draw(
    *, actor: Officer, publication: Publication, progress: Progress, kind: str = "", organisation: str = ""
) -> Outcome:
    """The same here and now, beside any worker; `organisation` is a code. Failures are collected, the others go on."""
    with transaction.atomic():
        batch, _ = _batch(actor, publication, kind, organisation)
    open_batch(actor=actor, batch=batch)
    _work_off(batch, progress)
    return outcome_of(batch)


def outcome_of(batch: LedgerBatch) -> Outcome:
    """What came of a batch so far."""
    found = progress_of(batch)
    failures = [line.message for line in found.lines if line.can_retry]
    return Outcome(issued=batch.issued, drawn=found.done, unchanged=found.unchanged, failures=failures)


def _batch(actor: Officer, publication: Publication, kind: str, organisation: str) -> tuple[LedgerBatch, bool]:
    can_issue(actor, publication).require()
    targets_of(publication, kind, organisation)
    Publication.objects.select_for_update().get(pk=publication.pk)
    living = living_batch(publication, kind, organisation)
    return (living, False) if living else (_create(actor, publication, kind, organisation), True)


def _create(actor: Officer, publication: Publication, kind: str, organisation: str) -> LedgerBatch:
    batch = LedgerBatch.objects.create(
        publication=publication,
        kind=kind,
        organisation_code=organisation,
        started_by=actor.person,
        appointment=actor.appointment,
        at=clock.now(),
    )
    payload = {"kind": kind, "organisation": organisation}
    audit.record(actor=actor, verb="ledgers.start_batch", subject=batch, payload=payload)
    return batch


def open_batch(*, actor: Officer, batch: LedgerBatch) -> None:
    """Issue the rows, then ask for a job for each document that is not drawn under the present environment.

    The rows stay when no document can be drawn on this machine; asked again, the batch goes on from there.
    """
    if batch.opened_at is not None:
        return
    targets = targets_of(batch.publication, batch.kind, batch.organisation_code)
    ledgers, issued = issue_rows(actor, batch.publication, targets)
    LedgerBatch.objects.filter(pk=batch.pk).update(issued=F("issued") + issued)
    _open(actor, batch, ledgers, drawing.environment())
    batch.refresh_from_db(fields=["issued", "opened_at", "render_environment"])


@transaction.atomic
def _open(actor: Officer, batch: LedgerBatch, ledgers: list[Ledger], environment: str) -> None:
    closed = LedgerBatch.objects.select_for_update().filter(pk=batch.pk, opened_at=None)
    if not closed:
        return
    rows = Rendering.objects.filter(ledger__in=ledgers, render_environment=environment)
    drawn = set(rows.values_list("ledger", flat=True))
    waiting = [ledger.pk for ledger in ledgers if ledger.pk not in drawn]
    asked = ask_to_draw(actor, batch, waiting) if waiting else {}
    BatchDocument.objects.bulk_create(
        BatchDocument(batch=batch, place=place, ledger=ledger, job=asked.get(ledger.pk))
        for place, ledger in enumerate(ledgers, 1)
    )
    closed.update(render_environment=environment, opened_at=clock.now())


def ask_to_draw(actor: Officer, batch: LedgerBatch, ledger_ids: list[int]) -> dict[int, Job]:
    """A job for each of these ledgers, in their order; one that is at work for another batch serves this one too."""
    params = [{"ledger": pk} for pk in ledger_ids]
    asked = jobs.enqueue_many(actor=actor, kind=DRAW, scope=scope_of(batch.publication_id), params=params)
    return dict(zip(ledger_ids, asked, strict=True))


def _work_off(batch: LedgerBatch, progress: Progress) -> None:
    """Draw what waits; what another process has in hand is waited for, and taken over when that one falls silent."""
    tell = _Teller(batch, progress)
    while True:
        jobs.run_waiting(DRAW, scope_of(batch.publication_id), seen=tell)
        if not progress_of(batch).is_alive:
            return
        time.sleep(GLANCE)
        jobs.sweep()


class _Teller:
    """Counts documents as they end."""

    def __init__(self, batch: LedgerBatch, progress: Progress):
        found = progress_of(batch)
        self.progress, self.done, self.total = progress, found.done + found.unchanged, found.total
        self.say()

    def __call__(self, job: Job) -> None:
        self.done += 1
        self.say()

    def say(self) -> None:
        self.progress(self.done, self.total, "正在绘制台账")
