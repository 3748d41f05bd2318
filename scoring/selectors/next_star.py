"""What an assessment can still do this month for each star it has not won, in words about tasks.

Pages ask for an open month only: afterwards nothing can be reported any more. Who sees live results sees it (rule 11).
A publication freezes it as the month ended, as the work of the next one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from branches.acting import Officer
from scoring.calc.counted import Counted
from scoring.calc.frozen import FrozenRubric
from scoring.calc.next_star import VETO, NextStar, next_stars, raisable
from scoring.calc.reachable import reachable_points
from scoring.models import Assessment, AssessmentItem, Rating
from scoring.permissions import can_report
from scoring.selectors.current import CurrentItem, frozen_rubric
from scoring.selectors.facts import Edition, counted_by_assessment
from scoring.selectors.vetoes import vetoed_stars

CountedItems = Mapping[int, Counted]
RULED = "ruling"


@dataclass(frozen=True, slots=True)
class RaisedTask:
    """A task of the advice; amounts in hundredths."""

    number: int
    title: str
    now: int
    to: int


@dataclass(frozen=True, slots=True)
class Advice:
    """The way to one star: `text` says it in a sentence; amounts in hundredths."""

    code: str
    name: str
    colour: str
    is_reachable: bool
    missing: int
    gain: int
    tasks: tuple[RaisedTask, ...]
    text: str


def advice_for(
    assessment: Assessment, rubric: FrozenRubric, counted: CountedItems, vetoed: Collection[str], asked: Collection[str]
) -> list[Advice]:
    """The ways to the stars `asked` for, from what the items of the assessment count as; one query for its peers."""
    if not asked or not assessment.period.is_open:
        return []
    peers = _counted(_beside(assessment, rubric, asked).exclude(assessment=assessment.pk), rubric)
    found = _advices(rubric, counted, vetoed, _Best(peers), assessment.pk)
    return [advice for advice in found if advice.code in asked]


def advice_on_item(officer: Officer, current: CurrentItem) -> Advice | None:
    """The way to the star of one item, for the community, its street and the office; None when it is won or not rated.

    One query for the community and its peers.
    """
    assessment = current.assessment
    if not assessment.period.is_open or not can_report(officer, assessment):
        return None
    rubric = frozen_rubric(assessment.rubric.sha256)
    counted = _counted(_beside(assessment, rubric, {current.task.star}), rubric)
    vetoed = vetoed_stars(Assessment.objects.filter(pk=assessment.pk)) if rubric.may_be_vetoed else {}
    own = counted[assessment.pk]
    found = _advices(rubric, own, vetoed.get(assessment.pk, ()), _Best(counted), assessment.pk)
    return next((advice for advice in found if advice.code == current.task.star), None)


def advices_of(ratings: Iterable[Rating]) -> dict[int, list[Advice]]:
    """The ways of many assessments by id, those of open months only; three queries, however many they are."""
    asked = [rating.assessment_id for rating in ratings if rating.assessment.period.is_open]
    if not asked:
        return {}
    months = Assessment.objects.filter(pk__in=asked).values("period")
    places = Assessment.objects.filter(period__in=months)
    groups = {pk: (period, sha256) for pk, period, sha256 in places.values_list("pk", "period", "rubric__sha256")}
    editions = {pk: Edition(frozen_rubric(sha256), 0, 2) for pk, (_, sha256) in groups.items()}
    counted = dict(counted_by_assessment(AssessmentItem.objects.filter(assessment__period__in=months), editions))
    vetoed = vetoed_stars(Assessment.objects.filter(pk__in=asked))
    best = {
        group: _Best({pk: counted[pk] for pk, own in groups.items() if own == group}) for group in set(groups.values())
    }
    return {pk: _advices(editions[pk].rubric, counted[pk], vetoed.get(pk, ()), best[groups[pk]], pk) for pk in asked}


def ways_of(
    rubric: FrozenRubric, counted: Mapping[int, CountedItems], vetoed: Mapping[int, Collection[str]]
) -> dict[int, list[Advice]]:
    """The ways of all assessments of one edition by id, as the month stands; what the office ruled may rise again."""
    best = _Best(counted)
    return {pk: _advices(rubric, own, vetoed.get(pk, ()), best, pk, is_over=True) for pk, own in counted.items()}


def _beside(assessment: Assessment, rubric: FrozenRubric, asked: Collection[str]) -> QuerySet[AssessmentItem]:
    """Items of an assessment and of its peers (the same month and edition) behind some stars."""
    return AssessmentItem.objects.filter(
        assessment__period=assessment.period_id,
        assessment__rubric=assessment.rubric_id,
        task__number__in=_tasks_behind(rubric, asked),
    )


def _counted(items: QuerySet[AssessmentItem], rubric: FrozenRubric) -> dict[int, dict[int, Counted]]:
    """What items of one edition count as, by assessment and task number; one query."""
    one = Edition(rubric, 0, 2)
    return dict(counted_by_assessment(items, defaultdict(lambda: one)))


class _Best:
    """The most that others have reached in each task: the two best, so that nobody is measured by herself."""

    def __init__(self, counted: Mapping[int, CountedItems]):
        self.two: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for pk, items in counted.items():
            for number, item in items.items():
                if item.points is not None:
                    self.two[number] = sorted([*self.two[number], (item.points, pk)], reverse=True)[:2]

    def of(self, number: int, own: int) -> int | None:
        return next((points for points, pk in self.two.get(number, ()) if pk != own), None)


def _tasks_behind(rubric: FrozenRubric, asked: Collection[str]) -> list[int]:
    """The tasks of some stars and of all they presuppose."""
    stars = {star.code: star for star in rubric.stars}
    codes, ahead = set[str](), list(asked)
    while ahead:
        code = ahead.pop()
        if code not in codes:
            codes.add(code)
            ahead += stars[code].prerequisites
    return [task.number for code in codes for task in stars[code].tasks]


def _advices(
    rubric: FrozenRubric,
    counted: CountedItems,
    vetoed: Collection[str],
    best: _Best,
    own: int,
    *,
    is_over: bool = False,
) -> list[Advice]:
    reachable = {
        number: raisable(reachable_points(task.criterion, task.full), _now(counted.get(number)), best.of(number, own))
        for number, task in rubric.tasks.items()
        if is_over or not _is_ruled(counted.get(number))
    }
    return [_advice(rubric, one) for one in next_stars(rubric, counted, vetoed, reachable)]


def _now(item: Counted | None) -> int:
    return item.points or 0 if item is not None else 0


def _is_ruled(item: Counted | None) -> bool:
    """What the office has ruled is not reported again."""
    return item is not None and item.source == RULED


def _advice(rubric: FrozenRubric, found: NextStar) -> Advice:
    star = next(one for one in rubric.stars if one.code == found.code)
    return Advice(
        code=star.code,
        name=star.name,
        colour=star.colour,
        is_reachable=found.obstacle is None,
        missing=found.missing,
        gain=found.gain,
        tasks=tuple(RaisedTask(one.number, rubric.tasks[one.number].title, one.now, one.to) for one in found.steps),
        text=_sentence(rubric, found),
    )


# -- words


def _sentence(rubric: FrozenRubric, found: NextStar) -> str:
    names = {star.code: star.name for star in rubric.stars}
    if found.obstacle is not None:
        return _no_way(found, names)
    if not found.steps:
        return f"{names[found.code]}：{_claims(found)}“不涉及”获确认即可达标，不必再提高。"
    first = f"，须先得{'、'.join(names[code] for code in found.first)}" if found.first else ""
    short = f"还差 {_plain(found.missing)} 分" if found.missing else "分数已够"
    assumed = f"（按{_claims(found)}“不涉及”获确认计算）" if found.claims else ""
    raised = "，".join(
        f"第 {one.number} 项“{rubric.tasks[one.number].title}”从 {_plain(one.now)} 分提高到 {_plain(one.to)} 分"
        for one in found.steps
    )
    together = f"，共增加 {_plain(found.gain)} 分" if len(found.steps) > 1 else ""
    return f"{names[found.code]}{short}{first}{assumed}：{raised}{together}，即可达标。"


def _no_way(found: NextStar, names: Mapping[str, str]) -> str:
    obstacle = found.obstacle
    assert obstacle is not None
    who = f"前置的{names[obstacle.star]}" if obstacle.star != found.code else ""
    if obstacle.kind == VETO:
        return f"{names[found.code]}本月没有办法达到：{who}已被一票否决。"
    most = f"最多还能增加 {_plain(obstacle.most)} 分" if obstacle.most else "没有还能增加的分"
    return f"{names[found.code]}本月没有办法达到：{who}{most}，还差 {_plain(obstacle.missing)} 分。"


def _claims(found: NextStar) -> str:
    return "、".join(f"第 {number} 项" for number in found.claims)


def _plain(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}".rstrip("0").rstrip(".")
