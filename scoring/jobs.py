"""Long work of the month: recomputing a period, and the proof that what is stored is what would be computed."""

from __future__ import annotations

from typing import Any

from branches.choices import Right
from branches.permissions import has_right
from core import clock
from core.actor import SYSTEM, Actor
from core.errors import Conflict
from core.models import Job, User
from core.permit import ALLOWED, Permit, refused
from core.selectors.calendar import calendar_warning
from core.services import jobs
from core.services.jobs import JobContext, JobHandler
from scoring.models import Period
from scoring.selectors.ratings import differences
from scoring.services.rating import recompute_period
from scoring.services.reminders import is_time_to_remind, write_digests

RECOMPUTE = "scoring.recompute"
PROVE = "scoring.prove"
REMIND = "scoring.remind"
_ASKED = (*Job.ALIVE, Job.State.DONE)


def register() -> None:
    jobs.register(RECOMPUTE, JobHandler(run=_recompute, may=_may, title="重算评星"))
    jobs.register(REMIND, JobHandler(run=_remind, may=_may, title="写工作日提醒"))
    jobs.register(PROVE, JobHandler(run=_prove, may=_may, title="核对评星"))


def request_recompute(*, actor: Actor, period: Period) -> Job:
    """Queue a recompute of a month: after an import or a ruling that touches many items."""
    return jobs.enqueue(actor=actor, kind=RECOMPUTE, scope=f"period:{period.pk}", params={"period": period.pk})


def request_reminders() -> Job | None:
    """Queue today's digests: on a working day, within the hours, once a day; None when it is not the time."""
    scope = f"day:{clock.today()}"
    if not is_time_to_remind() or Job.objects.filter(kind=REMIND, scope=scope, state__in=_ASKED).exists():
        return None
    return jobs.enqueue(actor=SYSTEM, kind=REMIND, scope=scope)


def _may(user: User | None, params: dict[str, Any]) -> Permit:
    """The system itself, or somebody of the creation office."""
    if user is None or has_right(user, Right.DIRECT):
        return ALLOWED
    return refused("只有区创建办可以重算评星。")


def _recompute(context: JobContext) -> str:
    period = Period.objects.get(pk=context.params["period"])
    total = period.assessments.count()
    context.progress(0, total, "正在重算")
    changed = recompute_period(period)
    context.progress(total, total, "正在重算")
    return f"{period}：重算 {total} 个社区，更新 {changed} 条。"


def _remind(context: JobContext) -> str:
    written = write_digests()
    return f"{clock.today()}：写提醒 {written} 条。{calendar_warning(clock.today())}"


def _prove(context: JobContext) -> str:
    period = Period.objects.get(pk=context.params["period"])
    found = differences(period)
    if found:
        raise Conflict(f"{period}有 {len(found)} 处存储与重算不一致：" + "；".join(found[:20]))
    return f"{period}：存储与重算一致。"
