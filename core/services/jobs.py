"""Background jobs. The Job row is the truth; the broker only carries its id and may lose it.

A job that is queued or running has a moment until which somebody answers for it (`lease_until`): the broker while it is
queued, the worker while it is running. `sweep` sends again whatever nobody answers for any more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
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
    """What a kind of job does: `run` returns the closing message; `may` is asked at once and again when it runs."""

    run: Callable[[JobContext], str | None]
    may: Callable[[User | None, dict[str, Any]], Permit] = anybody
    title: str = ""


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


def enqueue(*, actor: Actor, kind: str, scope: str, params: dict[str, Any] | None = None) -> Job:
    """Ask for a job; a living one with the same kind, scope and params is returned instead of a second one."""
    params = params or {}
    requester = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    _permit(kind, requester, params).require()
    wanted = {"kind": kind, "scope": scope, "input_digest": digest({"schema": 1, "params": params})}
    with transaction.atomic():
        return _living(wanted) or _create(actor, requester, wanted, params)


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
    try:
        message = _work(job)
    except JobStopped:
        log.info("job %s stopped: cancelled or taken over", job_id)
    except PortalError as refusal:
        _finish(job, Job.State.FAILED, refusal.message)
    except Exception:  # noqa: BLE001 - the border of foreign work: whatever it raises must end as an honest state
        log.exception("job %s failed", job_id)
        _finish(job, Job.State.FAILED, f"{UNEXPECTED}（编号 {job_id}）")
    else:
        _finish(job, Job.State.DONE, message or "")


def _work(job: Job) -> str | None:
    requester = job.requester
    if requester is not None and not requester.is_active:
        raise Conflict("申请人的账号已停用。")
    _permit(job.kind, requester, job.params).require()
    return _handlers[job.kind].run(JobContext(job))


def _claim(job_id: int) -> Job | None:
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",)).select_related("requester").filter(pk=job_id).first()
        if job is None or job.state != Job.State.QUEUED:
            return None
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
def retry(*, actor: Actor, job: Job) -> Job:
    """Ask again for a failed or cancelled job: a new row by the person who asks now."""
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if locked.state not in (Job.State.FAILED, Job.State.CANCELLED):
        raise Conflict(f"任务当前为“{locked.get_state_display()}”，不能重试。")
    return enqueue(actor=actor, kind=locked.kind, scope=locked.scope, params=locked.params)
