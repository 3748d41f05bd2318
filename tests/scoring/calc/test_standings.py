"""Places: rule 10 of the month."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.calc.standings import Entrant, Place, standings


def entrant(code: str, total: int, *, track: str = "urban", level: int = 3, applicable: int = 10_000) -> Entrant:
    return Entrant(code, track, total, total * applicable // 10_000, applicable, level)


def places(rows: list[Place]) -> list[tuple[str, int, bool]]:
    return [(row.code, row.place, row.is_tied) for row in rows]


def test_ties_share_a_place_and_the_next_one_is_skipped():
    rows = standings(
        [entrant("d", 70), entrant("b", 90), entrant("c", 90), entrant("a", 95)], ["total"], across_tracks=False
    )
    assert places(rows) == [("a", 1, False), ("b", 2, True), ("c", 2, True), ("d", 4, False)]


def test_each_track_has_its_own_table_and_size():
    rows = standings(
        [entrant("a", 90), entrant("b", 80), entrant("x", 70, track="agricultural")], ["total"], across_tracks=False
    )
    assert [(row.code, row.place, row.out_of) for row in rows] == [("a", 1, 2), ("b", 2, 2), ("x", 1, 1)]


def test_one_list_over_both_tracks_when_the_office_says_so():
    rows = standings([entrant("a", 90), entrant("x", 95, track="agricultural")], ["total"], across_tracks=True)
    assert [(row.code, row.place, row.out_of) for row in rows] == [("x", 1, 2), ("a", 2, 2)]


def test_keys_are_compared_in_their_order():
    rows = standings(
        [entrant("a", 99, level=4), entrant("b", 90, level=5)], ["star_level", "total"], across_tracks=False
    )
    assert places(rows) == [("b", 1, False), ("a", 2, False)]


def test_the_exact_share_tells_apart_what_rounding_ties():
    thirds = [Entrant("a", "urban", 6667, 200, 300, 3), Entrant("b", "urban", 6667, 6667, 10_000, 3)]
    assert places(standings(thirds, ["total"], across_tracks=False)) == [("a", 1, True), ("b", 1, True)]
    assert places(standings(thirds, ["exact_total"], across_tracks=False)) == [("b", 1, False), ("a", 2, False)]


def test_an_unknown_key_is_an_error():
    with pytest.raises(KeyError):
        standings([entrant("a", 90)], ["beauty"], across_tracks=False)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=20))
def test_a_place_is_one_more_than_the_number_of_better_ones(totals):
    rows = standings([entrant(f"{n:02d}", total) for n, total in enumerate(totals)], ["total"], across_tracks=False)
    for row in rows:
        mine = totals[int(row.code)]
        assert row.place == 1 + sum(other > mine for other in totals)
        assert row.is_tied == (totals.count(mine) > 1)
