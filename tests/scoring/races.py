"""Two people in the same moment, and a worker killed in the middle: acts that meet, and what must be left of them."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from django.db import connections

from core import clock
from core.actor import SYSTEM
from core.errors import PortalError
from core.models import Job
from core.selectors.audit import ChainCheck
from core.services import jobs
from scoring.choices import Axis, Outcome
from scoring.jobs import request_recompute
from scoring.models import AssessmentItem, Period, Rating, Review
from scoring.selectors.ratings import differences
from scoring.services.period import close_period, reopen_period
from scoring.services.report import save_draft, submit_items
from scoring.services.review import review_item
from tests.people import Town
from tests.scoring.month import Month, at, level, report_all


def race(*acts: Callable[[], object]) -> list[object]:
    """Run the acts at once, each on a connection of its own; what they returned, or the refusal."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            start.wait()
            with clock.pinned_at(at("2026-09", 33)):
                return act()
        except PortalError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def refused(results: list[object]) -> list[str]:
    return [result.message for result in results if isinstance(result, PortalError)]


def chain_findings() -> list[str]:
    """Findings but for the town's own rows, which the fixture writes in bulk."""
    return [str(one) for one in ChainCheck().findings() if "隶属" not in str(one)]


def two_reviewers(month: Month, town: Town, rounds: int) -> Counter[str]:
    """周 agrees and 周宁 returns or agrees in the same moment; how often each of them was first, by name."""
    report_all(town, month.period, organisations=[town.fuhou])
    first: Counter[str] = Counter()
    posts = {one.person.name: one.label.replace(" ", "") for one in (town.zhou, town.zhou2)}
    for number in range(rounds):
        item = month.item(5)
        before = Review.objects.count()
        outcomes = {town.zhou: Outcome.AGREE, town.zhou2: Outcome.RETURN if number % 2 else Outcome.AGREE}
        results = race(*(
            lambda actor=actor, outcome=outcome, item=item: review_item(
                actor=actor, item=item, axis=Axis.STREET, outcome=outcome, reason="请补材料。",
                expected_version=item.version,
            )
            for actor, outcome in outcomes.items()
        ))  # fmt: skip
        (winner,) = [result.reviewer.name for result in results if isinstance(result, Review)]
        (told,) = refused(results)
        wanted = f"该事项刚被他人或另一窗口修改：10月3日 09:00 {posts[winner]}已审核。请刷新后核对再操作。"
        assert told == wanted, told
        assert Review.objects.count() == before + 1
        first[winner] += 1
        if month.item(5).state == "returned":
            with clock.pinned_at(at("2026-09", 33)):
                submit_items(actor=town.lin, assessment=month.assessment(), item_ids=[item.pk])
    assert differences(month.period) == []
    assert chain_findings() == []
    return first


def save_against_close(month: Month, town: Town, rounds: int) -> Counter[str]:
    """林 saves while the office closes: saved before or refused after, never after; how often which."""
    found: Counter[str] = Counter()
    for number in range(rounds):
        item = month.item(5)
        saved, closed = race(
            lambda item=item: save_draft(actor=town.lin, item=item, entry=level(0), expected_version=item.version),
            lambda: close_period(actor=town.wang, period=month.period),
        )
        was_saved = not isinstance(saved, PortalError)
        assert not isinstance(closed, PortalError)
        assert AssessmentItem.objects.get(pk=item.pk).version == item.version + was_saved
        if isinstance(saved, PortalError):
            assert "本月已关闭" in saved.message
        found["saved" if was_saved else "refused"] += 1
        with clock.pinned_at(at("2026-09", 34)):
            reopen_period(actor=town.wang, period=month.period, reason=f"第{number}次")
    assert chain_findings() == []
    return found


def kill_in_mid_recompute(period: Period, rounds: int, seed: int = 1) -> Counter[str]:
    """A worker is killed while it recomputes, until that has happened `rounds` times in the middle of the work; the
    sweeper queues the job again and the next worker does it. How often it came too early, in the middle, too late.

    The queue itself is left out: `jobs._send_now` must be silenced by the caller.
    """
    chance, found, whole = random.Random(seed), Counter[str](), _seconds_of_one(period)
    while found[Job.State.RUNNING] < rounds:
        Rating.objects.filter(assessment__period=period).update(star_level=9)
        job = request_recompute(actor=SYSTEM, period=period)
        _start_and_kill(job, chance.uniform(0, whole / 3), wait=chance.random() < 0.8)
        job.refresh_from_db()
        found[job.state] += 1
        if job.state == Job.State.RUNNING:
            Job.objects.filter(pk=job.pk).update(lease_until=clock.now() - timedelta(seconds=1))
            assert jobs.sweep() == 1
        if job.state != Job.State.DONE:
            jobs.run(job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.DONE
        assert differences(period) == []
        assert sum(found.values()) < 20 * rounds, found
    assert Rating.objects.filter(assessment__period=period).count() == period.assessments.count()
    return found


def _seconds_of_one(period: Period) -> float:
    job = request_recompute(actor=SYSTEM, period=period)
    started = time.perf_counter()
    _wait(_worker(job))
    return time.perf_counter() - started


def _start_and_kill(job: Job, after: float, *, wait: bool) -> None:
    """Kill the worker so many seconds after it was started, or after it was seen at work."""
    worker = _worker(job)
    for _ in range(5000 if wait else 0):
        if not Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).exists():
            break
        time.sleep(0.001)
    time.sleep(after)
    os.kill(worker, signal.SIGKILL)
    _wait(worker)


def _worker(job: Job) -> int:
    """A process of its own, with a connection of its own; its id."""
    connections.close_all()
    worker = os.fork()
    if worker == 0:
        try:
            _forget_connections()
            jobs.run(job.pk)
        finally:
            os._exit(0)
    return worker


def _forget_connections() -> None:
    """Those of the parent: beside a browser's event loop it has another set, which closing there does not reach."""
    for one in connections.all(initialized_only=True):
        one.connection = None


def _wait(worker: int) -> None:
    os.waitpid(worker, 0)
