"""A real worker on the broker in files, killed in the middle: the next one does the job."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    """An embedded portal of its own, database made."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    made = kept | {"PORTAL_MODE": "embedded", "DATA_DIR": str(tmp_path)}
    call(made, "manage.py", "migrate", "--verbosity", "0")
    return made


def call(environment: dict[str, str], *words: str) -> None:
    subprocess.run([sys.executable, *words], env=environment, cwd=ROOT, check=True, timeout=180)


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen]:
    command = "-m celery -A tests.core.slow_worker worker -P solo -c 1 --without-gossip --without-mingle -l error"
    process = subprocess.Popen([sys.executable, *command.split()], env=environment, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def wait_for(database: Path, *wanted: tuple) -> tuple:
    """The job's (state, attempt, done) once it is one of those wanted."""
    deadline = time.monotonic() + 30
    found: tuple = ()
    while time.monotonic() < deadline:
        with closing(sqlite3.connect(database)) as connection:
            found = connection.execute("SELECT state, attempt, done FROM core_job").fetchone()
        if found in wanted:
            return found
        time.sleep(0.1)
    raise AssertionError(f"the job stays {found}")


def test_a_job_of_a_killed_worker_is_done_by_the_next_one(environment, tmp_path):
    database = tmp_path / "portal.sqlite3"
    call(environment, "-m", "tests.core.slow_worker", "enqueue")
    with worker(environment) as first:
        wait_for(database, ("running", 1, 1))
        first.kill()
    assert wait_for(database, ("running", 1, 1)) == ("running", 1, 1)
    call(environment, "-m", "tests.core.slow_worker", "sweep")
    with worker(environment):
        wait_for(database, ("done", 2, 1))
