"""Changes between publications, or between a trial and the publication before: read from contents, computed in calc."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from core.templatetags.portal import points as plain
from scoring.calc.change_words import SHOWN, cause_words, level_words, place_words, star_words
from scoring.calc.changes import Change, ItemState, Snapshot, StarState, compare
from scoring.calc.counted import NOT_APPLICABLE
from scoring.calc.frozen import FrozenRubric, hundredths
from scoring.calc.windows import month_before
from scoring.choices import Visibility
from scoring.models import Period, Publication
from scoring.selectors.facts import AssessmentFacts

Content = Mapping[str, Any]


def publication_before(period: Period) -> Publication | None:
    """Last month's publication in force, without its content."""
    rows = Publication.objects.filter(period__programme=period.programme_id, period__month=month_before(period.month))
    return rows.defer("content").select_related("period").order_by("-number").first()


def changes_between(before_sha256: str, now_sha256: str) -> tuple[Change, ...]:
    """What moved between two publications, by their digests."""
    return _between(before_sha256, now_sha256)


@lru_cache(maxsize=16)
def _between(before_sha256: str, now_sha256: str) -> tuple[Change, ...]:
    """Computed once a process: what a digest stands for never changes."""
    return tuple(compare(snapshots_of(before_sha256), snapshots_of(now_sha256)))


@lru_cache(maxsize=8)
def snapshots_of(sha256: str) -> tuple[Snapshot, ...]:
    """The communities of a publication as plain values."""
    content = json.loads(Publication.objects.filter(sha256=sha256).values_list("content", flat=True)[0])
    return tuple(snapshots(content))


def sentence_of(publication: Publication) -> str:
    """A publication in the one sentence a leader is told, against last month's publication of then."""
    return _sentence(publication.sha256)


@lru_cache(maxsize=16)
def _sentence(sha256: str) -> str:
    """Read once a process: what a digest stands for never changes."""
    content = json.loads(Publication.objects.filter(sha256=sha256).values_list("content", flat=True)[0])
    return str(content["sentence"])


def snapshots(content: Content) -> list[Snapshot]:
    """The communities of a whole content, with their items."""
    return _snapshots(content, ((row["organisation"], _items(row)) for row in content["assessments"]))


def trial_snapshots(content: Content, facts: Iterable[tuple[str, AssessmentFacts, FrozenRubric]]) -> list[Snapshot]:
    """The communities of a trial, whose content is without points of items: those come as counted, by code."""
    return _snapshots(content, ((code, _counted(one, rubric)) for code, one, rubric in facts))


def _snapshots(content: Content, items: Iterable[tuple[str, tuple[ItemState, ...]]]) -> list[Snapshot]:
    places = {row["organisation"]: row["place"] for row in content["standings"]}
    own = dict(items)
    return [_snapshot(row, places.get(row["organisation"]), own[row["organisation"]]) for row in content["assessments"]]


def _snapshot(row: Content, place: int | None, items: tuple[ItemState, ...]) -> Snapshot:
    return Snapshot(
        organisation=row["organisation"],
        name=row["name"],
        edition=row["rubric"],
        is_complete=row["is_complete"],
        star_level=row["star_level"],
        points=hundredths(row["points"]),
        applicable=hundredths(row["applicable_points"]),
        total=None if row["total"] is None else hundredths(row["total"]),
        place=place,
        stars=tuple(_star(star) for star in row["stars"]),
        items=items,
    )


def _star(star: Content) -> StarState:
    short = hundredths(star["missing"]) > 0 or not star["is_rated"]
    barred = star["reasons"][1:] if short else star["reasons"]
    return StarState(star["code"], star["name"], star["won"], hundredths(star["pass_percent"]), tuple(barred))


def _items(row: Content) -> tuple[ItemState, ...]:
    return tuple(
        ItemState(
            item["key"],
            item["number"],
            item["star"],
            0 if item["counted"] is None else hundredths(item["counted"]),
            0 if item["kind"] == NOT_APPLICABLE else hundredths(item["full_points"]),
        )
        for item in row["items"]
    )


def _counted(facts: AssessmentFacts, rubric: FrozenRubric) -> tuple[ItemState, ...]:
    return tuple(
        ItemState(
            task.key,
            number,
            task.star,
            one.points or 0,
            0 if one.kind == NOT_APPLICABLE else task.full,
        )
        for number, one in facts.counted.items()
        if (task := rubric.tasks[number])
    )


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change in words, as far as its reader may see it; `stars` and `points` are empty where points are hidden."""

    name: str
    levels: str
    stars: tuple[str, ...]
    points: str
    place: str
    is_own: bool
    has_turned: bool


def seen_changes(changes: Iterable[Change], visibility: str, own: Container[str]) -> list[Change]:
    """The changes as far as a reader may see them: own ones whole, others with points all, with the order levels and
    places, with bands levels alone, else nothing."""
    seen = (_seen(change, visibility, change.organisation in own) for change in changes)
    return [change for change in seen if change is not None and change.has_moved]


def _seen(change: Change, visibility: str, is_own: bool) -> Change | None:
    if is_own or visibility == Visibility.WITH_POINTS:
        return change
    if visibility == Visibility.OFF:
        return None
    places = change.places if visibility == Visibility.ORDER else (None, None)
    hidden = replace(change, stars=(), totals=(None, None), points=0, applicable=0, is_new_edition=False)
    return replace(hidden, places=places)


def change_rows(
    changes: Iterable[Change], visibility: str = Visibility.WITH_POINTS, own: Container[str] = ()
) -> list[ChangeRow]:
    """The same in words; only what moved."""
    rows = [_change_row(change, change.organisation in own) for change in seen_changes(changes, visibility, own)]
    return [row for row in rows if row.levels or row.stars or row.points or row.place]


def _change_row(change: Change, is_own: bool) -> ChangeRow:
    before, now = change.levels
    stars = [*(star_words(star) for star in change.turned), *(["评星标准换了新版"] if change.is_new_edition else [])]
    return ChangeRow(
        name=change.name,
        levels=f"{level_words(before)}→{level_words(now)}" if before != now else "",
        stars=tuple(stars),
        points=_points_words(change),
        place=_place_words(change),
        is_own=is_own,
        has_turned=bool(change.turned) or before != now,
    )


def _points_words(change: Change) -> str:
    """The total before and now and the items behind it: 总分 86.5→88.5：第3项 +2."""
    before, now = (None if total is None else Decimal(total).scaleb(-2) for total in change.totals)
    if before == now:
        return ""
    causes = sorted(change.causes, key=lambda cause: (-abs(cause.points), cause.number))
    more = f"，另 {len(causes) - SHOWN} 项" if len(causes) > SHOWN else ""
    return f"总分 {plain(before)}→{plain(now)}：" + "，".join(map(cause_words, causes[:SHOWN])) + more


def _place_words(change: Change) -> str:
    before, now = change.places
    if before == now:
        return ""
    if before and now:
        return f"第 {before}→第 {now}（{place_words(change)}）"
    return f"未排名→第 {now}" if now else f"第 {before}→未排名"
