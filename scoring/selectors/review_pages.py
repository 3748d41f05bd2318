"""A reviewer's pages: the street's matrix and queue, a task force's star task by task. Exceptions come first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Subquery, When

from branches.acting import Officer
from branches.choices import Right, Track
from branches.models import Organisation, Placement
from core.models import User
from scoring.calc.windows import month_after
from scoring.choices import Axis, ItemState
from scoring.models import AssessmentItem, Period, Review, Ruling
from scoring.selectors.current import serving_task_force
from scoring.selectors.review_board import Board, boards_of
from scoring.selectors.review_list import ReviewRow, Status, review_rows
from scoring.selectors.review_queue import Queue, Wish, counts_of, queue_of


@dataclass(frozen=True)
class Cell:
    """One community and star: how many items wait, are reviewed, went back, were not reported."""

    star: str
    counts: list[tuple[str, int, str]]


@dataclass(frozen=True)
class MatrixRow:
    community: str
    code: str
    cells: list[Cell | None]


@dataclass(frozen=True)
class Matrix:
    stars: list[str]
    rows: list[MatrixRow]


class Tally(NamedTuple):
    """Items of one community and star that stand alike."""

    code: str
    community: str
    star: str
    star_name: str
    order: int
    status: Status
    items: int


@dataclass(frozen=True)
class StreetReview:
    """`boards` are filled when they are asked for, the queue's list when it is."""

    street: Organisation
    matrix: Matrix
    counts: dict[str, int]
    queue: Queue
    boards: list[Board]


@dataclass
class Tab:
    """A star, a task or a street on the way through the work, with what waits there."""

    key: str
    title: str
    waiting: int = 0
    total: int = 0
    reviewed: int = 0

    @property
    def is_done(self) -> bool:
        return self.reviewed == self.total


@dataclass(frozen=True)
class StarTabs:
    """The ways to the stars of a task force, the tasks of one of them and the streets, with what waits there."""

    stars: list[Tab]
    tasks: list[Tab]
    streets: list[Tab]
    chosen: Tab
    whole: Tab


@dataclass(frozen=True)
class StarReview:
    """A star over all communities, or one task of it, or one street, with the ways to the others."""

    period: Period
    street: str
    tabs: StarTabs
    title: str
    standard: str
    criterion: str
    counts: dict[str, int]
    queue: Queue
    boards: list[Board]


def street_review(period: Period, street: Organisation, officer: Officer, wish: Wish) -> StreetReview:
    """The street's month: all its items are looked at once, matrix and queue come from the same rows."""
    items = AssessmentItem.objects.filter(assessment__period=period, assessment__street=street)
    rows = review_rows(items, Axis.STREET, officer)
    chosen = [row for row in rows if _is_asked_for(row, wish)]
    boards = boards_of(chosen) if wish.view == "board" else []
    return StreetReview(street, _matrix([_tally(row) for row in rows]), counts_of(rows), queue_of(chosen, wish), boards)


def star_review(
    user: User, month: date, officer: Officer, wish: Wish, *, star: str, task: str, street: str
) -> StarReview | None:
    """One star over all communities; None where this officer has nothing to do with it.

    The whole star is looked at whatever is shown of it, so that each item is compared with all of its task. The
    month comes with its items, which saves this busiest of lists a query.
    """
    tabs = star_tabs(user, month, officer, star=star, task=task)
    if tabs is None:
        return None
    items = _items_of(user, month).filter(task__star__kind__code=star).annotate(serving=serving_task_force())
    mine = items if officer.has(Right.DIRECT) else items.filter(serving=officer.organisation.pk)
    rows = review_rows(mine, Axis.TASK_FORCE, officer)
    place = street if street in {tab.key for tab in tabs.streets} else ""
    shown = [row for row in rows if _is_under(row, tabs.chosen.key, place)]
    one = shown[0].current.task if tabs.chosen.key and shown else None
    return StarReview(
        period=rows[0].current.assessment.period,
        street=place,
        tabs=tabs,
        title=tabs.chosen.title,
        standard=one.standard if one else "",
        criterion=one.criterion_text if one else "",
        counts=counts_of(shown),
        queue=queue_of(shown, wish),
        boards=boards_of(shown) if wish.view == "board" else [],
    )


def star_tabs(user: User, month: date, officer: Officer, *, star: str, task: str = "") -> StarTabs | None:
    """The ways of a task force through its work with what waits there, in one query; None without the star."""
    work = _work(_items_of(user, month), month, officer)
    here = [one for one in work if one.star == star]
    if not here:
        return None
    tasks = _tabs((f"{one.track}-{one.number}", _task_title(one), one) for one in here)
    [whole] = _tabs(("", "全部任务", one) for one in here)
    chosen = next((tab for tab in tasks if tab.key == task), whole)
    under = [one for one in here if chosen is whole or f"{one.track}-{one.number}" == chosen.key]
    return StarTabs(
        stars=_tabs((one.star, one.star_name, one) for one in work),
        tasks=tasks,
        streets=_tabs((one.street, one.street_name or one.street, one) for one in under),
        chosen=chosen,
        whole=whole,
    )


def _is_under(row: ReviewRow, task: str, street: str) -> bool:
    assessment = row.current.assessment
    is_task = task in ("", f"{assessment.track}-{row.current.task.number}")
    return is_task and street in ("", assessment.street.code)


class _Work(NamedTuple):
    """Items of one task in one street: how many there are, how many wait for the task force."""

    star: str
    star_name: str
    track: str
    number: int
    title: str
    street: str
    street_name: str
    state: str
    is_viewed: bool
    order: int
    total: int

    @property
    def waiting(self) -> int:
        return self.total if self.state == ItemState.SUBMITTED and not self.is_viewed else 0


def _items_of(user: User, month: date) -> QuerySet[AssessmentItem]:
    """Items of the month, as `permissions.get_period_for` would choose it among the programmes."""
    periods = Period.objects.visible_to(user).filter(month=month)
    chosen = periods.order_by("programme__is_practice", "programme").values("pk")[:1]
    return AssessmentItem.objects.filter(assessment__period=Subquery(chosen))


def _work(items: QuerySet[AssessmentItem], month: date, officer: Officer) -> list[_Work]:
    """What the officer's task force serves this month, all for the creation office; one query."""
    items = items.annotate(
        serving=serving_task_force(), street_name=_street_name(month), is_viewed=_is_viewed(Axis.TASK_FORCE)
    )
    if not officer.has(Right.DIRECT):
        items = items.filter(serving=officer.organisation.pk)
    columns = ("task__star__kind__code", "task__star__kind__name", "assessment__track", "task__number", "task__title")
    rows = (
        items.order_by("task__star__order", "-assessment__track", "task__number", "assessment__street__code")
        .values_list(*columns, "assessment__street__code", "street_name", "state", "is_viewed", "task__star__order")
        .annotate(total=Count("pk"))
    )
    return [_Work._make(row) for row in rows]


def _is_viewed(axis: Axis) -> Case:
    """Whether this axis, or a ruling, has spoken on the present round."""
    reviews = Review.objects.filter(item=OuterRef("pk"), round=OuterRef("round"), axis=axis).in_force()
    return Case(
        When(Exists(Ruling.objects.filter(item=OuterRef("pk"))), then=True),
        When(Exists(reviews), then=True),
        default=False,
    )


def _street_name(month: date) -> Subquery:
    """The street's name at the end of the month."""
    placements = Placement.objects.filter(organisation=OuterRef("assessment__street"), starts_on__lt=month_after(month))
    return Subquery(placements.order_by("-starts_on").values("name")[:1])


def _task_title(one: _Work) -> str:
    short = {Track.URBAN: "城市", Track.AGRICULTURAL: "涉农"}
    return f"{short[Track(one.track)]} {one.number} {one.title}"


def _tabs(found: Iterable[tuple[str, str, _Work]]) -> list[Tab]:
    """One tab a key, in the order of first sight, with the sums."""
    tabs: dict[str, Tab] = {}
    for key, title, one in found:
        tab = tabs.setdefault(key, Tab(key, title))
        tab.total += one.total
        tab.waiting += one.waiting
        tab.reviewed += one.total if one.is_viewed else 0
    return list(tabs.values())


def _is_asked_for(row: ReviewRow, wish: Wish) -> bool:
    star = row.current.item.task.star.kind.code
    return wish.community in ("", row.community_code) and wish.star in ("", star)


def _counts(tallies: Iterable[Tally]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for one in tallies:
        found[one.status.value] += one.items
    return {status.value: found[status.value] for status in Status}


def street_progress(period: Period, street: Organisation) -> tuple[Matrix, dict[str, int]]:
    """Matrix and counts of the street's page alone, in one query: what an act on one item changes elsewhere on it."""
    items = AssessmentItem.objects.filter(assessment__period=period, assessment__street=street)
    columns = ("assessment__subject__code", "assessment__placement__name", *_STAR_COLUMNS, "state", "is_viewed")
    rows = (
        items.annotate(is_viewed=_is_viewed(Axis.STREET))
        .order_by("assessment__subject__code", "task__star__order")
        .values_list(*columns)
        .annotate(total=Count("pk"))
    )
    tallies = [Tally._make((*place, _status(state, is_viewed), total)) for *place, state, is_viewed, total in rows]
    return _matrix(tallies), _counts(tallies)


_STAR_COLUMNS = ("task__star__kind__code", "task__star__kind__name", "task__star__order")


def _status(state: str, is_viewed: bool) -> Status:
    if is_viewed:
        return Status.DONE
    return {ItemState.SUBMITTED: Status.WAITING, ItemState.RETURNED: Status.RETURNED}.get(
        ItemState(state), Status.MISSING
    )


def _tally(row: ReviewRow) -> Tally:
    star = row.current.item.task.star
    return Tally(row.community_code, row.community, star.kind.code, star.kind.name, star.order, row.status, 1)


def _matrix(tallies: Sequence[Tally]) -> Matrix:
    stars = {one.star: (one.order, one.star_name) for one in tallies}
    codes = sorted(stars, key=lambda code: stars[code])
    return Matrix(
        [stars[code][1] for code in codes],
        [_matrix_row(list(own), codes) for _, own in groupby(tallies, key=lambda one: one.code)],
    )


def _matrix_row(tallies: list[Tally], codes: list[str]) -> MatrixRow:
    found: dict[str, Counter[Status]] = {}
    for one in tallies:
        found.setdefault(one.star, Counter())[one.status] += one.items
    cells = [_cell(code, found[code]) if code in found else None for code in codes]
    return MatrixRow(tallies[0].community, tallies[0].code, cells)


def _cell(star: str, found: Counter[Status]) -> Cell:
    badges = {Status.WAITING: "badge-warn", Status.RETURNED: "badge-bad", Status.DONE: "badge-good"}
    return Cell(star, [(status.label, found[status], badges.get(status, "")) for status in Status if found[status]])
