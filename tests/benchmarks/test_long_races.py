"""The races of `tests/scoring/rules/test_races.py` by the hundred, on PostgreSQL.

Run by name: `./run test tests/benchmarks/test_long_races.py -m benchmark -s -n 0`.
"""

from __future__ import annotations

from time import perf_counter

import pytest
from django.db import connection

from core.services import jobs
from tests.people import Town
from tests.scoring.conftest import month
from tests.scoring.month import Month, on, open_month, sample_editions
from tests.scoring.races import kill_in_mid_recompute, save_against_close, two_reviewers

__all__ = ["month"]

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]


def test_two_reviewers_two_hundred_times(month: Month, town: Town) -> None:
    started = perf_counter()
    first = two_reviewers(month, town, rounds=200)
    print(f"\n200 races of two reviewers, {perf_counter() - started:.0f} s, first were {dict(first)}")


def test_a_save_against_a_close_two_hundred_times(month: Month, town: Town) -> None:
    started = perf_counter()
    found = save_against_close(month, town, rounds=200)
    print(f"\n200 races of save and close, {perf_counter() - started:.0f} s: {dict(found)}")


def test_a_worker_killed_fifty_times(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_send_now", lambda job_id: None)
    with on("2026-09", 25):
        period = open_month(town, editions=sample_editions())
    started = perf_counter()
    found = kill_in_mid_recompute(period, rounds=50)
    print(f"\n50 kills in the middle, {perf_counter() - started:.0f} s: {dict(found)}")
