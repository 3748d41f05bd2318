"""The cheapest way to each star that an assessment has not won: fewest tasks to raise, then fewest extra points.

Amounts are whole hundredths (int). A claimed 不涉及 is taken for confirmed (rule 4): it leaves the star, and the
advice says so. Stars have no task in common, so the cheapest way to a star and to those it presupposes is the sum of
their cheapest ways.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scoring.calc.counted import CLAIMED, NOT_APPLICABLE, Counted
from scoring.calc.frozen import FrozenRubric, FrozenStar
from scoring.calc.stars import StarResult, rate

VETO, POINTS = "veto", "points"


class Step(NamedTuple):
    """Raise task `number` from `now` to `to`."""

    number: int
    now: int
    to: int

    @property
    def gain(self) -> int:
        return self.to - self.now


class Obstacle(NamedTuple):
    """Why there is no way: `star` is vetoed, or all its tasks together add at most `most` of the `missing` points."""

    kind: str
    star: str
    missing: int
    most: int


@dataclass(frozen=True, slots=True)
class NextStar:
    """One star not won. `steps` win it together with the stars it presupposes (`first`); none with an `obstacle`.

    `missing` are its own points short of the pass line; `claims` the tasks whose 不涉及 is taken for confirmed.
    """

    code: str
    missing: int
    steps: tuple[Step, ...]
    first: tuple[str, ...]
    claims: tuple[int, ...]
    obstacle: Obstacle | None

    @property
    def gain(self) -> int:
        return sum(step.gain for step in self.steps)


def next_stars(
    rubric: FrozenRubric,
    counted: Mapping[int, Counted],
    vetoed: Collection[str],
    reachable: Mapping[int, Sequence[int]],
) -> tuple[NextStar, ...]:
    """The way to every star that is rated and not won, in the rubric's order.

    `reachable` gives the points a task can still come to, by task number; a task that is missing there cannot rise.
    """
    assumed = {number: _confirmed(item) for number, item in counted.items()}
    results = {star.code: star for star in rate(rubric, assumed, vetoed, 2).stars}
    ways = {star.code: _way(star, results[star.code], assumed, reachable) for star in rubric.stars}
    claimed = {number for number, item in counted.items() if item.kind == CLAIMED}
    return tuple(_advice(star, rubric, results, ways, claimed) for star in _not_won(rubric, counted, vetoed, results))


def raisable(values: Iterable[int], now: int, best: int | None) -> tuple[int, ...]:
    """The values above `now`, up to the best that others have reached; up to the highest when there is none."""
    return tuple(value for value in values if value > now and (best is None or value <= best))


class _Way(NamedTuple):
    """The cheapest steps for the points of one star, None when `most` is not enough."""

    steps: tuple[Step, ...] | None
    most: int


def _confirmed(item: Counted) -> Counted:
    return item._replace(kind=NOT_APPLICABLE) if item.kind == CLAIMED else item


def _not_won(
    rubric: FrozenRubric, counted: Mapping[int, Counted], vetoed: Collection[str], assumed: Mapping[str, StarResult]
) -> Iterator[FrozenStar]:
    """Stars not won as the items count now, unless the claims leave nothing of them to be rated."""
    for star, result in zip(rubric.stars, rate(rubric, counted, vetoed, 2).stars, strict=True):
        if result.won is False and assumed[star.code].won is not None:
            yield star


def _advice(
    star: FrozenStar,
    rubric: FrozenRubric,
    results: Mapping[str, StarResult],
    ways: Mapping[str, _Way],
    claimed: Collection[int],
) -> NextStar:
    needed = _needed(star, rubric, results)
    obstacle = next(_obstacles(needed, results, ways), None)
    steps = () if obstacle else tuple(step for one in needed for step in ways[one.code].steps or ())
    return NextStar(
        code=star.code,
        missing=results[star.code].missing,
        steps=tuple(sorted(steps)),
        first=tuple(one.code for one in needed if one is not star),
        claims=tuple(task.number for one in needed for task in one.tasks if task.number in claimed),
        obstacle=obstacle,
    )


def _needed(star: FrozenStar, rubric: FrozenRubric, results: Mapping[str, StarResult]) -> list[FrozenStar]:
    """The star and all it presupposes that is not won, in the rubric's order. A star not rated bars none."""
    codes, ahead = {star.code}, [star]
    while ahead:
        for code in results[ahead[0].code].barred_by:
            if code not in codes:
                codes.add(code)
                ahead += [one for one in rubric.stars if one.code == code]
        del ahead[0]
    return [one for one in rubric.stars if one.code in codes]


def _obstacles(
    needed: Iterable[FrozenStar], results: Mapping[str, StarResult], ways: Mapping[str, _Way]
) -> Iterator[Obstacle]:
    for star in needed:
        result, way = results[star.code], ways[star.code]
        if result.is_vetoed:
            yield Obstacle(VETO, star.code, result.missing, way.most)
        elif way.steps is None:
            yield Obstacle(POINTS, star.code, result.missing, way.most)


def _way(
    star: FrozenStar, result: StarResult, counted: Mapping[int, Counted], reachable: Mapping[int, Sequence[int]]
) -> _Way:
    options = list(_options(star, counted, reachable))
    highest = sorted((max(gains) for _, _, gains in options), reverse=True)
    most = sum(highest)
    if result.missing > most:
        return _Way(None, most)
    fewest = next(count for count in range(len(highest) + 1) if sum(highest[:count]) >= result.missing)
    return _Way(tuple(_cheapest(options, fewest, result.missing)), most)


_Option = tuple[int, int, list[int]]  # task number, points now, gains that can be had


def _options(
    star: FrozenStar, counted: Mapping[int, Counted], reachable: Mapping[int, Sequence[int]]
) -> Iterator[_Option]:
    for task in star.tasks:
        item = counted.get(task.number)
        if item is not None and item.kind == NOT_APPLICABLE:
            continue
        now = (item.points or 0) if item is not None else 0
        gains = [value - now for value in reachable.get(task.number, ()) if value > now]
        if gains:
            yield task.number, now, gains


def _cheapest(options: list[_Option], count: int, missing: int) -> Iterator[Step]:
    """The steps of exactly `count` tasks whose gains sum up to the least total from `missing` on.

    `sums[i][j]` has bit g set when j of the first i tasks can gain g together: whole sets of sums move in one shift.
    """
    sums = [[1] + [0] * count]
    for _, _, gains in options:
        sums.append(_with_one_more(sums[-1], gains))
    total = missing + _lowest_bit(sums[-1][count] >> missing)
    for place in range(len(options), 0, -1):
        if sums[place - 1][count] >> total & 1:
            continue
        number, now, gains = options[place - 1]
        gain = next(gain for gain in gains if gain <= total and sums[place - 1][count - 1] >> (total - gain) & 1)
        yield Step(number, now, now + gain)
        count, total = count - 1, total - gain


def _with_one_more(before: list[int], gains: list[int]) -> list[int]:
    after = list(before)
    for count, sums in enumerate(before[:-1]):
        for gain in gains:
            after[count + 1] |= sums << gain
    return after


def _lowest_bit(bits: int) -> int:
    return (bits & -bits).bit_length() - 1
