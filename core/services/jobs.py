"""Background jobs. The Job row is the truth; the broker only carries its id and may lose it.

A job that is queued or running has a moment until which somebody answers for it (`lease_until`): the broker while it is
queued, the worker while it is running. `sweep` sends again whatever nobody answers for any more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from kombu.exceptions import OperationalError as BrokerDown

from core import clock
from core.actor import SYSTEM, Actor
from core.canonical import digest
from core.errors import Conflict, Invalid, PortalError
from core.models import Job, Pulse, User
from core.models.pulse import WORKER
from core.permit import ALLOWED, Permit
from core.services import audit

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
PATIENCE = timedelta(minutes=1)
MAX_ATTEMPTS = 5

INTERRUPTED = f"任务连续 {MAX_ATTEMPTS} 次中断，未能完成。请系统管理员查看工作进程。"
UNEXPECTED = "处理时出现意外错误，已记入系统日志。请把任务编号告诉系统管理员。"


class JobStopped(Exception):
    """Raised out of `progress` when the job was cancelled or another worker has taken it over."""


def anybody(user: User | None, params: dict[str, Any]) -> Permit:
    return ALLOWED


@dataclass(frozen=True)
class JobHandler:
    """What a kind of job does: `run` returns the closing message; `may` is asked at once and again when it runs.

    `stream`, for many small jobs: takes the jobs that wait in the same scope one after the other and yields each with
    its closing message or refusal, as it ends. `run` then serves the single job on which a stream broke.
    """

    run: Callable[[JobContext], str | None]
    may: Callable[[User | None, dict[str, Any]], Permit] = anybody
    title: str = ""
    stream: Stream | None = None


_handlers: dict[str, JobHandler] = {}


def register(kind: str, handler: JobHandler) -> None:
    """Name the handler of a kind of job (`ledgers.issue`), in AppConfig.ready."""
    _handlers[kind] = handler


def title_of(kind: str) -> str:
    """The kind in words for people."""
    handler = _handlers.get(kind)
    return handler.title if handler and handler.title else kind


class JobContext:
    """What a handler sees of its job."""

    def __init__(self, job: Job):
        self.job = job
        self.params: dict[str, Any] = job.params

    @property
    def actor(self) -> Actor:
        """Who asked for the job, for the audit entries of the services it calls."""
        return Actor(self.job.requester_id, self.job.requester_label) if self.job.requester_id else SYSTEM

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Say how far it is and keep the lease; call it at least every minute. Raises JobStopped, let it through.

        Outside a transaction of the handler, or nobody sees it before the end.
        """
        beat()
        if not _held(self.job).update(done=done, total=total, message=message, lease_until=clock.now() + LEASE):
            raise JobStopped

    def is_held(self) -> bool:
        """Whether this run still answers for the job: not cancelled, not taken over."""
        return bool(_held(self.job).exists())


Ended = tuple[JobContext, str | PortalError]
Stream = Callable[[Iterator[JobContext]], Iterator[Ended]]


def enqueue(*, actor: Actor, kind: str, scope: str, params: dict[str, Any] | None = None) -> Job:
    """Ask for a job; a living one with the same kind, scope and params is returned instead of a second one."""
    params = params or {}
    requester = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    _permit(kind, requester, params).require()
    wanted = {"kind": kind, "scope": scope, "input_digest": digest({"schema": 1, "params": params})}
    with transaction.atomic():
        return _living(wanted) or _create(actor, requester, wanted, params)


@transaction.atomic
def enqueue_many(*, actor: Actor, kind: str, scope: str, params: list[dict[str, Any]]) -> list[Job]:
    """Ask for many jobs of one scope in one act with one audit entry: in the order of `params`, which differ from each
    other; where one lives already, that one.
    """
    requester = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    for one in params:
        _permit(kind, requester, one).require()
    digests = [digest({"schema": 1, "params": one}) for one in params]
    living = {job.input_digest: job for job in Job.objects.filter(kind=kind, scope=scope, state__in=Job.ALIVE)}
    wanted = [(key, one) for key, one in zip(digests, params, strict=True) if key not in living]
    created = _create_many(actor, requester, {"kind": kind, "scope": scope}, wanted) if wanted else {}
    return [(living | created)[key] for key in digests]


def _create_many(
    actor: Actor, requester: User | None, named: dict[str, str], wanted: list[tuple[str, dict[str, Any]]]
) -> dict[str, Job]:
    rows = [
        Job(
            **named,
            input_digest=key,
            params=params,
            requester=requester,
            requester_label=actor.label[:200],
            created_at=clock.now(),
            lease_until=clock.now() + PATIENCE,
        )
        for key, params in wanted
    ]
    try:
        with transaction.atomic():
            created = Job.objects.bulk_create(rows)
    except IntegrityError as error:
        raise Conflict("同样的任务刚由他人排队，请刷新后再看。") from error
    audit.record(
        actor=actor,
        verb="core.enqueue_jobs",
        subject=created[0],
        payload={**named, "jobs": [job.pk for job in created]},
    )
    for job in created:
        _send(job)
    return {job.input_digest: job for job in created}


def _living(wanted: dict[str, str]) -> Job | None:
    return Job.objects.filter(**wanted, state__in=Job.ALIVE).first()


def _create(actor: Actor, requester: User | None, wanted: dict[str, str], params: dict[str, Any]) -> Job:
    try:
        with transaction.atomic():
            job = Job.objects.create(
                **wanted,
                params=params,
                requester=requester,
                requester_label=actor.label[:200],
                created_at=clock.now(),
                lease_until=clock.now() + PATIENCE,
            )
    except IntegrityError:
        if (living := _living(wanted)) is None:
            raise
        return living
    audit.record(actor=actor, verb="core.enqueue_job", subject=job, payload=wanted)
    _send(job)
    return job


def _permit(kind: str, requester: User | None, params: dict[str, Any]) -> Permit:
    if kind not in _handlers:
        raise Invalid(f"没有“{kind}”这种后台任务。")
    return _handlers[kind].may(requester, params)


def _send(job: Job) -> None:
    transaction.on_commit(lambda: _send_now(job.pk))


def _send_now(job_id: int) -> None:
    from core.tasks import run_job

    try:
        run_job.apply_async(args=[job_id], retry=False)
    except BrokerDown:
        log.warning("broker is down; job %s waits for the sweeper", job_id)


# -- in the worker


def run(job_id: int) -> None:
    """Do a queued job; does nothing when it is running elsewhere, finished or cancelled."""
    beat()
    job = _claim(job_id)
    if job is None:
        return
    handler = _handlers.get(job.kind)
    if handler is not None and handler.stream is not None:
        _run_stream(job, handler.stream)
    else:
        _run_alone(job)


def run_waiting(kind: str, scope: str, *, seen: Callable[[Job], None] = lambda job: None) -> None:
    """Do here and now what waits of a kind in a scope; `seen` is told of each job as it ends. For commands."""
    stream = _handlers[kind].stream
    while stream is not None and (job := _claim_next(kind, scope)) is not None:
        _run_stream(job, stream, seen)


def _run_alone(job: Job) -> None:
    try:
        message = _work(job)
    except JobStopped:
        log.info("job %s stopped: cancelled or taken over", job.pk)
    except PortalError as refusal:
        _finish(job, Job.State.FAILED, refusal.message)
    except Exception:  # noqa: BLE001 - the border of foreign work: whatever it raises must end as an honest state
        log.exception("job %s failed", job.pk)
        _finish(job, Job.State.FAILED, f"{UNEXPECTED}（编号 {job.pk}）")
    else:
        _finish(job, Job.State.DONE, message or "")


def _work(job: Job) -> str | None:
    _admit(job)
    return _handlers[job.kind].run(JobContext(job))


def _admit(job: Job) -> None:
    """Raise PortalError when whoever asked may not any more."""
    requester = job.requester
    if requester is not None and not requester.is_active:
        raise Conflict("申请人的账号已停用。")
    _permit(job.kind, requester, job.params).require()


def _run_stream(first: Job, stream: Stream, seen: Callable[[Job], None] = lambda job: None) -> None:
    """Do a job and those that wait beside it; when the stream breaks, those in hand are done one by one."""
    held = {first.pk: first}
    try:
        for context, result in stream(_contexts(first, held)):
            job = held.pop(context.job.pk)
            if isinstance(result, PortalError):
                _finish(job, Job.State.FAILED, result.message)
            else:
                _finish(job, Job.State.DONE, result)
            _renew(held)
            seen(job)
    except Exception:  # noqa: BLE001 - the border of foreign work, as above
        log.exception("stream of %s in %s broke", first.kind, first.scope)
        for job in held.values():
            _run_alone(job)
            seen(job)


def _contexts(first: Job, held: dict[int, Job]) -> Iterator[JobContext]:
    job: Job | None = first
    while job is not None:
        try:
            _admit(job)
        except PortalError as refusal:
            held.pop(job.pk, None)
            _finish(job, Job.State.FAILED, refusal.message)
        else:
            held[job.pk] = job
            yield JobContext(job)
        job = _claim_next(first.kind, first.scope)


def _renew(held: dict[int, Job]) -> None:
    beat()
    Job.objects.filter(pk__in=held, state=Job.State.RUNNING).update(lease_until=clock.now() + LEASE)


def _claim(job_id: int) -> Job | None:
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",)).select_related("requester").filter(pk=job_id).first()
        return _take(job) if job is not None and job.state == Job.State.QUEUED else None


def _claim_next(kind: str, scope: str) -> Job | None:
    """The oldest job that waits in a scope and that nobody else is about to take."""
    with transaction.atomic():
        skips = connection.features.has_select_for_update_skip_locked
        rows = Job.objects.select_for_update(of=("self",), skip_locked=skips)
        waiting = rows.select_related("requester").filter(kind=kind, scope=scope, state=Job.State.QUEUED)
        job = waiting.order_by("pk").first()
        return _take(job) if job is not None else None


def _take(job: Job) -> Job:
    job.state = Job.State.RUNNING
    job.attempt += 1
    job.started_at = clock.now()
    job.lease_until = clock.now() + LEASE
    job.save(update_fields=["state", "attempt", "started_at", "lease_until"])
    return job


def _held(job: Job) -> Any:
    """The row while this run still holds it: the attempt number keeps out a worker that was thought dead."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempt=job.attempt)


def _finish(job: Job, state: str, message: str) -> None:
    finished = {"state": state, "message": message, "finished_at": clock.now(), "lease_until": None}
    if not _held(job).update(**finished):
        log.info("job %s was cancelled or taken over before it ended as %s", job.pk, state)


def beat() -> None:
    """The worker says that it lives; `/readyz` shows a silent one."""
    Pulse.objects.update_or_create(name=WORKER, defaults={"at": clock.now()})


def sweep() -> int:
    """Send again every living job nobody answers for; returns how many."""
    overdue = Job.objects.filter(state__in=Job.ALIVE, lease_until__lt=clock.now()).order_by("pk")
    return sum(_sweep_one(job_id) for job_id in overdue.values_list("pk", flat=True))


@transaction.atomic
def _sweep_one(job_id: int) -> bool:
    job = Job.objects.select_for_update().filter(pk=job_id, state__in=Job.ALIVE, lease_until__lt=clock.now()).first()
    if job is None:
        return False
    if job.state == Job.State.RUNNING and job.attempt >= MAX_ATTEMPTS:
        _finish(job, Job.State.FAILED, INTERRUPTED)
        return False
    job.state = Job.State.QUEUED
    job.lease_until = clock.now() + PATIENCE
    job.save(update_fields=["state", "lease_until"])
    _send(job)
    return True


# -- by people


@transaction.atomic
def cancel(*, actor: Actor, job: Job) -> Job:
    """Stop a living job: a queued one never starts, a running one stops at its next step."""
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if not locked.is_alive:
        raise Conflict(f"任务当前为“{locked.get_state_display()}”，不能取消。")
    locked.state, locked.finished_at, locked.lease_until = Job.State.CANCELLED, clock.now(), None
    locked.save(update_fields=["state", "finished_at", "lease_until"])
    audit.record(actor=actor, verb="core.cancel_job", subject=locked)
    return locked


@transaction.atomic
def cancel_many(*, actor: Actor, kind: str, scope: str) -> int:
    """Stop what lives of a kind in a scope, in one act with one audit entry; returns how many."""
    rows = Job.objects.select_for_update().filter(kind=kind, scope=scope, state__in=Job.ALIVE).order_by("pk")
    living = list(rows)
    if living:
        ids = [job.pk for job in living]
        stopped = {"state": Job.State.CANCELLED, "finished_at": clock.now(), "lease_until": None}
        Job.objects.filter(pk__in=ids).update(**stopped)
        payload = {"kind": kind, "scope": scope, "jobs": ids}
        audit.record(actor=actor, verb="core.cancel_jobs", subject=living[0], payload=payload)
    return len(living)


@transaction.atomic
def retry(*, actor: Actor, job: Job) -> Job:
    """Ask again for a failed or cancelled job: a new row by the person who asks now."""
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if locked.state not in (Job.State.FAILED, Job.State.CANCELLED):
        raise Conflict(f"任务当前为“{locked.get_state_display()}”，不能重试。")
    return enqueue(actor=actor, kind=locked.kind, scope=locked.scope, params=locked.params)
