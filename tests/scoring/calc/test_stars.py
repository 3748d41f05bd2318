"""Stars and totals: rule 4 of the month."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.calc.stars import missing_for, rate, total_of
from tests.scoring.calc.build import CLAIM, EMPTY, OUT, points, rubric, star

ONE = rubric(star("a", [500, 500], 1))


def test_a_star_is_won_at_the_pass_line_and_not_a_hundredth_below():
    won = rate(ONE, {1: points(400), 2: points(400)}, (), 2).stars[0]
    short = rate(ONE, {1: points(400), 2: points(399)}, (), 2).stars[0]
    assert (won.won, won.missing) == (True, 0)
    assert (short.won, short.missing) == (False, 1)


def test_a_confirmed_not_applicable_leaves_star_and_total():
    result = rate(ONE, {1: points(400), 2: OUT}, (), 2)
    assert (result.points, result.applicable, result.total, result.stars[0].won) == (400, 500, 8000, True)


def test_a_star_whose_tasks_are_all_out_is_not_rated():
    result = rate(rubric(star("a", [500], 1), star("b", [300], 2)), {1: OUT, 2: points(300)}, (), 2)
    assert [one.won for one in result.stars] == [None, True]
    assert (result.star_level, result.total, result.is_complete) == (1, 10000, True)


def test_nothing_applicable_has_no_total():
    assert rate(ONE, {1: OUT, 2: OUT}, (), 2).total is None


@pytest.mark.parametrize(("second", "empty"), [(EMPTY, 1), (CLAIM, 0)])
def test_empty_and_claimed_items_leave_the_assessment_incomplete(second, empty):
    result = rate(ONE, {1: points(500), 2: second}, (), 2)
    assert (result.points, result.applicable, result.empty_items, result.is_complete) == (500, 1000, empty, False)


def test_an_item_that_is_missing_altogether_counts_as_empty():
    assert rate(ONE, {1: points(500)}, (), 2).empty_items == 1


def test_a_prerequisite_bars_only_when_it_was_not_won():
    rules = rubric(star("a", [500], 1, after=("b",)), star("b", [500], 2))
    barred = rate(rules, {1: points(500), 2: points(0)}, (), 2).stars[0]
    free = rate(rules, {1: points(500), 2: points(500)}, (), 2).stars[0]
    unrated = rate(rules, {1: points(500), 2: OUT}, (), 2).stars[0]
    assert [(one.won, one.barred_by) for one in (barred, free, unrated)] == [(False, ("b",)), (True, ()), (True, ())]


def test_prerequisites_reach_through_each_other():
    rules = rubric(star("a", [500], 1, after=("b",)), star("b", [500], 2, after=("c",)), star("c", [500], 3))
    result = rate(rules, {1: points(500), 2: points(500), 3: points(0)}, (), 2)
    assert [one.won for one in result.stars] == [False, False, False]


def test_a_veto_withholds_its_star_alone():
    rules = rubric(star("a", [500], 1), star("b", [500], 2))
    result = rate(rules, {1: points(500), 2: points(500)}, {"a"}, 2)
    assert [(one.won, one.is_vetoed) for one in result.stars] == [(False, True), (True, False)]
    assert result.star_level == 1


@given(st.integers(0, 100_00), st.integers(1, 100_00), st.integers(0, 2))
def test_totals_round_half_up_like_the_exact_decimal(amount, applicable, decimals):
    exact = Fraction(amount * 100, applicable)
    as_decimal = (
        (Decimal(exact.numerator) / Decimal(exact.denominator)) if exact.denominator != 1 else Decimal(int(exact))
    )
    expected = as_decimal.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert total_of(amount, applicable, decimals) == int(expected * 100)


@given(st.integers(0, 3000), st.integers(1, 3000), st.integers(0, 10_000))
def test_missing_is_the_least_amount_that_wins(amount, applicable, percent):
    missing = missing_for(amount, applicable, percent)
    assert (amount + missing) * 10_000 >= percent * applicable
    assert missing == 0 or (amount + missing - 1) * 10_000 < percent * applicable


@given(st.lists(st.integers(0, 500), min_size=2, max_size=2), st.integers(0, 500))
def test_more_points_never_lose_a_star(amounts, more):
    before = rate(ONE, {1: points(amounts[0]), 2: points(amounts[1])}, (), 2)
    after = rate(ONE, {1: points(min(500, amounts[0] + more)), 2: points(amounts[1])}, (), 2)
    assert after.star_level >= before.star_level
    assert after.total >= before.total
