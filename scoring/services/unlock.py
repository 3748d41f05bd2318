"""One item of a closed, unpublished month opened again until a moment; it locks itself again. Rule 7."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from branches.acting import Officer
from core import clock
from core.errors import Conflict, Invalid
from core.immutability import row_digests
from core.services import audit
from scoring.choices import PeriodState
from scoring.models import AssessmentItem, ItemUnlock
from scoring.permissions import can_direct
from scoring.services.entries import clean_reason
from scoring.services.locking import lock_assessments

LONGEST = timedelta(days=7)
REASON_LENGTH = 200


@transaction.atomic
def unlock_item(*, actor: Officer, item: AssessmentItem, until: datetime, reason: str) -> ItemUnlock:
    """Let one item be entered and reviewed until `until` (at most seven days ahead), before publication only."""
    can_direct(actor).require()
    lock_assessments([item.assessment_id])
    period = AssessmentItem.objects.select_related("assessment__period").get(pk=item.pk).assessment.period
    if period.state != PeriodState.CLOSED:
        raise Conflict("只有已关闭、尚未公布的月份才需要解锁。")
    if not clock.now() < until <= clock.now() + LONGEST:
        raise Invalid("解锁期限须在今后七天之内。", {"until": ["解锁期限须在今后七天之内。"]})
    unlock = ItemUnlock.objects.create(
        item=item,
        expires_at=until,
        reason=clean_reason(reason, longest=REASON_LENGTH),
        by=actor.person,
        appointment=actor.appointment,
        at=clock.now(),
    )
    audit.record(
        actor=actor, verb="scoring.unlock", subject=item, payload={"until": until, "row_digests": row_digests([unlock])}
    )
    return unlock
