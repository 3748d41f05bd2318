"""The creation office's decisions before publication: one by one, and the rest in bulk with a reason. Rules 6, 8."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from branches.acting import Officer
from core import clock
from core.errors import Conflict, Invalid
from core.immutability import row_digests
from core.services import audit
from scoring.calc.counted import CLAIMED, Counted
from scoring.choices import ReportKind, RulingPurpose
from scoring.models import AssessmentItem, Period, Ruling
from scoring.permissions import can_direct, can_rule
from scoring.selectors.current import CurrentItem, current_items
from scoring.services.entries import clean_document_no, clean_reason
from scoring.services.locking import bump_versions, expect_version, lock_assessments
from scoring.services.rating import recompute_assessments
from scoring.services.review import points_within


@transaction.atomic
def rule_item(
    *,
    actor: Officer,
    item: AssessmentItem,
    kind: str = ReportKind.POINTS,
    points: Any = None,
    reason: str,
    document_no: str = "",
    expected_version: int | None = None,
) -> Ruling:
    """Decide one item before publication: a gap, an appeal, or an item never reported; Conflict on an older picture."""
    lock_assessments([item.assessment_id])
    current = current_items(AssessmentItem.objects.filter(pk=item.pk))[0]
    can_rule(actor, current).require()
    expect_version(current.item, expected_version)
    purpose = RulingPurpose.APPEAL if current.has_appeal and current.ruling is None else RulingPurpose.ADJUDICATION
    ruling = new_ruling(actor, current, purpose, kind, points, clean_reason(reason))
    ruling.document_no = clean_document_no(document_no)
    ruling.save(force_insert=True)
    bump_versions([current.item.pk])
    recompute_assessments(current.assessment.period, [current.assessment.pk])
    audit.record(
        actor=actor,
        verb="scoring.rule",
        subject=current.item,
        payload={"task": current.task.key, "row_digests": row_digests([ruling])},
    )
    return ruling


@transaction.atomic
def settle_remaining(*, actor: Officer, period: Period, reason: str) -> int:
    """Rule everything still provisional at its counted points. Gaps, unconfirmed 不涉及 and items under appeal stay:
    they are decided one by one. The number of items settled; Conflict when the month is published."""
    can_direct(actor).require()
    cleaned = clean_reason(reason)
    lock_assessments(period.assessments.values_list("pk", flat=True))
    period.refresh_from_db()
    if period.is_published:
        raise Conflict("本月结果已公布，只能由区创建办两人办理更正。")
    rest = [
        current
        for current in current_items(AssessmentItem.objects.filter(assessment__period=period))
        if _is_settled_in_bulk(current.counted) and not current.has_appeal
    ]
    if not rest:
        return 0
    moment = clock.now()
    rulings = Ruling.objects.bulk_create(_settlement(actor, current, cleaned, moment) for current in rest)
    bump_versions([current.item.pk for current in rest])
    recompute_assessments(period, {current.assessment.pk for current in rest})
    audit.record(
        actor=actor,
        verb="scoring.settle",
        subject=period,
        payload={"items": len(rulings), "reason": cleaned, "row_digests": row_digests(rulings)},
    )
    return len(rulings)


def new_ruling(actor: Officer, current: CurrentItem, purpose: str, kind: str, points: Any, reason: str) -> Ruling:
    """An unsaved ruling, checked against the task; its number follows the item's last one."""
    if kind not in ReportKind.values:
        raise Invalid("请选择认定分值或不涉及。", {"kind": ["请选择认定分值或不涉及。"]})
    if kind == ReportKind.NOT_APPLICABLE and not current.task.may_not_apply:
        raise Invalid("本任务不能认定为不涉及。", {"kind": ["本任务不能认定为不涉及。"]})
    return Ruling(
        item=current.item,
        number=len(current.rulings) + 1,
        purpose=purpose,
        kind=kind,
        points=points_within(current.task, points) if kind == ReportKind.POINTS else None,
        full_points=current.task.full_points,
        reason=reason,
        by=actor.person,
        appointment=actor.appointment,
        publication_number=1,
        at=clock.now(),
    )


def _is_settled_in_bulk(counted: Counted) -> bool:
    return counted.is_provisional and not counted.is_gap and counted.kind != CLAIMED


def _settlement(actor: Officer, current: CurrentItem, reason: str, moment: datetime) -> Ruling:
    """The rulings of one act carry one moment."""
    counted = current.counted
    points = None if counted.points is None else Decimal(counted.points).scaleb(-2)
    ruling = new_ruling(actor, current, RulingPurpose.SETTLEMENT, counted.kind, points, reason)
    ruling.at = moment
    return ruling
