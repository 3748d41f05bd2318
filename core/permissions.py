"""Who sees jobs and the audit: core knows duties only, an app to the right says who holds them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from core.access import ADMINISTER_SYSTEM, READ_AUDIT, can_hold, has_duty
from core.models import Job, Notification, User
from core.permit import ALLOWED, Permit, refused


def visible_jobs(user: User) -> QuerySet[Job]:
    """A system administrator sees all jobs, everybody else her own."""
    jobs = Job.objects.select_related("requester")
    return jobs if has_duty(user, ADMINISTER_SYSTEM) else jobs.filter(requester=user)


def get_job_for(user: User, pk: int) -> Job:
    """One job, or 404."""
    return get_object_or_404(visible_jobs(user), pk=pk)


def visible_notifications(user: User) -> QuerySet[Notification]:
    """Her own, nobody else's: not even an administrator reads what somebody was reminded of."""
    return Notification.objects.filter(recipient=user)


def get_notification_for(user: User, pk: int) -> Notification:
    """One of her own, or 404."""
    return get_object_or_404(visible_notifications(user), pk=pk)


def can_keep_calendar(user: User) -> Permit:
    return can_hold(user, ADMINISTER_SYSTEM)


def can_see_fonts(user: User) -> Permit:
    return can_hold(user, ADMINISTER_SYSTEM)


def can_cancel_job(user: User, job: Job) -> Permit:
    if not job.is_alive:
        return refused(f"任务当前为“{job.get_state_display()}”，不能取消。")
    return ALLOWED if job.requester_id == user.pk else can_hold(user, ADMINISTER_SYSTEM)


def can_retry_job(user: User, job: Job) -> Permit:
    """Only who asked for it: it runs again under her rights."""
    if job.state not in (Job.State.FAILED, Job.State.CANCELLED):
        return refused(f"任务当前为“{job.get_state_display()}”，不能重试。")
    return ALLOWED if job.requester_id == user.pk else refused("只有申请人本人可以重试。")


def can_list_jobs(user: User) -> Permit:
    return can_hold(user, ADMINISTER_SYSTEM)


def can_read_audit(user: User) -> Permit:
    return can_hold(user, READ_AUDIT)
