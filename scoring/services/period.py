"""Opening, joining, closing and re-opening a month. Rules 2, 3, 5 and 7."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from branches.acting import Officer
from branches.models import Organisation
from core import clock
from core.errors import Conflict
from core.services import audit
from scoring.choices import PeriodState
from scoring.models import Assessment, Period, Programme, ProgrammeYear
from scoring.permissions import can_direct
from scoring.selectors.checklist import closing_counts
from scoring.selectors.frozen_facts import frozen_digest
from scoring.selectors.subjects import subjects_of
from scoring.services.entries import clean_reason
from scoring.services.locking import lock_assessments
from scoring.services.opening import create_assessments


@transaction.atomic
def open_period(*, actor: Officer, programme: Programme, month: date) -> Period:
    """Open a month: freeze place, street, track and edition of every subject, prefill its states.

    Conflict when the month exists, has no rules of the year, or a subject has no edition in force.
    """
    can_direct(actor).require()
    month = month.replace(day=1)
    Programme.objects.select_for_update().get(pk=programme.pk)  # an edition published meanwhile waits
    if Period.objects.filter(programme=programme, month=month).exists():
        raise Conflict(f"{month.year}年{month.month}月考评已经开启。")
    period = _new_period(programme, month)
    subjects = subjects_of(programme, month)
    assessments = create_assessments(period, subjects)
    audit.record(
        actor=actor,
        verb="scoring.period.open",
        subject=period,
        payload={"month": period.code, "assessments": len(assessments), "frozen": frozen_digest(assessments)},
    )
    return period


@transaction.atomic
def join_period(*, actor: Officer, period: Period, organisation: Organisation) -> Assessment:
    """Add an organisation founded after opening to the open month, with its place of today."""
    can_direct(actor).require()
    locked = Period.objects.select_for_update().get(pk=period.pk)
    if not locked.is_open:
        raise Conflict("只有进行中的月份可以补列考评对象。")
    if locked.assessments.filter(subject=organisation).exists():
        raise Conflict("该党组织已列入本月考评。")
    subjects = [
        subject for subject in subjects_of(locked.programme, locked.month) if subject.organisation_id == organisation.pk
    ]
    if not subjects:
        raise Conflict("该党组织不是本月的考评对象：请核对层级和成立日期。")
    assessment = create_assessments(locked, subjects)[0]
    audit.record(
        actor=actor,
        verb="scoring.period.join",
        subject=assessment,
        payload={"organisation": organisation.code, "frozen": frozen_digest([assessment])},
    )
    return assessment


@transaction.atomic
def close_period(*, actor: Officer, period: Period) -> Period:
    """Lock every assessment, then the state: no save slips past. What is open is counted into the audit entry."""
    can_direct(actor).require()
    locked = _lock_all(period)
    if locked.state != PeriodState.OPEN:
        raise _not_now(locked, "关闭")
    return _turn(actor, locked, PeriodState.CLOSED, "scoring.period.close", closing_counts(locked).as_payload())


@transaction.atomic
def reopen_period(*, actor: Officer, period: Period, reason: str) -> Period:
    """Open a closed, unpublished month again, with a reason."""
    can_direct(actor).require()
    cleaned = clean_reason(reason)
    locked = _lock_all(period)
    if locked.state != PeriodState.CLOSED:
        raise _not_now(locked, "重新开放")
    return _turn(actor, locked, PeriodState.OPEN, "scoring.period.reopen", {"reason": cleaned})


def _new_period(programme: Programme, month: date) -> Period:
    year = ProgrammeYear.objects.filter(programme=programme, year=month.year).first()
    if year is None:
        raise Conflict(f"没有{month.year}年度的考评规则，请先设置年度规则。")
    period = Period(programme=programme, month=month, state=PeriodState.OPEN, opened_at=clock.now(), version=1)
    last_day = period.last_day
    period.report_due_on = last_day + timedelta(days=year.report_due_days)
    period.street_due_on = last_day + timedelta(days=year.street_due_days)
    period.task_force_due_on = last_day + timedelta(days=year.task_force_due_days)
    period.save(force_insert=True)
    return period


_LIFTED_BY = {PeriodState.CLOSED: "要改由区创建办重新开放。", PeriodState.PUBLISHED: "要改由区创建办两人办理更正。"}


def _not_now(period: Period, act: str) -> Conflict:
    """What state forbids the act, and who can change that."""
    lift = _LIFTED_BY.get(PeriodState(period.state), "")
    return Conflict(f"本月考评当前为“{period.get_state_display()}”，不能{act}。{lift}")


def _lock_all(period: Period) -> Period:
    """Assessments in ascending id, then the period: the order every item write follows."""
    lock_assessments(period.assessments.values_list("pk", flat=True))
    return Period.objects.select_for_update().get(pk=period.pk)


def _turn(actor: Officer, period: Period, state: PeriodState, verb: str, payload: dict[str, object]) -> Period:
    period.state = state
    period.version += 1
    period.closed_at = clock.now() if state == PeriodState.CLOSED else None
    period.save(update_fields=["state", "version", "closed_at"])
    audit.record(actor=actor, verb=verb, subject=period, payload={"month": period.code, **payload})
    return period
