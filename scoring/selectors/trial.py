"""The trial ranking: the month as it would be published now, beside what was last published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scoring.calc.counted import Counted
from scoring.calc.windows import month_before
from scoring.models import Period, Publication
from scoring.selectors.publication_content import trial_summary

Row = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """What one complete community wins and loses against last month's publication; `places`: +3 is three up."""

    name: str
    won: list[str]
    lost: list[str]
    places: int | None


@dataclass(frozen=True)
class Table:
    """One table of places; `rows` carry the provisional and empty counts of their assessment."""

    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Trial:
    content: Row
    tables: list[Table]
    changes: list[Change]
    before: Publication | None
    items: list[Counted]
    provisional: int
    ties: int

    @property
    def star_levels(self) -> list[tuple[str, int]]:
        return highest_first(self.content["star_levels"])


def trial(period: Period) -> Trial:
    """Tables, ties, provisional counts and changes of the month as it stands."""
    content, items = trial_summary(period)
    before = _publication_before(period)
    return Trial(
        content=content,
        tables=standings_tables(content),
        changes=_changes(content, before.data) if before else [],
        before=before,
        items=items,
        provisional=sum(row["provisional_items"] for row in content["assessments"]),
        ties=sum(row["is_tied"] for row in content["standings"]),
    )


def standings_tables(content: Row, standings: list[Row] | None = None) -> list[Table]:
    """The standings as they are printed: a table a track, or one over both."""
    assessments = {row["organisation"]: row for row in content["assessments"]}
    rows = [
        {**row, "assessment": assessments[row["organisation"]]}
        for row in (content["standings"] if standings is None else standings)
    ]
    if content["rules"]["is_ranked_across_tracks"]:
        return [Table("全部社区", rows)] if rows else []
    tracks = dict.fromkeys((row["track"], row["track_name"]) for row in rows)
    return [Table(name, [row for row in rows if row["track"] == track]) for track, name in tracks]


def highest_first(star_levels: dict[str, int]) -> list[tuple[str, int]]:
    """How many hold each level, five stars first; frozen content sorts its keys the other way round."""
    return sorted(star_levels.items(), reverse=True)


def _publication_before(period: Period) -> Publication | None:
    rows = Publication.objects.filter(period__programme=period.programme_id, period__month=month_before(period.month))
    return rows.select_related("period").order_by("-number").first()


def _changes(content: Row, before: Row) -> list[Change]:
    earlier = {row["organisation"]: row for row in before["assessments"]}
    places = {row["organisation"]: row["place"] for row in before["standings"]}
    now = {row["organisation"]: row["place"] for row in content["standings"]}
    found = []
    for row in content["assessments"]:
        code = row["organisation"]
        if code in earlier and row["is_complete"]:
            had, has = _won(earlier[code]), _won(row)
            won = [name for name in has if name not in had]
            lost = [name for name in had if name not in has]
            moved = places[code] - now[code] if code in places and code in now else None
            if won or lost:
                found.append(Change(row["name"], won, lost, moved))
    return found


def _won(row: Row) -> list[str]:
    return [star["name"] for star in row["stars"] if star["won"]]
