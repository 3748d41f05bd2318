"""复核: a community's one objection to an item that a review lowered; the office answers with a ruling. Rule 5."""

from __future__ import annotations

from django.db import transaction

from branches.acting import Officer
from core import clock
from core.immutability import row_digests
from core.services import audit
from scoring.models import Appeal, AssessmentItem
from scoring.permissions import can_appeal
from scoring.selectors.current import current_items
from scoring.services.entries import clean_reason
from scoring.services.locking import lock_assessments


@transaction.atomic
def appeal_item(*, actor: Officer, item: AssessmentItem, reason: str) -> Appeal:
    """Ask for a second look; refused twice, after closing, and where no review lowered the item."""
    lock_assessments([item.assessment_id])
    current = current_items(AssessmentItem.objects.filter(pk=item.pk))[0]
    can_appeal(actor, current).require()
    appeal = Appeal.objects.create(
        item=current.item,
        round=current.item.round,
        reason=clean_reason(reason),
        asked_by=actor.person,
        appointment=actor.appointment,
        at=clock.now(),
    )
    audit.record(
        actor=actor,
        verb="scoring.appeal",
        subject=current.item,
        payload={"task": current.task.key, "row_digests": row_digests([appeal])},
    )
    return appeal
