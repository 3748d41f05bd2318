from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.calc.criteria import (
    KINDS,
    Derived,
    UnusableValue,
    criterion_digest,
    criterion_from_source,
    criterion_text,
    needs_note,
    plain,
    points_for,
    reachable,
    source_faults,
    validate_criterion,
)

GRADED = {
    "kind": "graded",
    "levels": [
        {"label": "完成", "points": "3.50"},
        {"label": "推进中", "points": "2.50"},
        {"label": "未开展", "points": "0.00"},
    ],
}
JUDGED = {"kind": "judged", "step": "0.50", "needs_note": True}
RATIO = {"unit": "%", "steps": [{"at_least": "90", "points": "4"}, {"at_least": "75", "points": "2.5"}]}
COUNT = {"unit": "次", "steps": [{"at_least": "2", "points": "3"}, {"at_least": "1", "points": "2"}]}
DEDUCTION = {"unit": "处", "each": "0.5", "floor": "0"}
CHECKLIST = {"items": [{"text": "有党旗", "points": "0.5"}, {"text": "有档案", "points": "3.5"}]}
KNOWN = "graded、judged、count、ratio、deduction 或 checklist"
FULL = Decimal("3.50")
FOUR = Decimal("4.00")
RULES = {
    "graded": ({"levels": [{"label": "有", "points": "4"}, {"label": "无", "points": "0"}]}, {"level": 0}),
    "judged": ({"step": "0.5"}, {"points": "2.5"}),
    "count": (
        {"unit": "次", "steps": [{"at_least": "2", "points": "4"}, {"at_least": "1", "points": "2"}]},
        {"count": "2"},
    ),
    "ratio": (RATIO, {"part": "9", "whole": "12"}),
    "deduction": (DEDUCTION, {"times": 2}),
    "checklist": (CHECKLIST, {"done": [1]}),
}


def criterion_of(kind, full=FOUR):
    return criterion_from_source(kind, RULES[kind][0], full)


HOSTILE_NUMBERS = (
    *(
        "-0.01",
        "3.51",
        "1e309",
        "NaN",
        "Infinity",
        "1_0",
        "0x10",
        "１２",
        "一",
        "4,5",
        "4.5分",
        "85%",
        "",
        " ",
        "\u3000",
    ),
    *("0.12345678901234567890", "9" * 400, "+1", "1.", ".5", " 1", "1\n", "\x00", None, [], True, {}, 1.5, 2),
    Decimal("NaN"),
)


def test_a_level_gives_its_points():
    assert points_for(GRADED, {"level": 1}, FULL) == Derived(Decimal("2.50"), "推进中，得 2.5 分", {"level": 1})


def test_judged_points_are_taken_as_they_are():
    said = "评定 2.5 分（满分 3.5 分）"
    assert points_for(JUDGED, {"points": "2.5"}, FULL) == Derived(Decimal("2.50"), said, {"points": "2.50"})


@pytest.mark.parametrize("level", [-1, 3, True, None, "0", 1.0, [], {}])
def test_a_level_outside_the_list_is_refused(level):
    with pytest.raises(UnusableValue, match="请选择所列的一档"):
        points_for(GRADED, {"level": level}, FULL)


@pytest.mark.parametrize("points", HOSTILE_NUMBERS)
def test_hostile_points_are_refused_with_a_sentence(points):
    with pytest.raises(UnusableValue, match="^得分.*。$"):
        points_for(JUDGED, {"points": points}, FULL)


@pytest.mark.parametrize(
    ("kind", "value", "points", "said"),
    [
        ("count", {"count": "2"}, "4", "共 2 次，满 2 次得 4 分"),
        ("count", {"count": "1.99"}, "2", "共 1.99 次，满 1 次得 2 分"),
        ("count", {"count": "300"}, "4", "共 300 次，满 2 次得 4 分"),
        ("count", {"count": "0"}, "0", "共 0 次，不足 1 次，得 0 分"),
        ("ratio", {"part": "9", "whole": "10"}, "4", "9/10（90%），达到 90%得 4 分"),
        ("ratio", {"part": "9", "whole": "12"}, "2.5", "9/12（75%），达到 75%得 2.5 分"),
        ("ratio", {"part": "74.99", "whole": "100"}, "0", "74.99/100（74.9%），不足 75%，得 0 分"),
        ("ratio", {"part": "0", "whole": "7"}, "0", "0/7（0%），不足 75%，得 0 分"),
        ("deduction", {"times": 0}, "4", "0 处，不扣分，得 4 分"),
        ("deduction", {"times": 3}, "2.5", "3 处，扣 1.5 分，得 2.5 分"),
        ("deduction", {"times": 8}, "0", "8 处，扣 4 分，得 0 分"),
        ("deduction", {"times": 9}, "0", "9 处，扣完为止，得 0 分"),
        ("checklist", {"done": [1, 0]}, "4", "2 项中做到 2 项，得 4 分"),
        ("checklist", {"done": [0]}, "0.5", "2 项中做到 1 项，得 0.5 分；未做到：有档案"),
        ("checklist", {"done": []}, "0", "2 项中做到 0 项，得 0 分；未做到：有党旗、有档案"),
    ],
)
def test_a_rule_leads_from_what_was_counted_to_the_points(kind, value, points, said):
    derived = points_for(criterion_of(kind), value, FOUR)
    assert (derived.points, derived.derivation) == (Decimal(points), said)


def test_a_floor_stops_the_deduction():
    criterion = criterion_from_source("deduction", DEDUCTION | {"floor": "1"}, FOUR)
    assert points_for(criterion, {"times": 40}, FOUR).derivation == "40 处，扣到最低 1 分，得 1 分"


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("count", {"count": "03.50"}, {"count": "3.5"}),
        ("ratio", {"part": "09", "whole": "12.0"}, {"part": "9", "whole": "12"}),
        ("checklist", {"done": [1, 0]}, {"done": [0, 1]}),
    ],
)
def test_a_value_has_one_spelling(kind, typed, kept):
    assert points_for(criterion_of(kind), typed, FOUR).value == kept


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("count", {"count": "-1"}, "请填写数字，单位是次，最多两位小数。"),
        ("count", {"count": "1.999"}, "请填写数字，单位是次，最多两位小数。"),
        ("count", {"count": 3}, "请填写数字，单位是次，最多两位小数。"),
        ("ratio", {"part": "1", "whole": "0"}, "总数须大于 0。"),
        ("ratio", {"part": "13", "whole": "12"}, "达到数 13 不能超过总数 12。"),
        ("ratio", {"part": "9", "whole": "75%"}, "请填写达到数和总数，都是数字，最多两位小数。"),
        ("ratio", {"part": "9"}, "请填写达到数和总数。"),
        ("deduction", {"times": -1}, "请填写整数，单位是处；没有的填 0。"),
        ("deduction", {"times": 1.5}, "请填写整数，单位是处；没有的填 0。"),
        ("deduction", {"times": True}, "请填写整数，单位是处；没有的填 0。"),
        ("deduction", {"times": 10_000}, "请填写整数，单位是处；没有的填 0。"),
        ("checklist", {"done": [2]}, "请勾选所列的事项。"),
        ("checklist", {"done": "0"}, "请勾选所列的事项。"),
        ("checklist", {"done": [0, 0]}, "同一事项只能勾选一次。"),
        ("checklist", {}, "请勾选做到的事项；都没有做到的选“以上都没有”。"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_a_sentence(kind, value, message):
    with pytest.raises(UnusableValue) as refusal:
        points_for(criterion_of(kind), value, FOUR)
    assert refusal.value.message == message


@pytest.mark.parametrize("given_value", HOSTILE_NUMBERS)
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_numbers_are_refused_in_every_part_of_every_value(kind, given_value):
    good = RULES[kind][1]
    for name in good:
        if kind == "deduction" and given_value == 2 and not isinstance(given_value, bool):
            continue
        if (kind, given_value) in (("checklist", []), ("count", "3.51")):
            continue
        if kind == "ratio" and given_value == "3.51" and name == "part":
            continue
        with pytest.raises(UnusableValue):
            points_for(criterion_of(kind), good | {name: given_value}, FOUR)


@pytest.mark.parametrize("value", [None, [], "2.50", {}, {"level": 0, "points": "1.00"}, {"points": "1.00", "more": 1}])
@pytest.mark.parametrize("kind", KINDS)
def test_a_value_of_another_shape_is_refused(kind, value):
    with pytest.raises(UnusableValue):
        points_for(criterion_of(kind), value, FOUR)


quantities = st.integers(0, 100_000).map(lambda number: Decimal(number).scaleb(-2))


@given(part=quantities, more=quantities, bound=st.integers(1, 10_000))
def test_a_share_reaches_a_step_exactly_when_the_fraction_does(part, more, bound):
    whole = part + more
    percent = Decimal(bound).scaleb(-2)
    rule = {"unit": "%", "steps": [{"at_least": str(percent), "points": "4"}]}
    if not whole:
        return
    derived = points_for({"kind": "ratio", **rule}, {"part": str(part), "whole": str(whole)}, FOUR)
    assert (derived.points == 4) == (Fraction(part) / Fraction(whole) >= Fraction(percent) / 100)


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_of_points_that_can_be_earned_is_known_with_a_value(kind):
    criterion = criterion_of(kind)
    found = reachable(criterion, FOUR)
    assert found[0].points == FOUR
    assert [one.points for one in found] == sorted({one.points for one in found}, reverse=True)
    assert all(points_for(criterion, one.value, FOUR) == one for one in found)


@given(worths=st.lists(st.integers(1, 60), min_size=1, max_size=6), data=st.data())
def test_a_checklist_reaches_the_sum_of_any_choice_of_items(worths, data):
    full = Decimal(sum(worths)).scaleb(-1)
    items = [{"text": "事项", "points": str(Decimal(worth).scaleb(-1))} for worth in worths]
    criterion = criterion_from_source("checklist", {"items": items}, full)
    done = data.draw(st.lists(st.sampled_from(range(len(items))), unique=True))
    points = points_for(criterion, {"done": done}, full).points
    assert points in {one.points for one in reachable(criterion, full)}


def test_points_between_the_steps_are_refused():
    with pytest.raises(UnusableValue, match="得分以 0.5 分为一档，不能填 2.25。"):
        points_for(JUDGED, {"points": "2.25"}, FULL)


hundredths = st.integers(0, 500).map(lambda number: Decimal(number).scaleb(-2))


@given(points=hundredths, full=hundredths, step=st.sampled_from(["0.01", "0.05", "0.10", "0.25", "0.50"]))
def test_judged_points_are_exact_and_within_full(points, full, step):
    """Whatever is accepted equals what was typed; whatever is not is above full or between steps."""
    try:
        derived = points_for({"kind": "judged", "step": step}, {"points": str(points)}, full)
    except UnusableValue:
        assert points > full or points % Decimal(step) != 0
    else:
        assert type(derived.points) is Decimal
        assert derived.points == points <= full


@given(amounts=st.lists(st.integers(1, 1000), min_size=1, max_size=8, unique=True), data=st.data())
def test_every_level_of_a_valid_criterion_lies_within_full(amounts, data):
    full, *rest = [Decimal(number).scaleb(-2) for number in sorted(amounts, reverse=True)]
    levels = [{"label": "档", "points": str(points)} for points in (full, *rest, Decimal("0.00"))]
    criterion = {"kind": "graded", "levels": levels}
    assert validate_criterion(criterion, full) == []
    level = data.draw(st.integers(0, len(levels) - 1))
    derived = points_for(criterion, {"level": level}, full)
    assert type(derived.points) is Decimal
    assert derived.points == Decimal(levels[level]["points"])


@given(value=st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=4))
def test_any_value_is_taken_or_refused_never_an_accident(value):
    for criterion, key in ((GRADED, "level"), (JUDGED, "points")):
        for given_value in (value, {key: value}):
            with suppress(UnusableValue):
                assert 0 <= points_for(criterion, given_value, FULL).points <= FULL


@pytest.mark.parametrize(
    ("kind", "rule", "full", "text"),
    [
        ("graded", {"levels": GRADED["levels"]}, FULL, "按档给分：完成得 3.5 分；推进中得 2.5 分；未开展得 0 分。"),
        ("judged", {"step": "0.5"}, FULL, "评议：0 至 3.5 分，每档 0.5 分，需写理由。"),
        ("ratio", RATIO, FOUR, "达到 90% 得 4 分；达到 75% 得 2.5 分；不足 75% 得 0 分。"),
        ("count", COUNT, Decimal("3.00"), "满 2 次得 3 分；满 1 次得 2 分；不足 1 次得 0 分。"),
        ("deduction", DEDUCTION, FOUR, "从 4 分起，每 1 处扣 0.5 分，扣完为止。"),
        ("deduction", DEDUCTION | {"floor": "1"}, FOUR, "从 4 分起，每 1 处扣 0.5 分，最低 1 分。"),
        ("checklist", CHECKLIST, FOUR, "逐项计分：有党旗得 0.5 分；有档案得 3.5 分。"),
    ],
)
def test_every_kind_reads_as_one_sentence(kind, rule, full, text):
    criterion = criterion_from_source(kind, rule, full)
    assert criterion_text(criterion, full) == text
    assert validate_criterion(criterion, full) == []


def test_a_rule_is_kept_in_its_one_spelling():
    assert criterion_from_source("ratio", RATIO, FOUR) == {
        "kind": "ratio",
        "unit": "%",
        "steps": [{"at_least": "90.00", "points": "4.00"}, {"at_least": "75.00", "points": "2.50"}],
    }


def test_only_a_judgement_of_a_person_needs_a_note():
    asked = {kind for kind in KINDS if needs_note(criterion_of(kind))}
    assert asked == {"judged"}


@pytest.mark.parametrize(
    ("criterion", "faults"),
    [
        (None, [f"计分办法只能是 {KNOWN}。"]),
        ({"kind": "counted"}, [f"计分办法只能是 {KNOWN}。"]),
        ({"kind": ["graded"]}, [f"计分办法只能是 {KNOWN}。"]),
        ({"kind": "graded"}, ["计分规则须写 levels。"]),
        ({"kind": "graded", "levels": []}, ["各档须为 1 至 20 项的列表。"]),
        (GRADED | {"step": "1"}, ["不认识的栏目“step”。"]),
        ({"kind": "graded", "levels": GRADED["levels"][1:]}, ["最高一档须为满分 3.5 分。"]),
        ({"kind": "graded", "levels": GRADED["levels"][:2]}, ["最低一档须为 0 分。"]),
        (
            {"kind": "graded", "levels": [GRADED["levels"][0]] * 2},
            ["各档须不少于两档，分值从高到低、互不相同。", "最低一档须为 0 分。"],
        ),
        (
            {"kind": "graded", "levels": [{"label": " ", "points": "x"}]},
            ["各档第 1 项的分值不是数字。", "各档第 1 项的文字须为 1 至 60 字。"],
        ),
        ({"kind": "judged", "step": "0"}, ["评分步长须为大于 0 的数字。"]),
        ({"kind": "judged", "step": "0.40"}, ["评分步长 0.4 不能整除满分 3.5。"]),
        ({"kind": "judged", "step": "0.50", "needs_note": "no"}, ["needs_note 只能是 true 或 false。"]),
        ({"kind": "judged", "step": "0.50", "rule_text": "x"}, ["不认识的栏目“rule_text”。"]),
        ({"kind": "ratio", **RATIO}, ["最高一级须为满分 3.5 分。"]),
        ({"kind": "deduction", "unit": "处"}, ["计分规则须写 each、floor、unit。"]),
    ],
)
def test_each_fault_of_a_criterion_is_named(criterion, faults):
    assert validate_criterion(criterion, FULL) == faults


@pytest.mark.parametrize(
    ("kind", "rule", "faults"),
    [
        ("guess", {}, [f"计分办法只能是 {KNOWN}。"]),
        ("ratio", None, ["缺少计分规则。"]),
        ("ratio", {"steps": []}, ["计分规则须写 steps、unit。"]),
        ("ratio", {"unit": "%", "steps": "90"}, ["各级须写 at_least 和 points，均为数字。"]),
        ("ratio", {"unit": "次", "steps": RATIO["steps"]}, ["比率以 % 计，不超过 100。"]),
        (
            "count",
            {"unit": "", "steps": COUNT["steps"][::-1]},
            ["计量单位须为 1 至 6 字。", "各级须从高到低、互不相同、大于 0。", "最高一级须为满分 4 分。"],
        ),
        (
            "deduction",
            {"unit": "处", "each": "5", "floor": "4"},
            ["每次扣分须大于 0，不超过满分。", "最低分须小于满分。"],
        ),
        ("checklist", {"items": CHECKLIST["items"][:1]}, ["清单各项分值相加须为满分 4 分。"]),
    ],
)
def test_each_fault_of_a_source_rule_is_named(kind, rule, faults):
    assert source_faults(kind, rule, FOUR) == faults


def test_the_digest_changes_with_the_rule_and_with_what_it_is_worth():
    digests = {
        criterion_digest(criterion, full) for criterion in (JUDGED, JUDGED | {"step": "0.25"}) for full in (FULL, FOUR)
    }
    assert len(digests) == 4
    assert criterion_digest(JUDGED, FULL) == criterion_digest(dict(reversed(JUDGED.items())), Decimal("3.5"))


@given(points=hundredths)
def test_plain_numbers_lose_no_value(points):
    assert Decimal(plain(points)) == points
