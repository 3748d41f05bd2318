"""What the sample's registers yield for a month, and how the rest of a community's month goes along with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from random import Random

from core.fields import to_hundredths
from scoring.calc.frozen import FrozenRubric, FrozenStar
from scoring.calc.proposing import Proposed
from scoring.models import AssessmentItem, Period
from scoring.selectors.current import CurrentItem, current_items
from scoring.selectors.proposals import attach_proposals, propose_for_entry
from weidu_portal.demo.quality import Choice, Performance, choices_of

Fixed = Mapping[int, Proposed]


def fixed_by_ground(period: Period) -> dict[int, dict[int, Proposed]]:
    """By assessment id and task number: what follows from the registers."""
    found: dict[int, dict[int, Proposed]] = defaultdict(dict)
    rows = current_items(AssessmentItem.objects.filter(assessment__period=period).exclude(task__indicator=""))
    attach_proposals(rows)
    for current in rows:
        if current.proposal is not None:
            found[current.item.assessment_id][current.task.number] = current.proposal.proposed
    return found


def for_entry(items: Iterable[AssessmentItem]) -> dict[int, CurrentItem]:
    """Items by id as whoever enters sees them now, with their proposals."""
    rows = AssessmentItem.objects.filter(pk__in=[item.pk for item in items]).select_related("prefilled_from")
    found = current_items(rows)
    propose_for_entry(found)
    return {current.item.pk: current for current in found}


def choice_of(proposed: Proposed) -> Choice:
    return Choice(proposed.value, to_hundredths(proposed.points) or 0)


def balanced(rubric: FrozenRubric, performance: Performance, fixed: Fixed, random: Random) -> Performance:
    """As many stars won, as far as the tasks that no register decides allow, and the same ones where they can be."""
    out = {number for number in performance.out if number not in fixed}
    out |= {number for number, proposed in fixed.items() if proposed.points is None}
    result = Performance(dict(performance.chosen), out)
    wanted = _winnable(rubric, performance, result, fixed, random)
    for star in rubric.stars:
        _balance(star, star.code in wanted, result, fixed, random)
    return result


def _winnable(
    rubric: FrozenRubric, planned: Performance, result: Performance, fixed: Fixed, random: Random
) -> set[str]:
    """As many stars as planned, those planned first, out of those the registers leave open."""
    best = Performance(dict.fromkeys(result.chosen, 0), result.out)
    open_ones = [star for star in rubric.stars if _share(star, best, fixed) >= 0]
    won = {star.code for star in rubric.stars if _share(star, planned, {}) >= 0}
    random.shuffle(open_ones)
    open_ones.sort(key=lambda star: star.code not in won)
    return {star.code for star in open_ones[: len(won)]}


def _balance(star: FrozenStar, is_won: bool, result: Performance, fixed: Fixed, random: Random) -> None:
    free = [task.number for task in star.tasks if task.number not in fixed and task.number not in result.out]
    ladders = {task.number: choices_of(task) for task in star.tasks}
    step = -1 if is_won else 1
    while free and (_share(star, result, fixed) >= 0) != is_won:
        number = random.choice(free)
        at = result.chosen[number] + step
        if 0 <= at < len(ladders[number]):
            result.chosen[number] = at
        else:
            free.remove(number)


def _share(star: FrozenStar, performance: Performance, fixed: Fixed) -> int:
    """By how much the star lies above its line, times ten thousand."""
    tasks = [task for task in star.tasks if task.number not in performance.out]
    points = sum(
        choice_of(fixed[task.number]).points
        if task.number in fixed
        else choices_of(task)[performance.chosen[task.number]].points
        for task in tasks
    )
    return points * 10_000 - star.pass_percent * sum(task.full for task in tasks)
