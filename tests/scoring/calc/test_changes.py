"""What moved between two months, and that the items named add up to it exactly."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.calc.change_words import cause_words, leader_sentence, place_words, star_words
from scoring.calc.changes import Change, ItemState, Snapshot, StarState, change_of, compare
from scoring.calc.stars import missing_for

STARS = ("party", "law", "harmony")
KEYS = [f"task{number}" for number in range(1, 9)]


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """A community under any edition: tasks come, go, change star, full points and number; some are 不涉及 or empty."""
    items = []
    for number, key in enumerate(draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=1)), start=1):
        full = draw(st.integers(1, 3000))
        applies = draw(st.booleans())
        points = draw(st.integers(0, full)) if applies else 0
        items.append(ItemState(key, number, draw(st.sampled_from(STARS)), points, full if applies else 0))
    stars = []
    for code in STARS:
        own = [item for item in items if item.star == code]
        applicable = sum(item.applicable for item in own)
        percent = draw(st.sampled_from((6000, 8000)))
        barred = ("一票否决",) if draw(st.booleans()) else ()
        is_won = not missing_for(sum(item.points for item in own), applicable, percent) and not barred
        stars.append(StarState(code, code, is_won if applicable else None, percent, barred))
    points, applicable = sum(item.points for item in items), sum(item.applicable for item in items)
    level = sum(star.won is True for star in stars)
    edition = draw(st.sampled_from("ab"))
    return Snapshot("1", "府后社区", edition, True, level, points, applicable, None, None, tuple(stars), tuple(items))


@given(snapshots(), snapshots())
def test_the_causes_add_up_to_the_change_exactly(before: Snapshot, now: Snapshot) -> None:
    change = change_of(before, now)
    assert sum(cause.points for cause in change.causes) == change.points == now.points - before.points
    assert sum(cause.applicable for cause in change.causes) == change.applicable == now.applicable - before.applicable
    for star in change.stars:
        had, has = (sum(item.points for item in one.items if item.star == star.code) for one in (before, now))
        assert sum(cause.points for cause in star.causes) == star.points == has - had


@given(snapshots(), snapshots())
def test_a_star_that_turned_names_a_cause_and_the_levels_follow(before: Snapshot, now: Snapshot) -> None:
    change = change_of(before, now)
    assert sum(star.step for star in change.turned) == change.levels[1] - change.levels[0]
    assert all(star.causes or star.notes for star in change.turned)


@given(snapshots())
def test_nothing_moves_between_equals(one: Snapshot) -> None:
    change = change_of(one, one)
    assert (change.has_moved, change.causes, change.stars) == (False, (), ())


@given(snapshots(), snapshots())
def test_back_again_is_the_opposite(before: Snapshot, now: Snapshot) -> None:
    there, back = change_of(before, now), change_of(now, before)
    assert (there.points, there.applicable) == (-back.points, -back.applicable)
    assert {(c.star, c.key, c.points) for c in there.causes} == {(c.star, c.key, -c.points) for c in back.causes}


# -- in words


def item(number: int, points: int, full: int = 1000, star: str = "harmony") -> ItemState:
    return ItemState(f"task{number}", number, star, points, full)


def month(*items: ItemState, won: bool | None, percent: int = 8000, barred: tuple[str, ...] = ()) -> Snapshot:
    star = StarState("harmony", "幸福和谐星", won, percent, barred)
    points, applicable = sum(one.points for one in items), sum(one.applicable for one in items)
    return Snapshot("1", "府后社区", "a", True, int(bool(won)), points, applicable, 8000, 3, (star,), items)


def only(before: Snapshot, now: Snapshot) -> str:
    (star,) = change_of(before, now).stars
    return star_words(star)


def test_a_star_won_says_which_items_and_how_much() -> None:
    before = month(item(22, 600), item(25, 650), item(26, 800), won=False)
    now = month(item(22, 800), item(25, 800), item(26, 800), won=True)
    assert only(before, now) == "幸福和谐星 +1：第22项 +2，第25项 +1.5"
    assert only(now, before) == "幸福和谐星 −1：第22项 −2，第25项 −1.5"


def test_what_is_not_points_is_said_too() -> None:
    now = month(item(22, 800), won=True)
    assert only(now, month(item(22, 800), won=False, percent=8500)) == "幸福和谐星 −1：达标线由80%改为85%"
    assert only(now, month(item(22, 800), won=False, barred=("一票否决",))) == "幸福和谐星 −1：一票否决"
    assert only(month(item(22, 0), won=False), month(ItemState("task22", 22, "harmony", 0, 0), won=None)) == (
        "幸福和谐星 0 分：第22项转为不涉及"
    )
    gone = month(item(22, 800), item(23, 500), won=True)
    assert only(gone, now) == "幸福和谐星 −5 分：原第23项本月不再考评（−5）"


def test_causes_and_places_in_words() -> None:
    (star,) = change_of(month(ItemState("task1", 1, "harmony", 0, 0), won=None), month(item(1, 800), won=True)).stars
    assert [cause_words(cause) for cause in star.causes] == ["第1项转为计分（+8，满分 +10）"]
    change = change_of(month(item(1, 800), won=True), month(item(1, 800), won=True))
    moves = ((3, 1), (1, 2), (2, 2), (None, 4), (4, None))
    assert [place_words(replace(change, places=one)) for one in moves] == [
        *("升 2 位", "降 1 位", "不变", "上次未排名", "未排名"),
    ]


def content(month_: str, levels: dict[str, int], incomplete: int = 0) -> dict[str, object]:
    return {"month": month_, "star_levels": levels, "incomplete": [{}] * incomplete}


def turned(before: bool, now: bool, moved: int) -> Change:
    return change_of(
        month(item(22, 800 if before else 600), won=before), month(item(22, 800 if before else 600 + moved), won=now)
    )


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        (None, "2026年11月测算五星 2、四星 1，另有 1 个未完成；上月没有公布，无从比较。星级为测算，未定星。"),
        (
            {"5": 1, "4": 2, "0": 0},
            "2026年11月测算五星 2、四星 1，另有 1 个未完成；较上月五星 +1、四星 −1，新得 2 颗星、未保住 0 颗，"
            "主要因幸福和谐星2 个社区新得（多在第22项）。星级为测算，未定星。",
        ),
    ],
)
def test_the_sentence_for_the_leader(before: dict[str, int] | None, sentence: str) -> None:
    now = content("2026-11", {"5": 2, "4": 1, "0": 0}, incomplete=1)
    changes = [turned(False, True, 200), turned(False, True, 200)] if before else []
    assert leader_sentence(now, before and content("2026-10", before), changes) == sentence


def test_who_stands_in_one_month_only_is_left_out() -> None:
    one = month(item(1, 800), won=True)
    assert [change.organisation for change in compare([one], [one, one._replace(organisation="2")])] == ["1"]
