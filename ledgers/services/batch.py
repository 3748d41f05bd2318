"""What people do with a batch: ask again for what failed, stop what is at work."""

from __future__ import annotations

from django.db import transaction

from branches.acting import Officer
from core.errors import Conflict
from core.services import audit, jobs
from ledgers.models import BatchDocument, LedgerBatch
from ledgers.permissions import can_issue
from ledgers.selectors.batches import progress_of
from ledgers.services.issue import ISSUE, ask_to_draw, ask_to_open
from ledgers.services.rendering import DRAW, scope_of


@transaction.atomic
def retry_batch(*, actor: Officer, batch: LedgerBatch, document: int | None = None) -> int:
    """Ask again for every document that failed or was cancelled, or for one of them (its id); returns how many."""
    can_issue(actor, batch.publication).require()
    batch = LedgerBatch.objects.select_for_update(of=("self",)).select_related("publication", "job").get(pk=batch.pk)
    if batch.opened_at is None:
        return _open_again(actor, batch)
    again = [line for line in progress_of(batch).lines if line.can_retry and document in (None, line.pk)]
    if not again:
        raise Conflict("没有需要重试的台账，请刷新后再看。")
    asked = ask_to_draw(actor, batch, [line.ledger.pk for line in again])
    BatchDocument.objects.bulk_update(
        [BatchDocument(pk=line.pk, job=asked[line.ledger.pk]) for line in again], fields=["job"]
    )
    payload = {"numbers": [line.ledger.number for line in again]}
    audit.record(actor=actor, verb="ledgers.retry_batch", subject=batch, payload=payload)
    return len(again)


def _open_again(actor: Officer, batch: LedgerBatch) -> int:
    if batch.job is None or batch.job.is_alive:
        raise Conflict("这个批次正在签发，请刷新后再看。")
    batch.job = ask_to_open(actor, batch)
    batch.save(update_fields=["job"])
    audit.record(actor=actor, verb="ledgers.retry_batch", subject=batch, payload={"numbers": []})
    return 1


@transaction.atomic
def cancel_batch(*, actor: Officer, batch: LedgerBatch) -> int:
    """Stop what is queued or being drawn; what is drawn stays. Returns how many jobs were stopped."""
    can_issue(actor, batch.publication).require()
    scope = scope_of(batch.publication_id)
    stopped = sum(jobs.cancel_many(actor=actor, kind=kind, scope=scope) for kind in (ISSUE, DRAW))
    if not stopped:
        raise Conflict("这个批次没有正在办理的台账，请刷新后再看。")
    audit.record(actor=actor, verb="ledgers.cancel_batch", subject=batch, payload={"jobs": stopped})
    return stopped
