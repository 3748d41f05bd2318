"""Counted points: rules 4 to 6 of the month."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.calc.counted import Counted, Stated, count

FULL, WIDTH = 400, 100
REPORT, STREET, FORCE, RULING = (Stated("points", amount) for amount in (400, 350, 300, 250))
NOT_APPLICABLE = Stated("not_applicable", None)


@pytest.mark.parametrize(
    ("report", "street", "force", "ruling", "expected"),
    [
        (None, None, None, None, Counted("empty", None, "none", None, False, False)),
        (REPORT, None, None, None, Counted("points", 400, "report", None, False, True)),
        (REPORT, STREET, None, None, Counted("points", 350, "street", None, False, True)),
        (REPORT, STREET, FORCE, None, Counted("points", 300, "task_force", 50, False, False)),
        (REPORT, None, FORCE, None, Counted("points", 300, "task_force", None, False, False)),
        (REPORT, STREET, FORCE, RULING, Counted("points", 250, "ruling", 50, False, False)),
        (None, None, None, RULING, Counted("points", 250, "ruling", None, False, False)),
        (NOT_APPLICABLE, None, None, None, Counted("claimed", None, "report", None, False, True)),
        (NOT_APPLICABLE, NOT_APPLICABLE, None, None, Counted("not_applicable", None, "street", None, False, True)),
        (
            NOT_APPLICABLE,
            NOT_APPLICABLE,
            NOT_APPLICABLE,
            None,
            Counted("not_applicable", None, "task_force", 0, False, False),
        ),
    ],
)
def test_the_last_word_counts(report, street, force, ruling, expected):
    assert count(FULL, WIDTH, report, street, force, ruling) == expected


def test_rule_4_zero_is_neither_empty_nor_not_applicable():
    zero = count(FULL, WIDTH, Stated("points", 0), None, Stated("points", 0), None)
    assert zero == Counted("points", 0, "task_force", None, False, False)


@pytest.mark.parametrize(("street", "is_gap"), [(400, False), (401, True), (200, False), (199, True)])
def test_rule_6_only_a_gap_above_the_width_makes_the_item_provisional(street, is_gap):
    counted = count(FULL + 100, WIDTH, REPORT, Stated("points", street), Stated("points", 300), None)
    assert (counted.is_gap, counted.is_provisional) == (is_gap, is_gap)


def test_one_axis_confirming_what_the_other_scores_is_always_a_gap():
    counted = count(FULL, 10_000, NOT_APPLICABLE, NOT_APPLICABLE, Stated("points", 400), None)
    assert (counted.gap, counted.is_gap, counted.is_provisional) == (FULL, True, True)


@given(*[st.one_of(st.none(), st.integers(0, FULL)) for _ in range(4)], st.integers(0, FULL))
def test_a_ruling_settles_everything(report, street, force, ruling, width):
    voices = [None if amount is None else Stated("points", amount) for amount in (report, street, force, ruling)]
    counted = count(FULL, width, *voices)
    if ruling is not None:
        assert (counted.points, counted.source, counted.is_provisional) == (ruling, "ruling", False)
    assert counted.points is None or 0 <= counted.points <= FULL


def test_every_combination_has_one_of_four_kinds():
    voices = (None, Stated("points", 100), NOT_APPLICABLE)
    kinds = {count(FULL, WIDTH, *choice).kind for choice in product(voices, repeat=4)}
    assert kinds == {"points", "not_applicable", "claimed", "empty"}
