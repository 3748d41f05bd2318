"""The list of a reviewer: what asks for a look first, then the rest, then what may be agreed to without looking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Max, Min

from branches.choices import Track
from branches.models import Organisation
from scoring.choices import ReviewBasis
from scoring.models import Period, Review
from scoring.selectors.review_list import FOLDED, WHY_ORDER, ReviewRow, Status, Why

PER_PAGE = 100
SHOWN = {"waiting": "待审", **{why.value: why.label for why in Why if why not in FOLDED}, "all": "全部"}
GROUPED = {"task": "按任务", "community": "按社区"}
BATCHES = 5
_SECTIONS = ("须重点看", "其余待审", "已审、退回和未报")


@dataclass(frozen=True)
class Wish:
    """What the reviewer asked to see; every field has been checked."""

    by: str = "task"
    show: str = "waiting"
    view: str = "list"
    community: str = ""
    star: str = ""
    page: str = "1"


@dataclass(frozen=True)
class Group:
    title: str
    rows: list[ReviewRow]


@dataclass(frozen=True)
class Section:
    title: str
    groups: list[Group]


@dataclass(frozen=True)
class Fold:
    """Items alike that may be agreed to in one act; `basis` is how that is recorded."""

    why: Why
    basis: ReviewBasis
    title: str
    groups: list[Group]
    total: int


@dataclass(frozen=True)
class Batch:
    """A bulk act of the axis this month that may still be taken back."""

    number: str
    at: datetime
    items: int
    basis: str


@dataclass(frozen=True)
class Queue:
    """What is to be looked at one by one, in sections, and in folds what need not be. `whys` counts what waits, each
    item once: (key, words, items)."""

    sections: list[Section]
    page: Page[ReviewRow]
    folds: list[Fold]
    whys: list[tuple[str, str, int]]
    tickable: int


def queue_of(rows: Sequence[ReviewRow], wish: Wish) -> Queue:
    """The rows in the order of the work; rows of a fold are in no section."""
    main = sorted(
        (row for row in rows if not row.is_folded and _is_shown(row, wish.show)),
        key=lambda row: (
            _section(row),
            _group_key(row, wish.by),
            WHY_ORDER[row.why],
            -len(row.flags),
            row.community_code,
        ),
    )
    page = Paginator(main, PER_PAGE).get_page(wish.page)
    folds = [fold for why in (Why.SAME, Why.UNCHANGED) if (fold := _fold(rows, why)) is not None]
    return Queue(_sections(page, wish.by), page, folds, _whys(rows), sum(row.can_agree for row in page))


def counts_of(rows: Iterable[ReviewRow]) -> dict[str, int]:
    """Items by status, in words of the lists."""
    found = Counter(row.status.value for row in rows)
    return {status.value: found[status.value] for status in Status}


def batches_of(period: Period, axis: str, organisation: Organisation) -> list[Batch]:
    """The last bulk acts of a street or a task force in an open month; none where the month is not open."""
    if not period.is_open:
        return []
    rows: Any = Review.objects.filter(item__assessment__period=period, axis=axis).exclude(batch="")
    rows = rows.in_force().filter(round=F("item__round"), appointment__position__organisation=organisation)
    found = (
        rows.order_by()
        .values("batch")
        .annotate(began=Min("at"), items=Count("pk"), basis=Max("basis"))
        .order_by("-began")[:BATCHES]
    )
    return [Batch(row["batch"], row["began"], row["items"], ReviewBasis(row["basis"]).label) for row in found]


def _whys(rows: Iterable[ReviewRow]) -> list[tuple[str, str, int]]:
    found = Counter(Why.OTHER if row.why in FOLDED and not row.is_folded else row.why for row in rows if row.is_waiting)
    return [(why.value, why.label, found[why]) for why in Why if found[why]]


def _fold(rows: Sequence[ReviewRow], why: Why) -> Fold | None:
    alike = sorted(
        (row for row in rows if row.is_folded and row.why == why),
        key=lambda row: (_group_key(row, "task"), row.community_code),
    )
    total, groups = len(alike), _groups(alike, "task")
    if not alike:
        return None
    if why == Why.UNCHANGED:
        return Fold(why, ReviewBasis.AS_LAST_MONTH, f"其余 {total} 项与上月一致", groups, total)
    return Fold(why, ReviewBasis.IN_BULK, f"其余 {total} 项数值与上月认定的相同", groups, total)


def _sections(rows: Iterable[ReviewRow], by: str) -> list[Section]:
    return [Section(_SECTIONS[place], _groups(list(found), by)) for place, found in groupby(rows, key=_section)]


def _groups(rows: list[ReviewRow], by: str) -> list[Group]:
    found = (list(group) for _, group in groupby(rows, key=lambda row: _group_key(row, by)))
    return [Group(_group_title(group, by), group) for group in found]


def _is_shown(row: ReviewRow, show: str) -> bool:
    if show == "all":
        return True
    if show == Why.OTHER:
        return row.is_waiting and not row.is_exception
    return row.is_waiting and show in ("waiting", row.why)


def _urgency(row: ReviewRow) -> tuple[int, int]:
    """By the first reason, then those with more reasons before those with fewer."""
    return WHY_ORDER[row.why], -len(row.flags)


def _section(row: ReviewRow) -> int:
    if not row.is_waiting:
        return 2
    return 0 if row.is_exception else 1


def _group_key(row: ReviewRow, by: str) -> tuple[str, int, str]:
    if by == "task":
        return ("0" if row.current.assessment.track == Track.URBAN else "1", row.current.task.number, "")
    return ("", 0, row.community_code)


def _group_title(rows: list[ReviewRow], by: str) -> str:
    first = rows[0]
    if by == "task":
        return f"{Track(first.current.assessment.track).label} · {first.task}（{len(rows)} 项）"
    return f"{first.community}（{len(rows)} 项）"
