"""Next star: the cheapest set of tasks against trying everything out."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.fields import to_hundredths
from scoring.calc.counted import CLAIMED, NOT_APPLICABLE, POINTS, Counted
from scoring.calc.criteria import reachable
from scoring.calc.frozen import FrozenRubric
from scoring.calc.next_star import NextStar, Obstacle, Step, next_stars, raisable
from scoring.calc.reachable import reachable_points
from scoring.calc.stars import rate
from tests.scoring.calc.build import CLAIM, EMPTY, OUT, points, rubric, star
from tests.scoring.month import sample_editions

ONE = rubric(star("a", [1000, 600, 400], 1))
EIGHTHS = {1: range(0, 1001, 125), 2: (0, 300, 600), 3: (0, 400)}


def advice(
    rules: FrozenRubric, counted: dict[int, Counted], reachable: object, vetoed: tuple[str, ...] = ()
) -> NextStar:
    return next_stars(rules, counted, vetoed, reachable)[0]  # type: ignore[arg-type]


def test_one_task_that_is_enough_beats_two_that_cost_less():
    found = advice(ONE, {1: points(750), 2: points(300), 3: points(400)}, EIGHTHS)
    assert (found.missing, found.steps) == (150, (Step(1, 750, 1000),))


def test_among_sets_of_equal_size_the_fewest_extra_points_win():
    found = advice(ONE, {1: points(500), 2: points(300), 3: points(0)}, EIGHTHS)
    assert (found.missing, found.steps, found.gain) == (800, (Step(1, 500, 1000), Step(2, 300, 600)), 800)


def test_an_empty_task_starts_from_nothing():
    assert advice(ONE, {1: points(1000), 2: points(300), 3: EMPTY}, EIGHTHS).steps == (Step(2, 300, 600),)


def test_what_does_not_apply_leaves_the_line_and_offers_nothing():
    found = advice(ONE, {1: points(750), 2: OUT, 3: points(0)}, EIGHTHS)
    assert (found.missing, found.steps) == (370, (Step(3, 0, 400),))


def test_a_claim_is_taken_for_confirmed_and_named():
    found = advice(ONE, {1: points(875), 2: CLAIM, 3: points(400)}, EIGHTHS)
    assert (found.missing, found.steps, found.claims, found.obstacle) == (0, (), (2,), None)


def test_it_says_plainly_when_there_is_no_way():
    found = advice(ONE, {1: points(750), 2: points(300), 3: points(0)}, {1: (750, 875), 2: (300,)})
    assert (found.steps, found.obstacle) == ((), Obstacle("points", "a", 550, 125))


def test_a_vetoed_star_names_the_veto():
    found = advice(ONE, {1: points(1000), 2: points(600), 3: points(400)}, EIGHTHS, "a")
    assert found.obstacle == Obstacle("veto", "a", 0, 0)


def test_what_it_presupposes_is_won_with_it():
    rules = rubric(star("a", [1000], 1, after=("b",)), star("b", [500], 2, after=("c",)), star("c", [500], 3))
    counted = {1: points(800), 2: points(300), 3: points(0)}
    own, second, third = next_stars(rules, counted, (), {2: (500,), 3: (400, 500)})
    assert (own.steps, own.first) == ((Step(2, 300, 500), Step(3, 0, 400)), ("b", "c"))
    assert (second.first, third.first) == (("c",), ())
    barred = next_stars(rules, counted, ("c",), {2: (500,), 3: (500,)})[0]
    assert barred.obstacle == Obstacle("veto", "c", 400, 500)


def test_peers_bound_what_is_hoped_for():
    assert raisable((0, 100, 200, 300), 100, 200) == (200,)
    assert raisable((0, 100, 200, 300), 100, None) == (200, 300)


# -- against trying everything out


@st.composite
def cases(draw: st.DrawFn):
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    stars, first = [], 1
    for place, size in enumerate(sizes):
        fulls = [draw(st.integers(1, 8)) * 100 for _ in range(size)]
        after = tuple(f"s{one}" for one in range(place) if draw(st.booleans()))
        stars.append(star(f"s{place}", fulls, first, percent=draw(st.integers(0, 10_000)), after=after))
        first += size
    rules = rubric(*stars)
    counted, reachable = {}, {}
    for number, task in rules.tasks.items():
        given_points = Counted(POINTS, draw(st.integers(0, task.full)), "report", None, False, True)
        counted[number] = draw(st.sampled_from([given_points, given_points, OUT, CLAIM, EMPTY]))
        reachable[number] = sorted(draw(st.sets(st.integers(0, task.full), max_size=3)))
    vetoed = {one.code for one in stars if draw(st.integers(0, 5)) == 0}
    return rules, counted, reachable, vetoed


def claims_confirmed(counted):
    return {n: item._replace(kind=NOT_APPLICABLE) if item.kind == CLAIMED else item for n, item in counted.items()}


def cheapest(rules, counted, reachable, vetoed, place):
    """(tasks, points) of the cheapest raise that wins the star; None when none of all raises does."""
    assumed = claims_confirmed(counted)
    now = {n: item.points or 0 for n, item in assumed.items()}
    choices = [
        [now[n], *(value for value in reachable[n] if value > now[n] and item.kind != NOT_APPLICABLE)]
        for n, item in assumed.items()
    ]
    found = []
    for values in product(*choices):
        raised = {
            n: Counted(POINTS, value, "report", None, False, True) if value != now[n] else assumed[n]
            for n, value in zip(assumed, values, strict=True)
        }
        if rate(rules, raised, vetoed, 2).stars[place].won is True:
            gains = [value - now[n] for n, value in zip(assumed, values, strict=True) if value != now[n]]
            found.append((len(gains), sum(gains)))
    return min(found, default=None)


@settings(max_examples=300, deadline=None)
@given(cases())
def test_no_set_of_tasks_is_cheaper_than_the_one_advised(case):
    rules, counted, reachable, vetoed = case
    for found in next_stars(rules, counted, vetoed, reachable):
        place = [one.code for one in rules.stars].index(found.code)
        best = cheapest(rules, counted, reachable, vetoed, place)
        assert (None if found.obstacle else (len(found.steps), found.gain)) == best
        assert all(step.to in reachable[step.number] and step.to > step.now for step in found.steps)


@settings(max_examples=300, deadline=None)
@given(cases())
def test_the_steps_advised_win_the_star(case):
    rules, counted, reachable, vetoed = case
    for found in next_stars(rules, counted, vetoed, reachable):
        raised = {
            n: item._replace(kind=NOT_APPLICABLE) if item.kind == CLAIMED else item for n, item in counted.items()
        }
        raised |= {step.number: points(step.to) for step in found.steps}
        won = {one.code: one.won for one in rate(rules, raised, vetoed, 2).stars}
        assert won[found.code] is (found.obstacle is None)


# -- what a criterion can give


@pytest.mark.parametrize(
    ("criterion", "full", "values"),
    [
        ({"kind": "graded", "levels": [{"points": "3.00"}, {"points": "0.00"}]}, 300, (0, 300)),
        ({"kind": "judged", "step": "0.50"}, 150, (0, 50, 100, 150)),
        ({"kind": "count", "steps": [{"points": "4.00"}, {"points": "2.00"}]}, 400, (0, 200, 400)),
        ({"kind": "ratio", "steps": [{"points": "4.00"}]}, 400, (0, 400)),
        ({"kind": "deduction", "each": "1.50", "floor": "1.00"}, 500, (100, 200, 350, 500)),
        ({"kind": "checklist", "items": [{"points": "1.00"}, {"points": "2.50"}]}, 350, (0, 100, 250, 350)),
    ],
)
def test_only_what_a_criterion_yields_is_reachable(criterion, full, values):
    assert reachable_points(criterion, full) == values


@pytest.mark.parametrize("edition", sample_editions(), ids=lambda edition: edition.track)
def test_the_fast_way_reaches_what_values_reach(edition):
    for task in edition.tasks:
        values = sorted(to_hundredths(one.points) for one in reachable(task.criterion, task.full_points))
        assert reachable_points(task.criterion, to_hundredths(task.full_points)) == tuple(values), task.title
