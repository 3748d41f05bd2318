"""What each item was settled at last month, beside the items of this one."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce

from core.fields import to_hundredths
from scoring.calc.counted import NOT_APPLICABLE, POINTS, Counted, Stated, count
from scoring.choices import Axis
from scoring.models import Report, Review, Ruling
from scoring.selectors.current import CurrentItem


def _voice(rows: QuerySet[Any], **of_round: Any) -> Subquery:
    """Last month's newest word of one voice in hundredths; -1 for 不涉及, NULL when it has not spoken."""
    amount = Coalesce(Cast("points", IntegerField()), -1)
    own = rows.filter(item=OuterRef("previous"), **of_round).annotate(amount=amount)
    return Subquery(own.values("amount")[:1], output_field=IntegerField())


_OF_ROUND = {"round": OuterRef("previous__round")}

# For annotating items; `last_month` reads it.
LAST_MONTH = {
    "last_report": _voice(Report.objects.all(), **_OF_ROUND),
    "last_street": _voice(Review.objects.filter(axis=Axis.STREET).in_force(), **_OF_ROUND),
    "last_force": _voice(Review.objects.filter(axis=Axis.TASK_FORCE).in_force(), **_OF_ROUND),
    "last_ruling": _voice(Ruling.objects.order_by("-number")),
}


def last_month(current: CurrentItem) -> Counted | None:
    """What the item counted as last month, by the same function as ever; None without a predecessor."""
    item: Any = current.item
    if item.previous_id is None:
        return None
    voices = (item.last_report, item.last_street, item.last_force, item.last_ruling)
    return count(0, 0, *(_stated(amount) for amount in voices))


def is_as_settled(report: Report, last: Counted | None) -> bool:
    """Whether a report says just what counted last month."""
    return last is not None and (report.kind, to_hundredths(report.points)) == (last.kind, last.points)


def _stated(amount: int | None) -> Stated | None:
    if amount is None:
        return None
    return Stated(NOT_APPLICABLE, None) if amount < 0 else Stated(POINTS, amount)
