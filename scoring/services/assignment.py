"""Who answers for which task, and by when: set once, in force from a month on. Nothing here touches points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from branches.acting import Officer
from branches.models import Organisation, Position
from branches.permissions import can_keep_duties
from core import clock
from core.errors import Conflict, Invalid
from core.immutability import row_digests
from core.services import audit
from scoring.calc.due import Due
from scoring.models import Programme, TaskAssignment, TaskKey
from scoring.selectors.assignments import first_month_to_assign


@dataclass(frozen=True, slots=True)
class Duty:
    """What is wanted for a task: the post's id (None for nobody yet) and the day; `seen` is the row that was shown."""

    position_id: int | None
    due: Due | None
    seen: int | None


@transaction.atomic
def assign_tasks(
    *,
    actor: Officer,
    organisation: Organisation,
    programme: Programme,
    from_month: date,
    duties: Mapping[str, Duty],
) -> int:
    """Write what differs from what is in force in `from_month`, by task key; how many tasks changed.

    The same twice changes nothing. Conflict when somebody else changed a task since it was shown; Invalid for a month
    that is over, an unknown task, or a post that is not this organisation's.
    """
    can_keep_duties(actor, organisation).require()
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    _check_month(programme, from_month)
    keys = _keys(programme, duties)
    _check_posts(organisation, duties)
    rows = TaskAssignment.objects.filter(organisation=organisation, key__in=keys.values())
    held = {row.key_id: row for row in rows.in_force(from_month)}
    fresh = [
        _row(actor, organisation, keys[code], from_month, duty, held.get(keys[code].pk))
        for code, duty in duties.items()
        if _differs(duty, held.get(keys[code].pk))
    ]
    TaskAssignment.objects.bulk_create(fresh)
    if fresh:
        payload = {"from_month": from_month, "tasks": len(fresh), "row_digests": row_digests(fresh)}
        audit.record(actor=actor, verb="scoring.assign_tasks", subject=organisation, payload=payload)
    return len(fresh)


def _row(
    actor: Officer, organisation: Organisation, key: TaskKey, month: date, duty: Duty, held: TaskAssignment | None
) -> TaskAssignment:
    if (held.pk if held else None) != duty.seen:
        raise Conflict("分工刚被他人修改，请刷新后核对再保存。")
    is_same_month = held is not None and held.from_month == month
    return TaskAssignment(
        organisation=organisation,
        key=key,
        from_month=month,
        revision=held.revision + 1 if held is not None and is_same_month else 1,
        position_id=duty.position_id,
        due_day=duty.due.day if duty.due else None,
        is_due_next_month=bool(duty.due and duty.due.is_next_month),
        recorded_by=actor.person,
        appointment=actor.appointment,
        at=clock.now(),
    )


def _differs(duty: Duty, held: TaskAssignment | None) -> bool:
    wanted = duty.position_id, duty.due.day if duty.due else None, bool(duty.due and duty.due.is_next_month)
    present = (held.position_id, held.due_day, held.is_due_next_month) if held else (None, None, False)
    return wanted != present


def _check_month(programme: Programme, month: date) -> None:
    first = first_month_to_assign(programme)
    if month < first:
        message = f"分工只能自{first.year}年{first.month}月起安排；过去的月份不再改动。"
        raise Invalid(message, {"month": [message]})


def _keys(programme: Programme, duties: Mapping[str, Duty]) -> dict[str, TaskKey]:
    keys = {key.code: key for key in TaskKey.objects.filter(programme=programme, code__in=list(duties))}
    if duties.keys() - keys.keys():
        raise Conflict("有任务不在现行评星标准中，请刷新后再试。")
    return keys


def _check_posts(organisation: Organisation, duties: Mapping[str, Duty]) -> None:
    """A post of this organisation; one that was closed may stay where it is, but is given no new task."""
    wanted = {duty.position_id for duty in duties.values() if duty.position_id is not None}
    is_usable = Q(closed_on__isnull=True) | Q(pk__in=_held_posts(organisation))
    own = Position.objects.filter(is_usable, organisation=organisation, pk__in=wanted).values_list("pk", flat=True)
    if wanted - set(own):
        message = "所选岗位不是本社区现有的岗位，请刷新后重选。"
        raise Invalid(message, {"post": [message]})


def _held_posts(organisation: Organisation) -> list[int]:
    rows = TaskAssignment.objects.filter(organisation=organisation, position__isnull=False)
    return list(rows.values_list("position_id", flat=True).distinct())
