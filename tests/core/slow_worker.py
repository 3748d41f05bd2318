"""A worker with one slow kind of job, for the test that kills it; and the hand that asks and sweeps.

`python -m celery -A tests.core.slow_worker worker`, `python -m tests.core.slow_worker enqueue|sweep`.
"""

import os
import sys
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weidu_portal.settings")
django.setup()

from core import clock  # noqa: E402
from core.actor import SYSTEM  # noqa: E402
from core.models import Job  # noqa: E402
from core.services import jobs  # noqa: E402
from weidu_portal.celery import app  # noqa: E402

__all__ = ["app"]


def work_slowly(context: jobs.JobContext) -> str:
    """The first worker never comes to an end; the next one does."""
    context.progress(1, 2, "一半")
    if context.job.attempt == 1:
        time.sleep(60)
    return "好了"


jobs.register("test.slow", jobs.JobHandler(run=work_slowly))

if __name__ == "__main__":
    if sys.argv[1] == "enqueue":
        jobs.enqueue(actor=SYSTEM, kind="test.slow", scope="all")
    else:
        Job.objects.update(lease_until=clock.now() - timedelta(seconds=1))
        jobs.sweep()
