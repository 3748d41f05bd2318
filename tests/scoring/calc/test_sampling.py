"""A sample is repeatable, has the size asked for, and takes the doubtful first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scoring.calc.sampling import Candidate, Drawn, Size, draw

SAMPLE = [Drawn("a", 4, False), Drawn("a", 8, False), Drawn("f", 1, False), Drawn("f", 5, False)]
ITEMS = [Candidate(place, number, 0) for place in "abcdef" for number in range(1, 11)]


def test_the_same_seed_gives_the_same_sample_whatever_the_order_of_rows() -> None:
    assert draw(ITEMS, Size(3, 2, 50), "7f") == draw(reversed(ITEMS), Size(3, 2, 50), "7f")
    assert draw(ITEMS, Size(3, 2, 50), "7f") != draw(ITEMS, Size(3, 2, 50), "80")


def test_a_sample_of_a_seed_never_changes() -> None:
    assert draw(ITEMS, Size(2, 2, 0), "1a2b") == SAMPLE


def test_doubtful_items_come_first_and_chance_fills_up() -> None:
    doubtful = [Candidate("c", 4, 2), Candidate("c", 9, 1), Candidate("e", 1, 1)]
    plain = [one for one in ITEMS if (one.place, one.number) not in {(one.place, one.number) for one in doubtful}]
    found = draw([*plain, *doubtful], Size(2, 3, 100), "7f")
    assert [one for one in found if one.is_doubtful] == [Drawn("c", 4, True), Drawn("c", 9, True), Drawn("e", 1, True)]
    assert [one.place for one in found] == ["c"] * 3 + ["e"] * 3


candidates = st.lists(
    st.builds(Candidate, st.sampled_from("abcdef"), st.integers(1, 9), st.integers(0, 3)),
    unique_by=lambda one: (one.place, one.number),
    max_size=40,
)


@given(candidates, st.integers(1, 6), st.integers(1, 5), st.integers(0, 100), st.text("0123456789abcdef", min_size=1))
def test_a_sample_has_its_size_and_nothing_twice(rows, places, each, percent, seed) -> None:
    found = draw(rows, Size(places, each, percent), seed)
    known = {(one.place, one.number): one.doubts for one in rows}
    by_place = {place: [one for one in rows if one.place == place] for place in {one.place for one in rows}}
    drawn = [(one.place, one.number) for one in found]
    assert drawn == sorted(set(drawn))
    assert set(drawn) <= set(known)
    assert len({place for place, _ in drawn}) == min(places, len(by_place))
    assert all(
        sum(one.place == place for one in found) == min(each, len(by_place[place])) for place in {p for p, _ in drawn}
    )
    assert all(known[one.place, one.number] for one in found if one.is_doubtful)
