"""What the clock calls; each takes nothing and calls one service."""

from celery import shared_task

from ledgers.services.automatic import issue_published


@shared_task
def issue_ledgers_of_the_latest() -> None:
    """Issue what was published, where a year says so."""
    issue_published()
