"""Figures of published months as charts draw them. Nothing live: what is not published is drawn nowhere (rule 11).

Contents come without single items from `ranking_content`; decimals in them are text, a share is only for the eye.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef

from branches.models import Organisation
from core.charts import Bar, Cell, Column, Point, Row, Spoke
from core.templatetags.portal import points as plain
from scoring.calc.windows import month_before
from scoring.models import Publication, Standing

Content = Mapping[str, Any]
MONTHS = 12
NOT_RATED = "不评"


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """A published month of one community; `series` changes where totals are not comparable."""

    month: date
    number: int
    sha256: str
    total: Any
    star_level: int
    place: int | None
    is_tied: bool
    track: str
    series: str


def own_months(community: Organisation, most: int = MONTHS) -> list[OwnMonth]:
    """The last published months of a community by the publications in force, newest first; one query."""
    newer = Publication.objects.filter(
        period=OuterRef("publication__period"), number__gt=OuterRef("publication__number")
    )
    rows = Standing.objects.filter(assessment__subject=community, publication__period__programme__is_practice=False)
    found = (
        rows.filter(~Exists(newer))
        .annotate(
            month=F("publication__period__month"),
            sha256=F("publication__sha256"),
            published_as=F("publication__number"),
            edition=F("assessment__rubric__sha256"),
        )
        .order_by("-month")[:most]
    )
    return [_own_month(row) for row in found]


def _own_month(row: Any) -> OwnMonth:
    return OwnMonth(
        month=row.month,
        number=row.published_as,
        sha256=row.sha256,
        total=row.total,
        star_level=row.star_level,
        place=row.place,
        is_tied=row.is_tied,
        track=row.track,
        series=f"{row.track} {row.edition}",
    )


def total_points(months: Sequence[OwnMonth]) -> list[Point]:
    """The twelve months up to the newest, those without a publication as gaps."""
    if not months:
        return []
    known = {one.month: one for one in months}
    calendar = [months[0].month]
    while len(calendar) < MONTHS:
        calendar.append(month_before(calendar[-1]))
    return [_point(month, known.get(month)) for month in reversed(calendar)]


def _point(month: date, one: OwnMonth | None) -> Point:
    label = f"{month.month}月"
    if one is None or one.total is None:
        return Point(label, None, "")
    return Point(label, float(one.total), plain(one.total), one.series)


def star_spokes(assessment: Content) -> list[Spoke]:
    """The stars of one community, each against its pass line."""
    return [_spoke(star) for star in assessment["stars"]]


def _spoke(star: Content) -> Spoke:
    name = f"{'★' if star['won'] else '☆'} {star['name']}"
    line = float(star["pass_percent"]) / 100
    applicable = float(star["applicable_points"])
    if not applicable:
        return Spoke(star["name"], None, NOT_RATED, line)
    words = f"{plain(star['points'])} / {plain(star['applicable_points'])} 分"
    return Spoke(name, float(star["points"]) / applicable, words, line)


def total_bars(rows: Iterable[Content], own: set[str]) -> list[Bar]:
    """Totals of communities in the order given, the own ones solid; rows whose total is hidden are left out."""
    return [
        Bar(row["name"], float(row["total"]), f"{plain(row['total'])} 分", row["organisation"] in own)
        for row in rows
        if row["total"] is not None
    ]


def street_bars(content: Content, street_code: str) -> list[Bar]:
    """The communities of a street by their published totals, the highest first; incomplete ones after them."""
    own = [row for row in content["assessments"] if row["street"]["code"] == street_code]
    complete = sorted(
        (row for row in own if row["is_complete"] and row["total"] is not None), key=lambda row: -float(row["total"])
    )
    shown = {row["organisation"] for row in complete}
    return total_bars(complete, shown) + [
        Bar(row["name"], None, "未完成") for row in own if row["organisation"] not in shown
    ]


def level_bars(star_levels: Sequence[tuple[str, int]], words: Mapping[int, str]) -> list[Bar]:
    """How many communities hold each level, as it comes."""
    return [Bar(words[int(level)], count, f"{count} 个", True) for level, count in star_levels]


def won_by_street(content: Content, served: set[tuple[str, str]]) -> list[Bar]:
    """In each street how many communities won the stars served, of those rated; `served` are (track, star) codes."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in content["assessments"]:
        for star in one["stars"]:
            if star["is_rated"] and (one["track"], star["code"]) in served:
                counts[one["street"]["name"]][0] += bool(star["won"])
                counts[one["street"]["name"]][1] += 1
    return [Bar(name, 100 * won / rated, f"{won}／{rated}", True) for name, (won, rated) in counts.items()]


def served_by(content: Content, task_force_code: str) -> set[tuple[str, str]]:
    """The stars a task force served in that month, as (track, star) codes."""
    return {
        (star["track"], star["star"])
        for force in content["task_forces"]
        if force["code"] == task_force_code
        for star in force["stars"]
    }


def won_heat(content: Content) -> tuple[list[Column], list[Row]]:
    """Streets by stars: how many of a street's communities won each, of those rated."""
    names = list(dict.fromkeys(star["name"] for rubric in content["rubrics"] for star in rubric["stars"]))
    counts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for one in content["assessments"]:
        for star in one["stars"]:
            found = counts[one["street"]["name"]][star["name"]]
            found[0] += bool(star["won"])
            found[1] += bool(star["is_rated"])
    rows = [Row(street, [_won_cell(*stars[name]) for name in names]) for street, stars in counts.items()]
    return [Column(name.removesuffix("星")) for name in names], rows


def _won_cell(won: int, rated: int) -> Cell:
    return Cell(won / rated, f"{won}/{rated}") if rated else Cell(None, "", "empty")
