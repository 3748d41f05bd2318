"""The rows of a review list: one item as its reviewer sees it, in ready-made words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from django.db.models import F, IntegerField, QuerySet, TextChoices
from django.db.models.functions import Cast

from branches.acting import Officer
from core.fields import to_hundredths
from core.permit import Permit
from scoring.calc.counted import EMPTY, Counted
from scoring.calc.doubts import odd_against_past, odd_against_peers
from scoring.calc.windows import month_before, same_window
from scoring.choices import Axis, ItemState, Outcome, ReportBasis, ReportKind, ReviewBasis, Window
from scoring.models import AssessmentItem, Report, Review, Ruling
from scoring.permissions import can_review
from scoring.selectors.content_items import is_late
from scoring.selectors.current import CurrentItem, current_items
from scoring.selectors.last_month import LAST_MONTH, is_as_settled, last_month
from scoring.selectors.proposals import attach_proposals, contradiction
from scoring.selectors.report_row import derived_by_rule

NOT_APPLICABLE = "不涉及"
NOTHING = "—"
OTHER_AXIS = {Axis.STREET: Axis.TASK_FORCE, Axis.TASK_FORCE: Axis.STREET}
SHORT_AXIS = {Axis.STREET: "街道", Axis.TASK_FORCE: "专班"}

Peers = Mapping[tuple[str, int], Sequence[int]]


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


class Why(TextChoices):
    """What a waiting item asks its reviewer for, the most pressing first; an item counts under the first that fits."""

    GROUND = "ground", "与底数不一致"
    CHANGED = "changed", "有变化"
    ODD = "odd", "数值异常"
    COMMENTED = "commented", "对方有不同意见"
    LATE = "late", "逾期"
    AGAIN = "again", "退回后重报"
    CLAIM = "claim", "报不涉及"
    OTHER = "other", "其余"
    SAME = "same", "数值同上月"
    UNCHANGED = "unchanged", "与上月一致"


WHY_ORDER = {why: place for place, why in enumerate(Why)}
EXCEPTIONS = frozenset({Why.GROUND, Why.CHANGED, Why.ODD, Why.COMMENTED, Why.LATE, Why.AGAIN, Why.CLAIM})
FOLDED = frozenset({Why.SAME, Why.UNCHANGED})


@dataclass(frozen=True, slots=True)
class Flag:
    """One reason to look, in words."""

    why: Why
    text: str

    def __str__(self) -> str:
        return self.text


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
    why: Why
    flags: tuple[Flag, ...]
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
    def can_undo(self) -> bool:
        return bool(self.permit) and self.current.review_on(self.axis) is not None

    @property
    def is_exception(self) -> bool:
        return self.why in EXCEPTIONS

    @property
    def is_folded(self) -> bool:
        """Whether it may be agreed to without being looked at, together with others like it."""
        return self.why in FOLDED and self.can_agree

    @property
    def was_set(self) -> bool:
        """Whether this axis gave other points than were reported."""
        own = self.current.review_on(self.axis)
        return own is not None and own.outcome == Outcome.SET

    @property
    def own_points(self) -> str:
        return stated(self.current.review_on(self.axis))

    @property
    def ticket(self) -> str:
        """The item with the picture of it that is on the screen: a bulk act refuses what changed since."""
        return f"{self.pk}:{self.version}"


def review_rows(items: QuerySet[AssessmentItem], axis: str, officer: Officer) -> list[ReviewRow]:
    """Rows of all items of a street or a star, by organisation and task; each is compared with the others of its
    track and task. Last month's value comes with the items."""
    found = current_items(items.annotate(**LAST_MONTH))
    attach_proposals(current for current in found if current.report is not None and current.report.ground)
    peers = _peers_among(found)
    return [_row(current, Axis(axis), officer, last_month(current), peers) for current in found]


def review_row(item: AssessmentItem, axis: str, officer: Officer) -> ReviewRow:
    """The same row of one item; its peers are asked for by themselves."""
    current = current_items(AssessmentItem.objects.filter(pk=item.pk).annotate(**LAST_MONTH))[0]
    if current.report is not None and current.report.ground:
        attach_proposals([current])
    return _row(current, Axis(axis), officer, last_month(current), _peers_of(current, axis))


def _peers_among(found: Iterable[CurrentItem]) -> Peers:
    values: dict[tuple[str, int], list[int]] = defaultdict(list)
    for current in found:
        amount = to_hundredths(current.report.points) if current.report else None
        if amount is not None:
            values[current.assessment.track, current.task.number].append(amount)
    return {key: sorted(amounts) for key, amounts in values.items()}


def _peers_of(current: CurrentItem, axis: str) -> Peers:
    """What is reported of the track and task this month: in the street, or everywhere for a task force."""
    assessment, number = current.assessment, current.task.number
    rows = Report.objects.filter(
        item__assessment__period=assessment.period_id,
        item__assessment__track=assessment.track,
        item__task__number=number,
        round=F("item__round"),
        kind=ReportKind.POINTS,
    )
    here = rows.filter(item__assessment__street=assessment.street_id) if axis == Axis.STREET else rows
    amounts = here.annotate(amount=Cast("points", IntegerField())).order_by("amount").values_list("amount", flat=True)
    return {(assessment.track, number): list(amounts)}


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


def _row(current: CurrentItem, axis: Axis, officer: Officer, last: Counted | None, peers: Peers) -> ReviewRow:
    report, own, other = current.report, current.review_on(axis), current.review_on(OTHER_AXIS[axis])
    task = current.task
    flags = tuple(chain(_doubts(current, report, last, peers), _flags(current, axis, report))) if report else ()
    is_claim = report is not None and report.kind == ReportKind.NOT_APPLICABLE
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
        why=_why(report, last, flags),
        flags=flags,
        is_changed=any(flag.why == Why.CHANGED for flag in flags),
        is_unchanged=report is not None and report.basis == ReportBasis.UNCHANGED,
        is_claim=is_claim,
        permit=can_review(officer, current, axis),
    )


def _why(report: Report | None, last: Counted | None, flags: Sequence[Flag]) -> Why:
    if flags:
        return min((flag.why for flag in flags), key=WHY_ORDER.__getitem__)
    if report is None:
        return Why.OTHER
    if report.basis == ReportBasis.UNCHANGED:
        return Why.UNCHANGED
    return Why.SAME if is_as_settled(report, last) else Why.OTHER


def _doubts(current: CurrentItem, report: Report, last: Counted | None, peers: Peers) -> Iterable[Flag]:
    """What the value itself says: against the ground, against last month and how far off, odd against its peers."""
    if against := contradiction(report, current.proposal):
        yield Flag(Why.GROUND, against)
    points, past, full = to_hundredths(report.points), _past(current, last), current.task.full
    jump = ""
    if points is not None:
        runs_on = current.task.window not in (Window.STATE, Window.MONTH)
        jump = odd_against_past(points, past, full, runs_on=runs_on)
    if last is not None and last.kind != EMPTY and not is_as_settled(report, last):
        yield Flag(Why.CHANGED, jump or "与上月不同")
    if points is not None:
        others = _without(peers.get((current.assessment.track, current.task.number), ()), points)
        if odd := odd_against_peers(points, others, full):
            yield Flag(Why.ODD, odd)


def _past(current: CurrentItem, last: Counted | None) -> int | None:
    """Last month's amount, unless the window of the task has begun anew since."""
    month, window = current.assessment.period.month, current.task.window
    begins = window not in (Window.STATE, Window.MONTH) and not same_window(window, month_before(month), month)
    return None if last is None or begins else last.points


def _without(amounts: Sequence[int], own: int) -> Sequence[int]:
    """The ascending amounts of the others."""
    place = amounts.index(own) if own in amounts else len(amounts)
    return [*amounts[:place], *amounts[place + 1 :]]


def _flags(current: CurrentItem, axis: Axis, report: Report) -> Iterable[Flag]:
    """What was said about it, and how it came."""
    other = current.review_on(OTHER_AXIS[axis])
    if other is not None and stated(other) != stated(report):
        yield Flag(Why.COMMENTED, f"与{SHORT_AXIS[OTHER_AXIS[axis]]}不同")
    elif other is not None and other.reason:
        yield Flag(Why.COMMENTED, f"{SHORT_AXIS[OTHER_AXIS[axis]]}有说明")
    if current.counted.is_gap:
        yield Flag(Why.COMMENTED, "相差过大，交区创建办")
    if is_late(report, current):
        yield Flag(Why.LATE, "逾期")
    if current.item.round > 1:
        yield Flag(Why.AGAIN, "重报")
    if report.kind == ReportKind.NOT_APPLICABLE:
        yield Flag(Why.CLAIM, "报不涉及")
    if current.report_organisation_id != current.assessment.subject_id:
        yield Flag(Why.OTHER, "代填")


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
