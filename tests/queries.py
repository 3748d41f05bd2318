"""How many queries a page costs."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from branches.acting import Officer


def queries_of(officer: Officer, path: str) -> int:
    """The queries of one GET by this officer, after a first one has warmed what is kept by digest."""
    client = Client()
    client.force_login(officer.user)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        status = client.get(path).status_code
    assert (status, path) == (200, path)
    return len(captured)
