"""Whether the portal can do its work: what `/readyz` answers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection
from kombu.exceptions import OperationalError as BrokerDown

from core import clock, immutability
from core.models import Pulse
from core.models.pulse import WORKER

SILENT_AFTER = timedelta(minutes=2)
LEAST_FREE = 200 * 1024 * 1024


@dataclass(frozen=True)
class Check:
    """One thing that must be well; `detail` tells the keeper of the machine what is not."""

    name: str
    is_well: bool
    detail: str = ""


def readiness() -> list[Check]:
    """All checks; those that need the database are left out when there is none."""
    checks = [_database(), _broker(), _disk()]
    return [*checks, _worker(), _triggers()] if checks[0].is_well else checks


def _ask(name: str, question: Callable[[], str], *faults: type[Exception]) -> Check:
    try:
        detail = question()
    except faults as fault:
        detail = type(fault).__name__
    return Check(name, not detail, detail)


def _database() -> Check:
    return _ask("database", _select, DatabaseFault)


def _select() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _broker() -> Check:
    return _ask("broker", _connect, BrokerDown, OSError)


def _connect() -> str:
    with current_app.connection_for_write() as broker:
        if broker.transport_cls == "filesystem":
            folder = Path(str(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"]))
            return "" if folder.is_dir() else "no folder"
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    return ""


def _disk() -> Check:
    return _ask("disk", _free, OSError)


def _free() -> str:
    free = shutil.disk_usage(settings.DATA_DIR).free
    return "" if free >= LEAST_FREE else f"{free // 1024 // 1024} MiB free"


def _worker() -> Check:
    return _ask("worker", _silence, DatabaseFault)


def _silence() -> str:
    pulse = Pulse.objects.filter(name=WORKER).first()
    if pulse is None:
        return "never seen"
    age = clock.now() - pulse.at
    return "" if age <= SILENT_AFTER else f"silent for {int(age.total_seconds())} s"


def _triggers() -> Check:
    return _ask("triggers", lambda: ", ".join(immutability.missing_triggers()), DatabaseFault)
