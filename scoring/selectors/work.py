"""What is to be done now, counted for the home page: by community, street, task force and office.

Every function costs a fixed number of queries; months of practice programmes are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from branches.models import Organisation
from core import clock
from scoring.choices import Axis, ItemState, Outcome, PeriodState
from scoring.models import (
    Assessment,
    AssessmentItem,
    Period,
    ProgrammeYear,
    Publication,
    Report,
    Review,
    Ruling,
    Standing,
)
from scoring.selectors.assignments import held_in_months
from scoring.selectors.current import look_at_page, page_rows, serving_task_force
from scoring.selectors.drafts import is_from_ground
from scoring.selectors.facts import EDITION, counted_by_assessment, edition
from scoring.selectors.on_behalf import awaiting_confirmation
from scoring.selectors.proposals import propose_for_entry
from scoring.selectors.sign_offs import unsigned_counts

_IS_OPEN = Q(state=ItemState.OPEN, is_ruled=False)
_IN_HAND = (PeriodState.OPEN, PeriodState.CLOSED)


@dataclass(frozen=True)
class ReturnedItem:
    """An item that came back, with the reviewer's words."""

    pk: int
    number: int
    title: str
    reason: str


@dataclass(frozen=True)
class OverdueItem:
    """An unsent item whose own day, set by the community, has gone by."""

    pk: int
    number: int
    title: str
    duty: str


@dataclass
class CommunityWork:
    """One open month of one community. `to_fill` counts what nobody and nothing has said anything about, `to_send` what
    has a draft, `proposed` what the ground yields and she only confirms."""

    assessment_id: int
    month: date
    due_on: date
    total: int
    to_fill: int
    to_send: int
    unchanged: int
    to_confirm: int
    last_sent_at: datetime | None
    measured: int
    proposed: int = 0
    returned: list[ReturnedItem] = field(default_factory=list)
    overdue: list[OverdueItem] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        return not (self.to_fill or self.proposed or self.to_send or self.unchanged or self.to_confirm or self.returned)

    @property
    def is_overdue(self) -> bool:
        return clock.today() > self.due_on


@dataclass(frozen=True)
class LastResult:
    """The community's last published month: her own row is always hers to see."""

    month: date
    number: int
    place: int | None
    is_tied: bool
    out_of: int
    track: str
    total: Any
    decimals: int
    star_level: int
    sha256: str


@dataclass(frozen=True)
class CommunityLine:
    """Where one community of a street stands in a month."""

    assessment_id: int
    name: str
    not_reported: int
    to_review: int
    returned: int
    total: int


@dataclass(frozen=True)
class StreetWork:
    month: date
    code: str
    due_on: date
    lines: list[CommunityLine]
    unsigned: int

    @property
    def to_review(self) -> int:
        return sum(line.to_review for line in self.lines)

    @property
    def not_reported(self) -> int:
        return sum(line.not_reported for line in self.lines)

    @property
    def returned(self) -> int:
        return sum(line.returned for line in self.lines)


@dataclass(frozen=True)
class StarWork:
    """What waits for a task force under one star of one track."""

    star_code: str
    star_name: str
    star_colour: str
    track: str
    waiting: int
    reviewed: int
    not_reported: int
    gaps: int


@dataclass(frozen=True)
class TaskForceWork:
    month: date
    code: str
    due_on: date
    stars: list[StarWork]

    @property
    def waiting(self) -> int:
        return sum(star.waiting for star in self.stars)


def periods_in_hand() -> list[Period]:
    """Open and closed months that are not published yet, oldest first."""
    rows = Period.objects.filter(state__in=_IN_HAND, programme__is_practice=False).select_related("programme")
    return list(rows.order_by("month"))


def community_work(community: Organisation) -> list[CommunityWork]:
    """The open months of a community; four queries, however many, and those of the ground it keeps."""
    is_open = _IS_OPEN
    is_unchanged = Q(draft__isnull=True, prefilled_from__isnull=False, look_reason="")
    sent = Report.objects.filter(item__assessment=OuterRef("assessment_id")).order_by("-at")
    rows = (
        _items_in_hand(PeriodState.OPEN)
        .filter(assessment__subject=community)
        .values("assessment_id", month=F("assessment__period__month"), due_on=F("assessment__period__report_due_on"))
        .annotate(
            total=Count("pk"),
            to_fill=Count("pk", filter=is_open & Q(draft__isnull=True) & ~is_unchanged),
            to_send=Count("pk", filter=is_open & Q(draft__isnull=False)),
            unchanged=Count("pk", filter=is_open & is_unchanged),
            measured=Count("pk", filter=is_open & Q(draft__isnull=True) & ~Q(task__indicator="")),
            to_confirm=Count("pk", filter=Exists(awaiting_confirmation().filter(item=OuterRef("pk")))),
            last_sent_at=Subquery(sent.values("at")[:1]),
        )
        .order_by("month")
    )
    works = {row["assessment_id"]: CommunityWork(**row) for row in rows}
    _count_proposed(works)
    for assessment_id, returned in _returned(works.keys()):
        works[assessment_id].returned.append(returned)
    for assessment_id, overdue in _overdue(community, works):
        works[assessment_id].overdue.append(overdue)
    return list(works.values())


def _count_proposed(works: Mapping[int, CommunityWork]) -> None:
    """Move what the ground yields from the items to fill, and from the unchanged ones it speaks against.

    Where it has nothing to say about an open item, nobody looks.
    """
    waiting = [pk for pk, work in works.items() if work.measured]
    if not waiting:
        return
    items = _items_in_hand(PeriodState.OPEN).filter(_IS_OPEN, assessment__in=waiting)
    items = items.filter(draft__isnull=True).exclude(task__indicator="").select_related("prefilled_from")
    found = look_at_page(page_rows(items), reviews=())
    was_unchanged = {one.item.pk for one in found if one.item.prefilled_from and not one.item.look_reason}
    propose_for_entry(found)
    for current in (one for one in found if is_from_ground(one)):
        work = works[current.item.assessment_id]
        work.proposed += 1
        if current.item.pk in was_unchanged:
            work.unchanged -= 1
        else:
            work.to_fill -= 1


def _overdue(community: Organisation, works: Mapping[int, CommunityWork]) -> list[tuple[int, OverdueItem]]:
    """What is not sent though the day the community set for it has gone by, the oldest day first; reminds only."""
    held, today = held_in_months(community.pk, {work.month for work in works.values()}), clock.today()
    waiting = _items_in_hand(PeriodState.OPEN).filter(assessment__in=list(works))
    rows = (
        waiting.exclude(Q(state=ItemState.SUBMITTED) | Q(is_ruled=True))
        .order_by("task__number")
        .values_list("assessment_id", "task__key__code", "pk", "task__number", "task__title")
    )
    found = []
    for assessment_id, key, pk, number, title in rows:
        duty = held[works[assessment_id].month].get(key)
        if duty is not None and duty.is_past(today):
            found.append((duty.due_on or today, assessment_id, OverdueItem(pk, number, title, duty.words)))
    return [(assessment_id, item) for _, assessment_id, item in sorted(found, key=lambda one: one[0])]


def last_result(community: Organisation) -> LastResult | None:
    """Its standing in the last published month, in its own track."""
    peers = (
        Standing.objects.filter(publication=OuterRef("publication"), track=OuterRef("track"), place__isnull=False)
        .order_by()
        .values("publication")
        .annotate(places=Count("pk"))
    )
    year = ProgrammeYear.objects.filter(
        programme=OuterRef("publication__period__programme"), year=OuterRef("publication__period__month__year")
    )
    newer = Publication.objects.filter(
        period=OuterRef("publication__period"), number__gt=OuterRef("publication__number")
    )
    row = (
        Standing.objects.filter(assessment__subject=community, publication__period__programme__is_practice=False)
        .filter(~Exists(newer))
        .annotate(out_of=Subquery(peers.values("places")[:1]), decimals=Subquery(year.values("total_decimals")[:1]))
        .select_related("publication__period")
        .order_by("-publication__period__month")
        .first()
    )
    if row is None:
        return None
    return LastResult(
        month=row.publication.period.month,
        number=row.publication.number,
        place=row.place,
        is_tied=row.is_tied,
        out_of=row.out_of or 0,
        track=row.track,
        total=row.total,
        decimals=row.decimals,
        star_level=row.star_level,
        sha256=row.publication.sha256,
    )


def street_work(street: Organisation) -> list[StreetWork]:
    """Every open month of a street: its communities' counts, and what waits for the signature."""
    lines = _street_lines(street)
    periods = [period for period in periods_in_hand() if period.is_open and period.pk in lines]
    unsigned = {period: count for period, of_street, count in unsigned_counts(periods) if of_street == street.pk}
    return [
        StreetWork(one.month, one.code, one.street_due_on, lines[one.pk], unsigned.get(one.pk, 0)) for one in periods
    ]


def task_force_work(task_force: Organisation) -> list[TaskForceWork]:
    """Every open month of a task force: what waits under its stars by track."""
    periods = [period for period in periods_in_hand() if period.is_open]
    stars = _star_work(periods, task_force)
    return [TaskForceWork(one.month, one.code, one.task_force_due_on, stars[one.pk]) for one in periods]


def last_publications(count: int = 3) -> list[Publication]:
    """The publications in force of the last months, newest first, without their contents."""
    return list(publications_in_force()[:count])


def publications_in_force() -> QuerySet[Publication]:
    """Of every month of a real programme the latest, newest month first, without contents."""
    newer = Publication.objects.filter(period=OuterRef("period"), number__gt=OuterRef("number"))
    rows = Publication.objects.filter(~Exists(newer), period__programme__is_practice=False)
    return rows.defer("content").select_related("period").order_by("-period__month")


def _items_in_hand(*states: str) -> QuerySet[AssessmentItem]:
    rows = AssessmentItem.objects.filter(assessment__period__state__in=states)
    return rows.filter(assessment__period__programme__is_practice=False).annotate(
        is_ruled=Exists(Ruling.objects.filter(item=OuterRef("pk")))
    )


def _reviewed_by(axis: str) -> Exists:
    return Exists(Review.objects.filter(item=OuterRef("pk"), round=OuterRef("round"), axis=axis).in_force())


def _returned(assessment_ids: Any) -> list[tuple[int, ReturnedItem]]:
    """Returned items with the reason of the return, by assessment."""
    rows = (
        Review.objects.filter(item__assessment__in=list(assessment_ids), item__state=ItemState.RETURNED)
        .in_force()
        .filter(outcome=Outcome.RETURN, round=F("item__round") - 1)
        .order_by("item__task__number", "pk")
        .values_list("item__assessment_id", "item_id", "item__task__number", "item__task__title", "reason")
    )
    return [(row[0], ReturnedItem(*row[1:])) for row in rows]


def _street_lines(street: Organisation) -> dict[int, list[CommunityLine]]:
    rows = (
        _items_in_hand(PeriodState.OPEN)
        .filter(assessment__street=street)
        .annotate(is_reviewed=_reviewed_by(Axis.STREET))
        .values_list("assessment__period_id", "assessment_id", "assessment__placement__name")
        .annotate(
            not_reported=Count("pk", filter=Q(state=ItemState.OPEN, is_ruled=False)),
            to_review=Count("pk", filter=Q(state=ItemState.SUBMITTED, is_ruled=False, is_reviewed=False)),
            returned=Count("pk", filter=Q(state=ItemState.RETURNED, is_ruled=False)),
            total=Count("pk"),
        )
        .order_by("assessment__subject__code")
    )
    found: dict[int, list[CommunityLine]] = defaultdict(list)
    for period_id, *line in rows:
        found[period_id].append(CommunityLine(*line[:6]))
    return found


def _star_work(periods: Sequence[Period], task_force: Organisation) -> dict[int, list[StarWork]]:
    """The stars of a task force by period id; three queries, however many months."""
    mine = (
        AssessmentItem.objects.filter(assessment__period__in=periods)
        .annotate(serving=serving_task_force())
        .filter(serving=task_force.pk)
    )
    gaps = _gaps(periods, mine)
    kind = "task__star__kind__"
    rows = (
        mine.annotate(
            is_ruled=Exists(Ruling.objects.filter(item=OuterRef("pk"))), is_reviewed=_reviewed_by(Axis.TASK_FORCE)
        )
        .values_list("assessment__period", f"{kind}code", f"{kind}name", f"{kind}colour", "assessment__track")
        .annotate(
            waiting=Count("pk", filter=Q(state=ItemState.SUBMITTED, is_ruled=False, is_reviewed=False)),
            reviewed=Count("pk", filter=Q(is_reviewed=True) | Q(is_ruled=True)),
            not_reported=Count("pk", filter=~Q(state=ItemState.SUBMITTED) & Q(is_ruled=False)),
        )
        .order_by("-assessment__track", f"{kind}code")
    )
    found: dict[int, list[StarWork]] = defaultdict(list)
    for period_id, code, name, colour, track, *counts in rows:
        waiting, reviewed, not_reported = counts
        gap = gaps.get((period_id, track, code), 0)
        found[period_id].append(StarWork(code, name, colour, track, waiting, reviewed, not_reported, gap))
    return found


def _gaps(periods: Sequence[Period], items: QuerySet[AssessmentItem]) -> dict[tuple[int, str, str], int]:
    """Items in gap by period, track and star, counted by the same function as everywhere."""
    rows = Assessment.objects.filter(period__in=periods).values_list("pk", "period", *EDITION)
    periods_of = {pk: (period, edition(*rules)) for pk, period, *rules in rows}
    editions = {pk: found for pk, (_, found) in periods_of.items()}
    gaps: dict[tuple[int, str, str], int] = defaultdict(int)
    for one in counted_by_assessment(items, editions):
        rubric, period = editions[one.assessment_id].rubric, periods_of[one.assessment_id][0]
        for number, counted in one.counted.items():
            gaps[period, rubric.track, rubric.tasks[number].star] += counted.is_gap
    return gaps
