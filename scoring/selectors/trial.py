"""The trial ranking: the month as it would be published now, beside what was last published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scoring.calc.change_words import leader_sentence
from scoring.calc.changes import Change, compare
from scoring.calc.counted import Counted
from scoring.models import Period, Publication
from scoring.selectors.changes import publication_before, snapshots_of, trial_snapshots
from scoring.selectors.publication_content import trial_summary
from scoring.selectors.ranking import ranking_content

Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """One table of places; `rows` carry the provisional and empty counts of their assessment."""

    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Trial:
    """`changes` are those of complete communities against last month; `sentence` is what a leader is told."""

    content: Row
    tables: list[Table]
    changes: list[Change]
    before: Publication | None
    sentence: str
    items: list[Counted]
    provisional: int
    ties: int

    @property
    def turned(self) -> list[Change]:
        """Communities that win or lose a star."""
        return [change for change in self.changes if change.turned]

    @property
    def star_levels(self) -> list[tuple[str, int]]:
        return highest_first(self.content["star_levels"])


def trial(period: Period) -> Trial:
    """Tables, ties, provisional counts and changes of the month as it stands."""
    summary = trial_summary(period)
    content, before = summary.content, publication_before(period)
    now = trial_snapshots(content, summary.facts)
    moved = compare(snapshots_of(before.sha256), now) if before else []
    changes = [change for change in moved if change.is_complete]
    return Trial(
        content=content,
        tables=standings_tables(content),
        changes=changes,
        before=before,
        sentence=leader_sentence(content, ranking_content(before) if before else None, changes),
        items=summary.items,
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
