"""Stars won, what is missing for each, star level and total of one assessment. Rule 4 of the month.

Amounts are whole hundredths (int). A confirmed 不涉及 leaves the star and the total; stars are decided by
cross-multiplication, without rounding.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from scoring.calc.counted import CLAIMED, EMPTY, NOT_APPLICABLE, Counted
from scoring.calc.frozen import FrozenRubric, FrozenStar

WHOLE = 10_000  # hundredths of a percent in one


@dataclass(frozen=True, slots=True)
class StarResult:
    """`won` is None when all tasks of the star are out (not rated); `missing` are the points short of the pass line.

    `barred_by` names the stars it presupposes and that were not won; `is_vetoed` that a veto withholds it.
    """

    code: str
    points: int
    applicable: int
    full: int
    missing: int
    barred_by: tuple[str, ...]
    is_vetoed: bool
    won: bool | None


# Stars decided before: by star (the object, which the caller keeps), its items, who bars it and whether it is vetoed.
KnownStars = dict[tuple[int, tuple[Counted | None, ...], tuple[str, ...], bool], StarResult]


@dataclass(frozen=True, slots=True)
class RatingResult:
    """`total` is None when nothing applies. `is_complete`: every item counts or is confirmed 不涉及."""

    points: int
    applicable: int
    total: int | None
    star_level: int
    stars: tuple[StarResult, ...]
    provisional_items: int
    empty_items: int
    gap_items: int
    is_complete: bool


def rate(
    rubric: FrozenRubric, counted: Mapping[int, Counted], vetoed: Collection[str], total_decimals: int,
    known: KnownStars | None = None,
) -> RatingResult:  # fmt: skip
    """Rate one assessment from its counted items by task number; a missing number counts as empty.

    Whoever rates many hands in the same `known` each time: a star with the same items is then decided once.
    """
    stars = _stars(rubric, counted, vetoed, {} if known is None else known)
    points = sum([star.points for star in stars])
    applicable = sum([star.applicable for star in stars])
    empty = len(rubric.tasks.keys() - counted.keys())
    claimed = provisional = gaps = 0
    for item in counted.values():
        empty += item.kind == EMPTY
        claimed += item.kind == CLAIMED
        provisional += item.is_provisional
        gaps += item.is_gap
    return RatingResult(
        points=points,
        applicable=applicable,
        total=total_of(points, applicable, total_decimals),
        star_level=sum([star.won is True for star in stars]),
        stars=stars,
        provisional_items=provisional,
        empty_items=empty,
        gap_items=gaps,
        is_complete=empty == 0 and claimed == 0,
    )


def total_of(points: int, applicable: int, decimals: int) -> int | None:
    """Points ÷ applicable full points × 100, in hundredths, rounded half up to `decimals` (0 to 2) places."""
    if applicable == 0:
        return None
    unit = 10 ** (2 - decimals)
    return (2 * points * WHOLE + applicable * unit) // (2 * applicable * unit) * unit


def missing_for(points: int, applicable: int, pass_percent: int) -> int:
    """The least hundredths that lift `points` to the pass line of `applicable` full points."""
    line = -(-pass_percent * applicable // WHOLE)
    return max(0, line - points)


def _stars(
    rubric: FrozenRubric, counted: Mapping[int, Counted], vetoed: Collection[str], known: KnownStars
) -> tuple[StarResult, ...]:
    by_code = {star.code: star for star in rubric.stars}
    results: dict[str, StarResult] = {}
    for star in rubric.stars:
        _settle(star, by_code, counted, vetoed, results, known)
    return tuple([results[star.code] for star in rubric.stars])


def _settle(
    star: FrozenStar, by_code: Mapping[str, FrozenStar], counted: Mapping[int, Counted], vetoed: Collection[str],
    results: dict[str, StarResult], known: KnownStars,
) -> StarResult:  # fmt: skip
    """Decide the stars it presupposes first; publishing a rubric has refused circles. A star not rated bars none."""
    if star.code in results:
        return results[star.code]
    barred_by = tuple([
        code
        for code in star.prerequisites
        if _settle(by_code[code], by_code, counted, vetoed, results, known).won is False
    ])  # fmt: skip
    items = tuple([counted.get(task.number) for task in star.tasks])
    asked = (id(star), items, barred_by, star.code in vetoed)
    found = known.get(asked)
    if found is None:
        found = known[asked] = _star(star, items, barred_by, star.code in vetoed)
    results[star.code] = found
    return found


def _star(star: FrozenStar, items: Iterable[Counted | None], barred_by: tuple[str, ...], is_vetoed: bool) -> StarResult:
    points = applicable = full = 0
    for task, item in zip(star.tasks, items, strict=True):
        full += task.full
        if item is None or item.kind != NOT_APPLICABLE:
            applicable += task.full
        if item is not None and item.points is not None:
            points += item.points
    missing = missing_for(points, applicable, star.pass_percent)
    won = (missing == 0 and not barred_by and not is_vetoed) if applicable else None
    return StarResult(star.code, points, applicable, full, missing, barred_by, is_vetoed, won)
