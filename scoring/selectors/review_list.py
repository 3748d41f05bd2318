"""The rows of a review list: one item as its reviewer sees it, in ready-made words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, TextChoices
from django.db.models.functions import Cast, Coalesce

from branches.acting import Officer
from core.fields import to_hundredths
from core.permit import Permit
from scoring.calc.counted import EMPTY, POINTS, Counted, Stated, count
from scoring.calc.counted import NOT_APPLICABLE as NOT_APPLICABLE_KIND
from scoring.choices import Axis, ItemState, Outcome, ReportBasis, ReportKind, ReviewBasis
from scoring.models import AssessmentItem, Report, Review, Ruling
from scoring.permissions import can_review
from scoring.selectors.content_items import is_late
from scoring.selectors.current import CurrentItem, current_items
from scoring.selectors.report_row import derived_by_rule

NOT_APPLICABLE = "不涉及"
NOTHING = "—"
OTHER_AXIS = {Axis.STREET: Axis.TASK_FORCE, Axis.TASK_FORCE: Axis.STREET}
SHORT_AXIS = {Axis.STREET: "街道", Axis.TASK_FORCE: "专班"}


class Status(TextChoices):
    """Where an item stands for one axis."""

    WAITING = "waiting", "待审"
    DONE = "done", "已审"
    RETURNED = "returned", "退回"
    MISSING = "missing", "未报"


STATUS_BADGES = {
    Status.WAITING: "badge-warn",
    Status.DONE: "badge-good",
    Status.RETURNED: "badge-bad",
    Status.MISSING: "",
}


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One item for one axis; every text is ready to be shown. `flags` say why it asks for a look."""

    current: CurrentItem
    pk: int
    version: int
    axis: str
    community: str
    community_code: str
    task: str
    star_name: str
    full: str
    reported: str
    derivation: str
    note: str
    last: str
    other: str
    other_reason: str
    own: str
    own_reason: str
    status: Status
    flags: tuple[str, ...]
    is_changed: bool
    is_unchanged: bool
    is_claim: bool
    permit: Permit

    @property
    def status_badge(self) -> str:
        return STATUS_BADGES[self.status]

    @property
    def is_waiting(self) -> bool:
        return self.status == Status.WAITING

    @property
    def can_agree(self) -> bool:
        return bool(self.permit) and self.is_waiting and not self.is_claim

    @property
    def is_exception(self) -> bool:
        return bool(self.flags)

    @property
    def ticket(self) -> str:
        """The item with the picture of it that is on the screen: a bulk act refuses what changed since."""
        return f"{self.pk}:{self.version}"


def review_rows(items: QuerySet[AssessmentItem], axis: str, officer: Officer) -> list[ReviewRow]:
    """Rows of some items for one axis, by organisation and task; last month's value comes with the items."""
    found = current_items(items.annotate(**LAST_MONTH))
    return [_row(current, Axis(axis), officer, last_month(current)) for current in found]


def _voice(rows: QuerySet[Any], **of_round: Any) -> Subquery:
    """Last month's newest word of one voice in hundredths; -1 for 不涉及, NULL when it has not spoken."""
    amount = Coalesce(Cast("points", IntegerField()), -1)
    own = rows.filter(item=OuterRef("previous"), **of_round).annotate(amount=amount)
    return Subquery(own.values("amount")[:1], output_field=IntegerField())


_OF_ROUND = {"round": OuterRef("previous__round")}
LAST_MONTH = {
    "last_report": _voice(Report.objects.all(), **_OF_ROUND),
    "last_street": _voice(Review.objects.filter(axis=Axis.STREET).order_by("-revision"), **_OF_ROUND),
    "last_force": _voice(Review.objects.filter(axis=Axis.TASK_FORCE).order_by("-revision"), **_OF_ROUND),
    "last_ruling": _voice(Ruling.objects.order_by("-number")),
}


def last_month(current: CurrentItem) -> Counted | None:
    """What the item counted as last month, by the same function as ever; None without a predecessor."""
    item: Any = current.item
    if item.previous_id is None:
        return None
    voices = (item.last_report, item.last_street, item.last_force, item.last_ruling)
    return count(0, 0, *(_stated(amount) for amount in voices))


def _stated(amount: int | None) -> Stated | None:
    if amount is None:
        return None
    return Stated(NOT_APPLICABLE_KIND, None) if amount < 0 else Stated(POINTS, amount)


def status_of(current: CurrentItem, axis: str) -> Status:
    """Derived from report, reviews and ruling, never stored."""
    if current.ruling is not None:
        return Status.DONE
    if current.report is None:
        return Status.RETURNED if current.item.state == ItemState.RETURNED else Status.MISSING
    return Status.DONE if current.review_on(axis) else Status.WAITING


def stated(row: Report | Review | Ruling | None) -> str:
    """Points of a voice in words: 2.5, 不涉及, or — when it has not spoken."""
    if row is None:
        return NOTHING
    return NOT_APPLICABLE if row.points is None else plain(row.points)


def plain(points: Decimal) -> str:
    """An amount without idle zeros."""
    return f"{points.normalize():f}"


def counted_words(counted: Counted | None) -> str:
    if counted is None or counted.kind == EMPTY:
        return NOTHING
    return NOT_APPLICABLE if counted.points is None else plain(Decimal(counted.points).scaleb(-2))


def _row(current: CurrentItem, axis: Axis, officer: Officer, last: Counted | None) -> ReviewRow:
    report, own, other = current.report, current.review_on(axis), current.review_on(OTHER_AXIS[axis])
    task, is_changed = current.task, _is_changed(report, last)
    return ReviewRow(
        current=current,
        pk=current.item.pk,
        version=current.item.version,
        axis=axis.value,
        community=current.assessment.placement.name,
        community_code=current.assessment.subject.code,
        task=f"{task.number} {task.title}",
        star_name=current.item.task.star.kind.name,
        full=plain(task.full_points),
        reported=stated(report),
        derivation=derived_by_rule(current, report.derivation) if report else "",
        note=report.note if report else "",
        last=counted_words(last),
        other=stated(other),
        other_reason=other.reason if other else "",
        own=_view(current, own),
        own_reason=_own_reason(current, own),
        status=status_of(current, axis),
        flags=tuple(_flags(current, axis, is_changed)) if report else (),
        is_changed=is_changed,
        is_unchanged=report is not None and report.basis == ReportBasis.UNCHANGED,
        is_claim=report is not None and report.kind == ReportKind.NOT_APPLICABLE,
        permit=can_review(officer, current, axis),
    )


def _is_changed(report: Report | None, last: Counted | None) -> bool:
    if report is None or last is None or report.basis == ReportBasis.UNCHANGED:
        return False
    return (report.kind, to_hundredths(report.points)) != (last.kind, last.points)


def _flags(current: CurrentItem, axis: Axis, is_changed: bool) -> Iterable[str]:
    """Why this report asks for a look before the others."""
    report, other = current.report, current.review_on(OTHER_AXIS[axis])
    if report is None:
        return
    if report.kind == ReportKind.NOT_APPLICABLE:
        yield "报不涉及"
    if is_changed:
        yield "与上月不同"
    if other is not None and stated(other) != stated(report):
        yield f"与{SHORT_AXIS[OTHER_AXIS[axis]]}不同"
    if current.counted.is_gap:
        yield "相差过大，交区创建办"
    if current.item.round > 1:
        yield "重报"
    if current.report_organisation_id != current.assessment.subject_id:
        yield "代填"
    if is_late(report, current):
        yield "逾期"


def _view(current: CurrentItem, own: Review | None) -> str:
    """This axis' view in words; a ruling stands above it."""
    if current.ruling is not None:
        return f"区创建办认定 {stated(current.ruling)}"
    if own is None:
        return ""
    words = {
        Outcome.AGREE: f"同意 {stated(own)}",
        Outcome.SET: f"改为 {stated(own)}",
        Outcome.NOT_APPLICABLE: "确认不涉及",
    }
    basis = "" if own.basis == ReviewBasis.CHECKED else f"（{own.get_basis_display()}）"
    return words.get(Outcome(own.outcome), own.get_outcome_display()) + basis


def _own_reason(current: CurrentItem, own: Review | None) -> str:
    if current.ruling is not None:
        return current.ruling.reason
    return own.reason if own else ""
