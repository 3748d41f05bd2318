"""审签: the street's second step, by somebody who reviewed nothing of the batch. Rule 5."""

from __future__ import annotations

from django.db import transaction

from branches.acting import Officer
from branches.models import Organisation
from core import clock
from core.errors import Conflict
from core.immutability import row_digests
from core.services import audit
from scoring.choices import Axis
from scoring.models import Period, Review, SignOff
from scoring.permissions import can_sign_off
from scoring.selectors.sign_offs import unsigned_reviews
from scoring.services.locking import lock_assessments


@transaction.atomic
def sign_off_street(*, actor: Officer, period: Period, street: Organisation) -> SignOff:
    """Sign everything the street has reviewed since its last signature; Conflict when there is nothing new."""
    lock_assessments(period.assessments.filter(street=street).values_list("pk", flat=True))
    period.refresh_from_db()
    can_sign_off(actor, period, street).require()
    batch = unsigned_reviews(period, street)
    _check(actor, list(batch.values_list("reviewer_id", flat=True)))
    sign_off = SignOff.objects.create(
        period=period,
        street=street,
        number=SignOff.objects.filter(period=period, street=street).count() + 1,
        reviews=batch.count(),
        last_review_id=_last_review_id(period, street),
        signed_by=actor.person,
        appointment=actor.appointment,
        at=clock.now(),
    )
    audit.record(
        actor=actor,
        verb="scoring.sign_off",
        subject=sign_off,
        payload={"street": street.code, "row_digests": row_digests([sign_off])},
    )
    return sign_off


def _check(actor: Officer, reviewers: list[int]) -> None:
    if not reviewers:
        raise Conflict("没有新的审核意见需要审签。")
    own = reviewers.count(actor.person.pk)
    if own:
        raise Conflict(f"其中 {own} 项由您本人审核，请由本街道另一人审签。")


def _last_review_id(period: Period, street: Organisation) -> int:
    rows = Review.objects.filter(item__assessment__period=period, item__assessment__street=street, axis=Axis.STREET)
    return rows.order_by("-pk").values_list("pk", flat=True)[0]
