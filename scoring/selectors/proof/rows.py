"""The rows of a month as the proof reads them: everything that was ever said, not only what is in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from scoring.choices import Outcome
from scoring.models import (
    Appeal,
    Assessment,
    AssessmentItem,
    ItemUnlock,
    Period,
    Publication,
    Report,
    Review,
    Ruling,
    SignOff,
)
from scoring.selectors.current import CurrentItem, current_items

Row = TypeVar("Row", Report, Review, Ruling, Appeal, ItemUnlock)
REVIEW_ORDER = ("round", "axis", "revision")


@dataclass
class MonthRows:
    """A month's items as they stand, and by item id all reports, reviews, rulings, appeals and unlocks in order."""

    period: Period
    assessments: list[Assessment]
    reports: dict[int, list[Report]]
    reviews: dict[int, list[Review]]
    rulings: dict[int, list[Ruling]]
    appeals: dict[int, list[Appeal]]
    unlocks: dict[int, list[ItemUnlock]]
    sign_offs: list[SignOff]
    publications: list[Publication]

    @classmethod
    def of(cls, period: Period) -> MonthRows:
        period = Period.objects.select_related("programme").get(pk=period.pk)
        assessments = Assessment.objects.filter(period=period).order_by("pk")
        inside = {"item__assessment__period": period}
        held = "appointment__position"
        return cls(
            period=period,
            assessments=list(assessments.select_related("subject", "placement__parent", "street", "rubric")),
            reports=_by_item(Report.objects.filter(**inside).select_related(held).order_by("round", "pk")),
            reviews=_by_item(
                Review.objects.filter(**inside).select_related(held).order_by("round", "axis", "revision")
            ),
            rulings=_by_item(Ruling.objects.filter(**inside).select_related(held).order_by("number", "pk")),
            appeals=_by_item(Appeal.objects.filter(**inside).select_related(held).order_by("pk")),
            unlocks=_by_item(ItemUnlock.objects.filter(**inside).select_related(held).order_by("at", "pk")),
            sign_offs=list(SignOff.objects.filter(period=period).order_by("street", "number")),
            publications=list(Publication.objects.filter(period=period).order_by("number")),
        )

    @cached_property
    def current(self) -> list[CurrentItem]:
        items = AssessmentItem.objects.filter(assessment__period=self.period)
        return current_items(items.select_related("prefilled_from"))

    @cached_property
    def by_id(self) -> dict[int, CurrentItem]:
        return {current.item.pk: current for current in self.current}

    @cached_property
    def first_publication(self) -> Publication | None:
        return self.publications[0] if self.publications else None


def standing_returns(reviews: Iterable[Review]) -> set[int]:
    """Ids of the returns among all reviews of an item that were not taken back by the next revision of their axis."""
    rows = list(reviews)
    taken_back = {(one.round, one.axis, one.revision - 1) for one in rows if one.outcome == Outcome.WITHDRAWN}
    return {
        one.pk
        for one in rows
        if one.outcome == Outcome.RETURN and (one.round, one.axis, one.revision) not in taken_back
    }


def place_of(current: CurrentItem) -> str:
    """府后社区第3项."""
    return f"{current.assessment.placement.name}第{current.task.number}项"


def _by_item(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.item_id].append(row)
    return found
