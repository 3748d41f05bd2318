"""The Celery application: tasks live in each app's `tasks.py`, the schedule here."""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weidu_portal.settings")

app = Celery("weidu_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A tick that no worker took in time is dropped: the next one does the same.
app.conf.beat_schedule = {
    "heartbeat": {"task": "core.tasks.heartbeat", "schedule": 30.0, "options": {"expires": 30}},
    "sweep-jobs": {"task": "core.tasks.sweep_jobs", "schedule": 30.0, "options": {"expires": 30}},
    "remind": {
        "task": "scoring.tasks.remind",
        "schedule": crontab(minute="5,35"),
        "options": {"expires": 1500},
    },
    "issue-ledgers": {
        "task": "ledgers.tasks.issue_ledgers_of_the_latest",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 500},
    },
    "remove-leftovers": {
        "task": "core.tasks.remove_leftovers",
        "schedule": crontab(hour=3, minute=10),
        "options": {"expires": 3600},
    },
    "prove-ratings": {
        "task": "scoring.tasks.prove_ratings",
        "schedule": crontab(hour=2, minute=30),
        "options": {"expires": 3600},
    },
}


@app.on_after_configure.connect
def prepare_broker_folders(sender: Celery, **kwargs: Any) -> None:
    """The broker in files wants its folders; every process that sends or takes tasks configures the app first."""
    if sender.conf.broker_url.startswith("filesystem:"):
        for name in ("data_folder_in", "data_folder_out", "control_folder"):
            Path(sender.conf.broker_transport_options[name]).mkdir(parents=True, exist_ok=True)
