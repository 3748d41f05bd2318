"""A month of ledgers through the batch against the bare engine on the same HTML, and a worker killed in the middle.

`./run test tests/benchmarks/test_ledger_batch.py -m benchmark -s -n 0`. With LEDGER_KILLS=20 the kills of a release.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing import forkserver
from pathlib import Path
from statistics import median

import pytest
from django.conf import settings
from django.db import connections

from core import clock, pdf
from core.models import Job
from core.pdf import fonts, renderer
from core.services import jobs
from core.services.files import is_intact, path_of
from ledgers.models import Ledger, LedgerBatch, Rendering
from ledgers.selectors.batches import progress_of
from ledgers.services import drawing
from ledgers.services.issue import issue_and_draw, issue_ledgers
from ledgers.services.rendering import DRAW, stamp_of
from scoring.models import Publication
from tests.ledgers.conftest import no_progress, publication
from tests.people import Town

__all__ = ["publication"]

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]

MONTH = int(os.environ.get("LEDGER_DOCUMENTS", "108"))
SINGLES = 7
PATIENCE = 60  # seconds until a worker has its first document
KILLS = int(os.environ.get("LEDGER_KILLS", "3"))


@pytest.fixture
def month(town: Town, publication: Publication) -> list[Ledger]:
    """As many ledgers as the district has in a month: copies of 府后's rows that differ in nothing but the number."""
    issue_and_draw(actor=town.wang, publication=publication, progress=no_progress)
    one = Ledger.objects.get(organisation=town.fuhou)
    copies = [
        Ledger(
            number=f"{one.number}-{place}",
            publication=publication,
            kind=f"copy-{place}",
            organisation=one.organisation,
            name=one.name,
            street=one.street,
            revision=1,
            body=one.body,
            body_sha256=one.body_sha256,
            issued_by=one.issued_by,
        )
        for place in range(MONTH)
    ]
    return Ledger.objects.bulk_create(copies)


def test_the_batch_against_the_bare_engine(town: Town, month: list[Ledger], monkeypatch: pytest.MonkeyPatch) -> None:
    """One job a document, rows, files and audit included."""
    monkeypatch.setattr(jobs, "_send_now", lambda job_id: None)
    documents = [(one.pk, drawing.document_of(one.data, stamp_of(one))) for one in month]
    bare = _seconds_of_the_library(monkeypatch, [document for _, document in documents[:SINGLES]])
    ideal = MONTH * bare / renderer.PROCESSES
    asked = jobs.enqueue_many(
        actor=town.wang, kind=DRAW, scope="publication:0", params=[{"ledger": one.pk} for one in month]
    )
    started = time.perf_counter()
    jobs.run_waiting(DRAW, "publication:0")
    spent = time.perf_counter() - started
    assert Job.objects.filter(pk__in=[job.pk for job in asked], state=Job.State.DONE).count() == MONTH
    print(f"\n{MONTH} ledgers {spent:.1f} s, ideal {ideal:.1f} s, ratio {spent / ideal:.2f}")
    started = time.perf_counter()
    issue_and_draw(actor=town.wang, publication=month[0].publication, progress=no_progress)
    unchanged = time.perf_counter() - started
    print(f"unchanged {unchanged * 1000:.0f} ms, {unchanged / spent:.4f} of the batch")
    assert spent <= 1.25 * ideal
    assert unchanged <= 0.01 * spent


def _seconds_of_the_library(monkeypatch: pytest.MonkeyPatch, documents: list[pdf.Document]) -> float:
    """Median of WeasyPrint alone, warm, in this process: the same HTML, style, fonts and kind of PDF."""
    monkeypatch.setenv("FONTCONFIG_FILE", str(fonts.write_config()))
    import weasyprint

    def draw(document: pdf.Document) -> float:
        started = time.perf_counter()
        styles = [weasyprint.CSS(string=drawing.style())]
        weasyprint.HTML(string=document.html).write_pdf(stylesheets=styles, **renderer.OPTIONS)
        return time.perf_counter() - started

    draw(documents[0])
    return median(draw(document) for document in documents)


def test_a_worker_killed_in_mid_batch(town: Town, publication: Publication, monkeypatch: pytest.MonkeyPatch) -> None:
    """No half file, the same digests as without, and nothing is left undone."""
    monkeypatch.setattr(jobs, "_send_now", lambda job_id: None)
    issue_and_draw(actor=town.wang, publication=publication, progress=no_progress)
    wanted = _digests()
    renderer.shut_down()
    for number in range(KILLS):
        environment = f"{number:064d}"
        monkeypatch.setattr(drawing, "environment", lambda environment=environment: environment)
        batch = _opened(town, publication)
        _kill_in_the_middle(batch, random.Random(number).uniform(0, 1.5))
        left = progress_of(batch)
        assert all(is_intact(row.file) for row in Rendering.objects.select_related("file"))
        _sweep_and_finish()
        found = progress_of(batch)
        assert (found.done, found.to_retry) == (len(wanted), 0)
        assert _digests(environment) == wanted
        print(f"\nkill {number + 1}: {left.done} of {left.total} were drawn")
    renderer.shut_down()
    assert _half_files() == set()


def _digests(environment: str = "") -> dict[str, str]:
    rows = Rendering.objects.select_related("ledger", "file")
    chosen = rows.filter(render_environment=environment) if environment else rows
    return {row.ledger.number: row.file.sha256 for row in chosen}


def _opened(town: Town, publication: Publication) -> LedgerBatch:
    batch = issue_ledgers(actor=town.wang, publication=publication)
    jobs.run(batch.job_id)
    return LedgerBatch.objects.get(pk=batch.pk)


def _kill_in_the_middle(batch: LedgerBatch, after: float) -> None:
    """A worker of its own, killed so many seconds after its first document was there."""
    first = Job.objects.filter(kind=DRAW, state=Job.State.QUEUED).earliest("pk").pk
    connections.close_all()
    worker = os.fork()
    if worker == 0:
        try:
            _forget_the_fork_server()
            jobs.run(first)
        finally:
            os._exit(0)
    deadline = time.monotonic() + PATIENCE
    while not (begun := progress_of(batch).done) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(after)
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    assert begun, "the worker drew nothing before it was killed"


def _forget_the_fork_server() -> None:
    """The one of the tests is no child of this worker."""
    server = forkserver._forkserver
    server._forkserver_pid = server._forkserver_address = server._forkserver_alive_fd = None


def _sweep_and_finish() -> None:
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until=clock.now() - timedelta(seconds=1))
    jobs.sweep()
    waiting = Job.objects.filter(kind=DRAW, state=Job.State.QUEUED).order_by("pk")
    if waiting:
        jobs.run(waiting[0].pk)


def _half_files() -> set[Path]:
    """Files under a final name that no row knows."""
    known = {path_of(row.file.sha256) for row in Rendering.objects.select_related("file")}
    files = (path for path in _stored() if not path.name.startswith("incoming-"))
    return {path for path in files if path not in known and path.stat().st_size == 0}


def _stored() -> Iterator[Path]:
    return (path for path in Path(settings.FILE_STORE).rglob("*") if path.is_file())
