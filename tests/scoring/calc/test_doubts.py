from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.calc.doubts import middle_half, odd_against_past, odd_against_peers

AMOUNTS = st.integers(0, 1000)


@pytest.mark.parametrize(
    ("points", "last", "runs_on", "words"),
    [
        (500, 200, False, "比上月高 3 分"),
        (200, 500, False, "比上月低 3 分"),
        (499, 200, False, ""),
        (500, None, False, ""),
        (900, 200, True, ""),
        (150, 200, True, "累计数比上月少 0.5 分"),
    ],
)
def test_a_jump_of_three_tenths_of_full_points_is_odd(points: int, last: int | None, runs_on: bool, words: str) -> None:
    assert odd_against_past(points, last, 1000, runs_on=runs_on) == words


@pytest.mark.parametrize(
    ("points", "others", "words"),
    [
        (500, [100, 100, 150, 200, 200, 200, 200, 200], "同类 9 个社区中最高，其余不超过 2"),
        (0, [200, 200, 200, 300], "同类 5 个社区中最低，其余不低于 2"),
        (500, [100, 100, 100, 100, 100, 100, 100, 600], "同类 9 个社区多数不超过 1"),
        (0, [0, 300, 300, 300, 300, 300, 300, 300], "同类 9 个社区多数不低于 3"),
        (399, [200, 200, 200], ""),
        (400, [200, 200], ""),
    ],
)
def test_a_fifth_of_full_points_outside_the_middle_is_odd(points: int, others: list[int], words: str) -> None:
    assert odd_against_peers(points, others, 1000) == words


@given(st.lists(AMOUNTS, min_size=3, max_size=90).map(sorted))
def test_what_lies_in_the_middle_is_never_odd(others: list[int]) -> None:
    low, high = middle_half(others)
    assert [odd_against_peers(value, others, 1000) for value in (low, high)] == ["", ""]


@given(AMOUNTS, st.lists(AMOUNTS, min_size=3, max_size=40).map(sorted))
def test_the_words_are_true(points: int, others: list[int]) -> None:
    words = odd_against_peers(points, others, 1000)
    assert ("最高" in words) <= (points > max(others))
    assert ("最低" in words) <= (points < min(others))
