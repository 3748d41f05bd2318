"""Background work of the month: a task takes ids, fetches, calls one service."""

from __future__ import annotations

from celery import shared_task

from core.actor import SYSTEM
from core.services import jobs
from scoring.jobs import PROVE, request_reminders
from scoring.models import Period


@shared_task
def prove_ratings() -> None:
    """Queue the nightly proof that stored ratings equal recomputed ones, a job a month not yet superseded."""
    for pk in Period.objects.order_by("-month").values_list("pk", flat=True)[:2]:
        jobs.enqueue(actor=SYSTEM, kind=PROVE, scope=f"period:{pk}", params={"period": pk})


@shared_task
def remind() -> None:
    """Ask for today's digests if it is the time; asked every half hour, so that a late worker still writes them."""
    request_reminders()
