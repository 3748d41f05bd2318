"""What a proposed correction would change, old beside new: the functions of the publication, on supposed rulings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scoring.calc.changes import compare
from scoring.calc.counted import Counted
from scoring.calc.frozen import hundredths
from scoring.models import Assessment, AssessmentItem, CorrectionProposal, Star
from scoring.selectors.changes import ChangeRow, change_rows, snapshots_of, trial_snapshots
from scoring.selectors.publication_content import Content, Supposed, trial_summary
from scoring.selectors.ranking import ranking_content
from scoring.selectors.vetoes import vetoed_stars

RULED = "ruling"
Items = Mapping[int, AssessmentItem]


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of the proposal in words: what it counts as published, what it would count."""

    pk: int
    community: str
    task: str
    old: str
    new: str
    reason: str
    document_no: str


@dataclass(frozen=True, slots=True)
class VetoLine:
    place: int
    community: str
    star: str
    clause: str
    what: str
    reason: str


@dataclass(frozen=True)
class Consequences:
    """What would be published instead of `before`: every community that moves, and how many hold each level."""

    rows: list[ChangeRow]
    before: Content
    after: Content
    may_be_vetoed: bool

    @property
    def levels(self) -> list[tuple[str, int, int]]:
        """Level, how many hold it now, how many would; five stars first."""
        now, then = self.before["star_levels"], self.after["star_levels"]
        return [(level, now[level], then[level]) for level in sorted(then, reverse=True)]


def consequences(proposal: CorrectionProposal, items: Items) -> Consequences:
    """Points, stars, levels and places as publication n + 1 would give them, beside those of the base."""
    supposed = Supposed(_supposed_items(proposal, items), _supposed_vetoes(proposal))
    summary = trial_summary(proposal.period, supposed)
    after = trial_snapshots(summary.content, summary.facts)
    changes = compare(snapshots_of(proposal.base.sha256), after)
    may_be_vetoed = any(rubric.may_be_vetoed for _, _, rubric in summary.facts)
    return Consequences(change_rows(changes), ranking_content(proposal.base), summary.content, may_be_vetoed)


def items_of(proposal: CorrectionProposal) -> Items:
    """The items a proposal would rule, by id; one query."""
    rows = AssessmentItem.objects.select_related("task", "assessment__subject", "assessment__placement")
    return rows.defer("task__criterion").in_bulk([row["item"] for row in proposal.items])


def item_lines(proposal: CorrectionProposal, items: Items) -> list[ItemLine]:
    """The items of a proposal beside what they count in the base."""
    old = {
        (community.organisation, item.number): (item.points, item.applicable)
        for community in snapshots_of(proposal.base.sha256)
        for item in community.items
    }
    return [_line(row, items[row["item"]], old) for row in proposal.items]


def veto_lines(proposal: CorrectionProposal) -> list[VetoLine]:
    """The vetoes of a proposal; two queries."""
    assessments = Assessment.objects.select_related("placement").in_bulk([row["assessment"] for row in proposal.vetoes])
    stars = Star.objects.select_related("kind").in_bulk([row["star"] for row in proposal.vetoes])
    return [
        VetoLine(
            place,
            assessments[row["assessment"]].placement.name,
            stars[row["star"]].kind.name,
            row["clause"],
            "解除否决" if row["is_lifted"] else "否决",
            row["reason"],
        )
        for place, row in enumerate(proposal.vetoes)
    ]


def _line(row: Mapping[str, Any], item: AssessmentItem, old: Mapping[tuple[str, int], tuple[int, int]]) -> ItemLine:
    points, applicable = old[item.assessment.subject.code, item.task.number]
    return ItemLine(
        pk=item.pk,
        community=item.assessment.placement.name,
        task=f"第{item.task.number}项“{item.task.title}”",
        old=_words(points) if applicable else "不涉及",
        new="不涉及" if row["points"] is None else _words(hundredths(row["points"])),
        reason=row["reason"],
        document_no=row["document_no"],
    )


def _words(points: int) -> str:
    return f"{points / 100:g}"


def _supposed_items(proposal: CorrectionProposal, items: Items) -> dict[int, dict[int, Counted]]:
    """Items by assessment and task number as the proposed rulings would count them (rule 6: the ruling decides)."""
    found: dict[int, dict[int, Counted]] = defaultdict(dict)
    for row in proposal.items:
        item = items[row["item"]]
        points = None if row["points"] is None else hundredths(row["points"])
        found[item.assessment_id][item.task.number] = Counted(row["kind"], points, RULED, None, False, False)
    return found


def _supposed_vetoes(proposal: CorrectionProposal) -> dict[int, set[str]]:
    """Stars withheld of every assessment whose vetoes change."""
    if not proposal.vetoes:
        return {}
    changes = [(row["assessment"], row["star"], row["clause"], row["is_lifted"]) for row in proposal.vetoes]
    codes = dict(Star.objects.filter(pk__in=[star for _, star, _, _ in changes]).values_list("pk", "kind__code"))
    further = [(assessment, codes[star], clause, is_lifted) for assessment, star, clause, is_lifted in changes]
    assessments = Assessment.objects.filter(pk__in=[assessment for assessment, *_ in changes])
    withheld = vetoed_stars(assessments, further)
    return {assessment: withheld.get(assessment, set()) for assessment, *_ in changes}
