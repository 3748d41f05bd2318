"""A batch: one job a document, honest about each; again, stopped, resumed, never the same document twice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from core import clock
from core.errors import Conflict, Forbidden
from core.models import AuditEntry, Job
from core.pdf import PdfError, PdfUnavailable
from core.services import jobs
from ledgers.models import Ledger, LedgerBatch, Rendering
from ledgers.selectors.batches import living_batch, progress_of
from ledgers.services import drawing
from ledgers.services.batch import cancel_batch, retry_batch
from ledgers.services.issue import ISSUE, issue_and_draw, issue_ledgers
from ledgers.services.rendering import DRAW, keep_rendering, scope_of
from scoring.models import Publication
from tests.ledgers.conftest import ALL_LEDGERS, draw_by_stand_in, no_progress
from tests.people import Town
from tests.scoring.races import race

pytestmark = pytest.mark.django_db
STANDS_STILL = "绘制进程意外退出，文书未生成。请稍后重试。"


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """No queue: a test runs the jobs itself."""
    monkeypatch.setattr(jobs, "_send_now", lambda job_id: None)


def opened(town: Town, publication: Publication) -> LedgerBatch:
    """A batch whose documents wait."""
    batch = issue_ledgers(actor=town.wang, publication=publication)
    jobs.run(batch.job_id)
    return LedgerBatch.objects.get(pk=batch.pk)


def counts(batch: LedgerBatch) -> Counter[str]:
    return Counter(line.word for line in progress_of(batch).lines)


def run_one() -> None:
    jobs.run(Job.objects.filter(kind=DRAW, state=Job.State.QUEUED).earliest("pk").pk)


def draw_with(monkeypatch: pytest.MonkeyPatch, failing: set[int]) -> list[int]:
    """The stand-in, but these ledgers (by id, a set the test may change) cannot be drawn."""
    drawn = draw_by_stand_in(monkeypatch)
    well = drawing.draw_many

    def draw_many(bodies: Any) -> Any:
        for key, result in well(bodies):
            yield key, PdfError(STANDS_STILL) if key in failing else result

    monkeypatch.setattr(drawing, "draw_many", draw_many)
    return drawn


def pk_of(number: str) -> int:
    return Ledger.objects.get(number=number).pk


def test_a_batch_has_a_job_a_document_in_official_order(
    town: Town, publication: Publication, silent: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_by_stand_in(monkeypatch)
    batch = opened(town, publication)
    lines = progress_of(batch).lines
    assert [line.ledger.kind for line in lines] == [
        "notice",
        "brief",
        "ranking",
        "items",
        *["task_force"] * 5,
        *["street"] * 2,
        *["community"] * 4,
    ]
    assert [job.params["ledger"] for job in Job.objects.filter(kind=DRAW).order_by("pk")] == [
        line.ledger.pk for line in lines
    ]
    assert counts(batch) == {"排队": ALL_LEDGERS}


def test_one_worker_draws_all_in_one_stream(
    town: Town, publication: Publication, silent: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = draw_by_stand_in(monkeypatch)
    batch = opened(town, publication)
    run_one()
    assert counts(batch) == {"完成": ALL_LEDGERS}
    assert Counter(drawn) == Counter(Ledger.objects.values_list("pk", flat=True))
    run_again = Job.objects.filter(kind=DRAW).latest("pk").pk
    jobs.run(run_again)
    assert len(drawn) == ALL_LEDGERS


def test_asked_again_while_it_is_at_work_it_is_the_same_batch(
    town: Town, publication: Publication, silent: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_by_stand_in(monkeypatch)
    batch = issue_ledgers(actor=town.wang, publication=publication)
    assert issue_ledgers(actor=town.wang2, publication=publication) == batch
    jobs.run(batch.job_id)
    assert issue_ledgers(actor=town.wang2, publication=publication) == batch
    run_one()
    assert living_batch(publication) is None
    again = issue_ledgers(actor=town.wang2, publication=publication)
    jobs.run(again.job_id)
    assert (again.pk == batch.pk, counts(again)) == (False, {"未变": ALL_LEDGERS})


def test_a_document_that_fails_says_why_and_is_tried_again_alone_or_with_the_others(
    town: Town, publication: Publication, silent: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing: set[int] = set()
    draw_with(monkeypatch, failing)
    batch = opened(town, publication)
    failing |= {pk_of("ranking-411002-2026-09-1"), pk_of("street-411002001-2026-09-1")}
    run_one()
    found = progress_of(batch)
    assert [(line.ledger.number, line.message) for line in found.in_order()[:2]] == [
        ("ranking-411002-2026-09-1", f"台账 ranking-411002-2026-09-1：{STANDS_STILL}"),
        ("street-411002001-2026-09-1", f"台账 street-411002001-2026-09-1：{STANDS_STILL}"),
    ]
    assert (found.to_retry, found.there) == (2, ALL_LEDGERS - 2)
    assert retry_batch(actor=town.wang, batch=batch, document=found.in_order()[0].pk) == 1
    failing.remove(pk_of("ranking-411002-2026-09-1"))
    run_one()
    assert counts(batch) == {"完成": ALL_LEDGERS - 1, "失败": 1}
    failing.clear()
    assert retry_batch(actor=town.wang2, batch=batch) == 1
    run_one()
    assert counts(batch) == {"完成": ALL_LEDGERS}
    with pytest.raises(Conflict, match="没有需要重试的台账"):
        retry_batch(actor=town.wang, batch=batch)


def test_stopped_it_keeps_what_is_drawn_and_goes_on_when_asked(
    town: Town, publication: Publication, silent: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_by_stand_in(monkeypatch)
    batch = opened(town, publication)
    well = drawing.draw_many

    def stopped_after_three(bodies: Any) -> Any:
        for number, drawn in enumerate(well(bodies)):
            if number == 3:
                cancel_batch(actor=town.wang, batch=batch)
            yield drawn

    monkeypatch.setattr(drawing, "draw_many", stopped_after_three)
    run_one()
    assert counts(batch) == {"完成": 3, "已取消": ALL_LEDGERS - 3}
    assert Rendering.objects.count() == 3
    with pytest.raises(Conflict, match="没有正在办理"):
        cancel_batch(actor=town.wang, batch=batch)
    monkeypatch.setattr(drawing, "draw_many", well)
    retry_batch(actor=town.wang, batch=batch)
    run_one()
    assert counts(batch) == {"完成": ALL_LEDGERS}


def test_what_a_lost_worker_had_in_hand_is_drawn_by_the_next(
    town: Town, publication: Publication, silent: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = draw_by_stand_in(monkeypatch)
    batch = opened(town, publication)
    lost = Job.objects.filter(kind=DRAW).order_by("pk")[:2]
    Job.objects.filter(pk__in=[job.pk for job in lost]).update(
        state=Job.State.RUNNING, attempt=1, lease_until=clock.now() - timedelta(seconds=1)
    )
    run_one()
    assert counts(batch) == {"完成": ALL_LEDGERS - 2, "处理中": 2}
    assert jobs.sweep() == 2
    run_one()
    assert counts(batch) == {"完成": ALL_LEDGERS}
    assert len(drawn) == len(set(drawn)) == ALL_LEDGERS


def test_a_stream_that_breaks_ends_each_job_honestly(
    town: Town, publication: Publication, silent: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One ledger's template raises; the others that were in hand are drawn one by one, the rest by the next."""
    draw_by_stand_in(monkeypatch)
    batch = opened(town, publication)
    guilty, well = pk_of("street-411002001-2026-09-1"), drawing.draw_many

    def draw_many(bodies: Any) -> Any:
        for key, body, stamp in bodies:
            if key == guilty:
                raise KeyError("rows")
            yield from well([(key, body, stamp)])

    monkeypatch.setattr(drawing, "draw_many", draw_many)
    while Job.objects.filter(kind=DRAW, state=Job.State.QUEUED).exists():
        run_one()
    assert counts(batch) == {"完成": ALL_LEDGERS - 1, "失败": 1}
    (line,) = [line for line in progress_of(batch).lines if line.can_retry]
    assert (line.ledger.pk, line.message.partition("（")[0]) == (guilty, jobs.UNEXPECTED)


def test_without_the_drawing_library_rows_are_issued_and_the_batch_says_why(
    town: Town, publication: Publication, silent: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def environment() -> str:
        raise PdfUnavailable("本机缺少 PDF 绘制组件（Pango）。")

    monkeypatch.setattr(drawing, "environment", environment)
    batch = opened(town, publication)
    assert (batch.job.state, batch.job.message) == (Job.State.FAILED, "本机缺少 PDF 绘制组件（Pango）。")
    assert (Ledger.objects.count(), batch.opened_at) == (ALL_LEDGERS, None)
    draw_by_stand_in(monkeypatch)
    assert retry_batch(actor=town.wang, batch=batch) == 1
    batch.refresh_from_db()
    jobs.run(batch.job_id)
    run_one()
    assert counts(batch) == {"完成": ALL_LEDGERS}


def test_who_left_draws_nothing(
    town: Town, publication: Publication, silent: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_by_stand_in(monkeypatch)
    batch = opened(town, publication)
    town.wang.appointment.ends_on = town.wang.appointment.starts_on.replace(year=2026, month=1)
    town.wang.appointment.save(update_fields=["ends_on"])
    run_one()
    assert (counts(batch), Rendering.objects.count()) == ({"失败": ALL_LEDGERS}, 0)
    assert {line.message for line in progress_of(batch).lines} == {"只有区创建办可以签发台账。"}


def test_only_the_office_asks_again_or_stops(
    town: Town, publication: Publication, silent: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_by_stand_in(monkeypatch)
    batch = opened(town, publication)
    for officer in (town.lin, town.zhou, town.reader, town.sysadmin):
        for act in (retry_batch, cancel_batch):
            with pytest.raises(Forbidden):
                act(actor=officer, batch=batch)
    assert counts(batch) == {"排队": ALL_LEDGERS}


def test_the_acts_stand_in_the_audit(
    town: Town, publication: Publication, silent: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_by_stand_in(monkeypatch)
    batch = opened(town, publication)
    cancel_batch(actor=town.wang, batch=batch)
    retry_batch(actor=town.wang, batch=batch)
    run_one()
    verbs = AuditEntry.objects.order_by("seq").filter(object_type__startswith="ledgers").values_list("verb", flat=True)
    assert list(verbs) == ["ledgers.start_batch", "ledgers.cancel_batch", "ledgers.retry_batch"]
    assert AuditEntry.objects.filter(verb="ledgers.draw").count() == ALL_LEDGERS


def test_a_document_kept_twice_is_kept_once(town: Town, issued: list[Ledger]) -> None:
    """Whoever comes second finds the first one's, and the audit names no row that is not there."""
    entries = AuditEntry.objects.count()
    kept = issued[0].renderings.get()
    again = keep_rendering(
        actor=town.wang, ledger=issued[0], environment=kept.render_environment, content=b"%PDF-later"
    )
    assert (again.pk, again.file_id, AuditEntry.objects.count()) == (kept.pk, kept.file_id, entries)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
@pytest.mark.django_db(transaction=True)
def test_two_workers_share_a_batch(
    town: Town, publication: Publication, silent: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every document is drawn by one of them."""
    drawn = draw_by_stand_in(monkeypatch)
    for _ in range(5):
        batch = opened(town, publication)
        first, second = Job.objects.filter(kind=DRAW, state=Job.State.QUEUED).order_by("pk")[:2]
        drawn.clear()
        race(partial(jobs.run, first.pk), partial(jobs.run, second.pk))
        assert counts(batch) == {"完成": ALL_LEDGERS}
        assert sorted(drawn) == sorted(Ledger.objects.values_list("pk", flat=True))
        draw_again_under_another_environment(monkeypatch, drawn)


def draw_again_under_another_environment(monkeypatch: pytest.MonkeyPatch, drawn: list[int]) -> None:
    environment = f"{Rendering.objects.count():064d}"
    monkeypatch.setattr(drawing, "environment", lambda: environment)


def test_the_command_takes_part_in_a_batch_that_waits(
    town: Town, publication: Publication, silent: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_by_stand_in(monkeypatch)
    batch = opened(town, publication)
    outcome = issue_and_draw(actor=town.wang, publication=publication, progress=no_progress)
    assert (outcome.drawn, LedgerBatch.objects.get()) == (ALL_LEDGERS, batch)
    assert Job.objects.filter(kind__in=(DRAW, ISSUE), scope=scope_of(publication.pk)).count() == ALL_LEDGERS + 1
