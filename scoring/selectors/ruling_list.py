"""Items before the creation office: what each voice said and why, side by side, and the appeal if there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from branches.acting import Officer
from core.permit import Permit
from core.templatetags.portal import moment
from scoring.choices import ReportKind
from scoring.models import Appeal, AssessmentItem, Period, Review
from scoring.permissions import can_rule
from scoring.selectors.current import CurrentItem, look_at_page, page_rows
from scoring.selectors.desk import KINDS, items_at, unanswered_appeals, waiting_items
from scoring.selectors.review_list import NOTHING, plain, stated

WHATS = {
    "gap": "意见相差过大",
    "claim": "未确认的不涉及",
    "appeal": "复核申请",
    "empty": "未报事项",
    "provisional": "专班未核验",
    "item": "指定事项",
}
PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice on an item, in words."""

    key: str
    label: str
    points: str
    reason: str
    by: str

    @property
    def is_said(self) -> bool:
        return self.points != NOTHING


@dataclass(frozen=True, slots=True)
class RulingRow:
    current: CurrentItem
    pk: int
    version: int
    community: str
    task: str
    full: str
    gap: str
    may_not_apply: bool
    voices: tuple[Voice, ...]
    ruled: str
    appeal: str
    permit: Permit
    is_unlocked: bool


def ruling_rows(items: Sequence[CurrentItem], officer: Officer) -> list[RulingRow]:
    """Rows with the appeals' reasons; one query more than the items."""
    found = Appeal.objects.filter(item__in=[current.item.pk for current in items]).select_related("asked_by")
    appeals = {one.item_id: f"{one.reason}（{one.asked_by.name}，{moment(one.at)}）" for one in found}
    return [_row(current, officer, appeals.get(current.item.pk, "")) for current in items]


def ruling_places(period: Period, what: str) -> list[tuple[int, int]]:
    """Where the items of a list stand: (assessment id, task number)."""
    if what == "appeal":
        rows = unanswered_appeals(period).order_by("item__assessment__subject__code", "item__task__number")
        return list(rows.values_list("item__assessment", "item__task__number"))
    return waiting_items(period, what) if what in KINDS else []


def places_named(period: Period, community: str, number: int | None) -> list[tuple[int, int]]:
    """One item by the community's code or exact name and the task's number."""
    is_meant = Q(assessment__subject__code=community) | Q(
        assessment__placement__name__in=[community, f"{community}社区"]
    )
    rows = AssessmentItem.objects.filter(is_meant, assessment__period=period, task__number=number or 0)
    return list(rows.order_by("assessment").values_list("assessment", "task__number")[:PER_PAGE])


def items_for(places: list[tuple[int, int]]) -> list[CurrentItem]:
    """The items at these places, with their reviewers."""
    return look_at_page(page_rows(items_at(places)), "reviewer")


def _row(current: CurrentItem, officer: Officer, appeal: str) -> RulingRow:
    counted = current.counted
    return RulingRow(
        current=current,
        pk=current.item.pk,
        version=current.item.version,
        community=current.assessment.placement.name,
        task=f"{current.task.number} {current.task.title}",
        full=plain(current.task.full_points),
        gap=plain(Decimal(counted.gap).scaleb(-2)) if counted.is_gap and counted.gap is not None else "",
        may_not_apply=current.task.may_not_apply,
        voices=tuple(_voices(current)),
        ruled=f"{stated(current.ruling)}：{current.ruling.reason}" if current.ruling else "",
        appeal=appeal,
        permit=can_rule(officer, current),
        is_unlocked=current.is_unlocked,
    )


def _voices(current: CurrentItem) -> list[Voice]:
    report, street, force = current.report, current.street, current.task_force
    return [
        Voice("report", "自评", stated(report), report.note or report.derivation if report else "", ""),
        Voice("street", "街道审核", stated(street), _why(street), street.reviewer.name if street else ""),
        Voice("task_force", "专班核验", stated(force), _why(force), force.reviewer.name if force else ""),
    ]


def _why(review: Review | None) -> str:
    """The reason of a view; where none was asked for, how the item was looked at."""
    if review is None:
        return ""
    return review.reason or f"{review.get_outcome_display()}（{review.get_basis_display()}）"


def voice_taken(current: CurrentItem, key: str) -> tuple[str, Decimal | None] | None:
    """Kind and points of the voice that a ruling takes over as it stands; None when that voice has not spoken."""
    said = {"report": current.report, "street": current.street, "task_force": current.task_force}.get(key)
    if said is None:
        return None
    return (ReportKind.NOT_APPLICABLE if said.points is None else ReportKind.POINTS).value, said.points
