"""What a street has reviewed and not yet signed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from branches.models import Organisation
from scoring.choices import Axis
from scoring.models import Period, Review, SignOff


def last_sign_off(period: Period, street: Organisation) -> SignOff | None:
    """The street's newest signature of the month."""
    rows = SignOff.objects.filter(period=period, street=street).select_related("signed_by", "appointment__position")
    return rows.order_by("-number").first()


def unsigned_reviews(period: Period, street: Organisation) -> QuerySet[Review]:
    """The street's reviews of the month that no signature covers, whoever made them."""
    last = last_sign_off(period, street)
    rows = Review.objects.filter(
        item__assessment__period=period,
        item__assessment__street=street,
        axis=Axis.STREET,
    )
    return rows.filter(pk__gt=last.last_review_id) if last else rows


def unsigned_counts(periods: Sequence[Period]) -> Iterable[tuple[int, int, int]]:
    """Period id, street id and how many of the street's reviews no signature covers."""
    place = {"period": "item__assessment__period", "street": "item__assessment__street"}
    last = SignOff.objects.filter(**{key: OuterRef(path) for key, path in place.items()}).order_by("-number")
    covered = Coalesce(Subquery(last.values("last_review_id")[:1]), 0, output_field=IntegerField())
    rows = Review.objects.filter(item__assessment__period__in=periods, axis=Axis.STREET, pk__gt=covered).order_by()
    return rows.values_list(*place.values()).annotate(reviews=Count("pk"))
