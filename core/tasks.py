"""What the queue and its clock call; each takes ids and calls one service."""

from celery import shared_task

from core.services import files, jobs


@shared_task
def run_job(job_id: int) -> None:
    """Do one job."""
    jobs.run(job_id)


@shared_task
def sweep_jobs() -> None:
    """Send again the jobs whose worker or message was lost."""
    jobs.sweep()


@shared_task
def remove_leftovers() -> None:
    """Remove files that a killed process never finished."""
    files.remove_leftovers()


@shared_task
def heartbeat() -> None:
    """Say that a worker takes tasks."""
    jobs.beat()
