"""Small frozen rubrics and counted items for the arithmetic's tests."""

from __future__ import annotations

from scoring.calc.counted import NOT_APPLICABLE, POINTS, Counted
from scoring.calc.frozen import FrozenRubric, FrozenStar, FrozenTask


def task(number: int, star: str, full: int) -> FrozenTask:
    return FrozenTask(number, f"t{number}", star, f"任务{number}", "", "state", True, full, {}, "", "", "")


def star(code: str, fulls: list[int], first: int, *, percent: int = 8000, after: tuple[str, ...] = ()) -> FrozenStar:
    tasks = tuple(task(first + index, code, full) for index, full in enumerate(fulls))
    return FrozenStar(code, code, "red", first, percent, after, tasks)


def rubric(*stars: FrozenStar) -> FrozenRubric:
    return FrozenRubric(stars, {one.number: one for each in stars for one in each.tasks})


def points(amount: int) -> Counted:
    return Counted(POINTS, amount, "task_force", None, False, False)


OUT = Counted(NOT_APPLICABLE, None, "task_force", None, False, False)
EMPTY = Counted("empty", None, "none", None, False, False)
CLAIM = Counted("claimed", None, "report", None, False, True)
