"""A job is done once, by one worker, and is never lost."""

from datetime import timedelta

import pytest
from kombu.exceptions import OperationalError as BrokerDown

from core import clock
from core.actor import SYSTEM, Actor
from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry, Job, Pulse, User
from core.permit import ALLOWED, refused
from core.services import jobs
from core.tasks import run_job

pytestmark = pytest.mark.django_db


class Work:
    """A kind of job whose behaviour a test sets; it remembers what it was asked."""

    def __init__(self):
        self.runs = []
        self.permit = ALLOWED
        self.act = lambda context: "好了"

    def run(self, context):
        self.runs.append(context.job.attempt)
        return self.act(context)

    def may(self, user, params):
        return self.permit


@pytest.fixture
def work(monkeypatch) -> Work:
    made = Work()
    monkeypatch.setitem(jobs._handlers, "test.work", jobs.JobHandler(run=made.run, may=made.may, title="试办"))
    return made


@pytest.fixture
def sent(monkeypatch) -> list[int]:
    """Ids handed to the broker, instead of a broker."""
    ids: list[int] = []
    monkeypatch.setattr(run_job, "apply_async", lambda args, **options: ids.append(args[0]))
    return ids


@pytest.fixture
def lin() -> Actor:
    user = User.objects.create_user("lin")
    return Actor(user.pk, "府后社区书记 林")


def ask(actor: Actor = SYSTEM, **params) -> Job:
    return jobs.enqueue(actor=actor, kind="test.work", scope="all", params=params)


def later(job: Job, seconds: float) -> None:
    """The lease of a job ran out so many seconds ago."""
    Job.objects.filter(pk=job.pk).update(lease_until=clock.now() - timedelta(seconds=seconds))


def test_asked_run_done(work, lin, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = ask(lin)
    assert sent == [job.pk]
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message, job.attempt, job.lease_until) == ("done", "好了", 1, None)
    assert (job.requester_id, job.requester_label) == (lin.user_id, "府后社区书记 林")
    assert AuditEntry.objects.get().verb == "core.enqueue_job"


def test_a_living_job_is_returned_instead_of_a_second(work, lin):
    first = ask(lin, month="2026-10")
    assert ask(SYSTEM, month="2026-10") == first
    assert ask(lin, month="2026-11") != first
    jobs.run(first.pk)
    assert ask(lin, month="2026-10") != first


def test_a_finished_or_running_job_is_not_run_again(work):
    job = ask()
    work.act = lambda context: jobs.run(context.job.pk)
    jobs.run(job.pk)
    jobs.run(job.pk)
    assert work.runs == [1]


def test_a_job_whose_worker_died_is_run_again(work, sent, django_capture_on_commit_callbacks):
    job = ask()
    assert jobs._claim(job.pk) is not None
    jobs.run(job.pk)
    assert work.runs == []
    later(job, 1)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.sweep() == 1
    assert sent == [job.pk]
    jobs.run(job.pk)
    assert work.runs == [2]
    assert Job.objects.get().state == "done"


def test_a_worker_thought_dead_cannot_touch_the_job_any_more(work):
    job = ask()
    stale = jobs.JobContext(jobs._claim(job.pk))
    later(job, 1)
    jobs.sweep()
    jobs.run(job.pk)
    with pytest.raises(jobs.JobStopped):
        stale.progress(1, 2)
    jobs._finish(stale.job, Job.State.FAILED, "迟到")
    assert Job.objects.get().message == "好了"


def test_a_message_lost_by_the_broker_is_sent_again(work, sent, django_capture_on_commit_callbacks):
    job = ask()
    assert jobs.sweep() == 0
    later(job, 1)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.sweep() == 1
        assert jobs.sweep() == 0
    assert sent == [job.pk]


def test_a_broker_that_is_down_loses_nothing(work, monkeypatch, django_capture_on_commit_callbacks):
    def down(**_):
        raise BrokerDown

    monkeypatch.setattr(run_job, "apply_async", down)
    with django_capture_on_commit_callbacks(execute=True):
        job = ask()
    assert Job.objects.get() == job


def test_a_job_that_kills_its_workers_ends_as_failed(work):
    job = ask()
    for _ in range(jobs.MAX_ATTEMPTS):
        assert jobs._claim(job.pk) is not None
        later(job, 1)
        jobs.sweep()
    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", "任务连续 5 次中断，未能完成。请系统管理员查看工作进程。")


def test_a_swept_job_that_still_lives_keeps_its_lease(work):
    job = ask()
    jobs._claim(job.pk)
    assert jobs.sweep() == 0
    assert Job.objects.get().state == "running"


def test_progress_is_seen_and_renews_the_lease(work):
    seen = []

    def act(context):
        later(context.job, 1)
        context.progress(3, 10, "第 3 份")
        seen.append(Job.objects.get())

    work.act = act
    jobs.run(ask().pk)
    assert [(job.done, job.total, job.percent, job.message) for job in seen] == [(3, 10, 30, "第 3 份")]
    assert seen[0].lease_until > clock.now()


def test_a_refusal_becomes_the_reason(work):
    def act(context):
        raise Conflict("本月还没有公布。")

    work.act = act
    jobs.run(ask().pk)
    job = Job.objects.get()
    assert (job.state, job.message) == ("failed", "本月还没有公布。")


def test_a_bug_becomes_a_plain_sentence_and_a_log_line(work, caplog):
    work.act = lambda context: 1 / 0
    job = ask()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.message == f"处理时出现意外错误，已记入系统日志。请把任务编号告诉系统管理员。（编号 {job.pk}）"
    assert "ZeroDivisionError" in caplog.text


def test_a_cancelled_running_job_stops_at_its_next_step(work, lin):
    steps = []

    def act(context):
        steps.append(1)
        jobs.cancel(actor=lin, job=context.job)
        context.progress(1, 2)
        steps.append(2)

    work.act = act
    job = ask(lin)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (steps, job.state) == ([1], "cancelled")
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["core.enqueue_job", "core.cancel_job"]


def test_a_cancelled_queued_job_never_starts(work, lin):
    job = ask(lin)
    jobs.cancel(actor=lin, job=job)
    jobs.run(job.pk)
    assert work.runs == []
    with pytest.raises(Conflict, match="任务当前为“已取消”，不能取消。"):
        jobs.cancel(actor=lin, job=job)


def test_who_may_not_is_refused_at_once(work, lin):
    work.permit = refused("只有区创建办可以。")
    with pytest.raises(Forbidden, match="只有区创建办可以。"):
        ask(lin)
    assert Job.objects.count() == 0


def test_rights_lost_while_waiting_stop_the_job(work, lin):
    job = ask(lin)
    work.permit = refused("只有区创建办可以。")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (work.runs, job.state, job.message) == ([], "failed", "只有区创建办可以。")


def test_a_closed_account_gets_nothing_done(work, lin):
    job = ask(lin)
    User.objects.update(is_active=False)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (work.runs, job.message) == ([], "申请人的账号已停用。")


def test_retry_is_a_new_job_of_a_failed_one(work, lin):
    work.act = lambda context: 1 / 0
    job = ask(lin, month="2026-10")
    with pytest.raises(Conflict, match="任务当前为“排队”，不能重试。"):
        jobs.retry(actor=lin, job=job)
    jobs.run(job.pk)
    again = jobs.retry(actor=lin, job=job)
    assert (again.pk == job.pk, again.params, again.state) == (False, {"month": "2026-10"}, "queued")


def test_unknown_kinds_are_refused(db):
    with pytest.raises(Invalid, match="没有“no.such”这种后台任务。"):
        jobs.enqueue(actor=SYSTEM, kind="no.such", scope="")


def test_working_is_a_sign_of_life(work):
    jobs.run(ask().pk)
    jobs.beat()
    assert Pulse.objects.get().name == "worker"


def test_the_schedule_names_tasks_that_exist():
    from weidu_portal.celery import app

    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} - set(app.tasks) == set()
