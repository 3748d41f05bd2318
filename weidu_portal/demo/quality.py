"""How well each sample community does: pure, seeded, spread like a published district."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from core.fields import to_hundredths
from scoring.calc.criteria import reachable
from scoring.calc.frozen import FrozenRubric, FrozenStar, FrozenTask

# Of 98 published results: 2 five-star, 11 four, 25 three, 56 two; the rest below.
LEVEL_SHARES = ((5, 2), (4, 11), (3, 25), (2, 56), (1, 4))


@dataclass(frozen=True, slots=True)
class Choice:
    """One value a criterion accepts, with its points in hundredths."""

    value: dict[str, Any]
    points: int


@dataclass(slots=True)
class Performance:
    """What one community deserves in a month: the choice of each task, and the tasks that do not apply."""

    chosen: dict[int, int] = field(default_factory=dict)
    out: set[int] = field(default_factory=set)


def spread_levels(codes: Sequence[str], random: Random) -> dict[str, int]:
    """A star level for every community in the published proportions."""
    total = sum(share for _, share in LEVEL_SHARES)
    levels = [level for level, share in LEVEL_SHARES for _ in range(round(share * len(codes) / total))]
    levels = (levels + [2] * len(codes))[: len(codes)]
    random.shuffle(levels)
    return dict(zip(codes, levels, strict=True))


def choices_of(task: FrozenTask) -> list[Choice]:
    """Every value the task's criterion accepts, best first."""
    return [Choice(one.value, to_hundredths(one.points) or 0) for one in reachable(task.criterion, task.full_points)]


def perform(rubric: FrozenRubric, level: int, random: Random) -> Performance:
    """A performance that wins exactly `level` stars of the rubric."""
    won = set(random.sample([star.code for star in rubric.stars], min(level, len(rubric.stars))))
    performance = Performance()
    for star in rubric.stars:
        _perform_star(star, star.code in won, performance, random)
    return performance


def earlier(rubric: FrozenRubric, later: Performance, random: Random) -> Performance:
    """The month before: most states alike, flows somewhat other, a little weaker on the whole."""
    before = Performance(dict(later.chosen), set(later.out))
    for number, task in rubric.tasks.items():
        if number in before.out or random.random() > (0.03 if task.window == "state" else 0.16):
            continue
        last = len(choices_of(task)) - 1
        before.chosen[number] = max(0, min(last, before.chosen[number] + random.choice((1, 1, -1))))
    return before


def _perform_star(star: FrozenStar, is_won: bool, performance: Performance, random: Random) -> None:
    tasks = [task for task in star.tasks if not _is_out(task, performance, random)]
    full = sum(task.full for task in tasks)
    line = -(-star.pass_percent * full // 10_000)
    target = int(full * (random.uniform(0.84, 1.0) if is_won else random.uniform(0.56, 0.77)))
    ladders = {task.number: [choice.points for choice in choices_of(task)] for task in tasks}
    place = dict.fromkeys(ladders, 0)
    total = full
    while total > target:
        number = random.choice([one for one, at in place.items() if at + 1 < len(ladders[one])])
        drop = ladders[number][place[number]] - ladders[number][place[number] + 1]
        if is_won and total - drop < line:
            break
        place[number] += 1
        total -= drop
    performance.chosen.update(place)


def _is_out(task: FrozenTask, performance: Performance, random: Random) -> bool:
    if task.may_not_apply and random.random() < 0.05:
        performance.out.add(task.number)
        performance.chosen[task.number] = 0
    return task.number in performance.out
