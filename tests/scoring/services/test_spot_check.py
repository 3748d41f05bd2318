"""抽查核验: drawn once, recorded by those who drew it, reviewed only by an act of its own."""

from __future__ import annotations

import pytest

from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry
from scoring.calc.sampling import Size
from scoring.choices import Axis, DrawnBy, Finding, Outcome, ReviewBasis
from scoring.models import Review, SpotCheck, SpotCheckItem, SpotCheckResult
from scoring.selectors.current import current_items
from scoring.selectors.item_history import item_history
from scoring.services.review import review_item
from scoring.services.spot_check import agree_matching, draw_spot_check, record_finding, review_finding
from tests.scoring.month import Month, level, month, on, open_month, play_month, report_all, review

__all__ = ["month"]

SIZE = Size(2, 2, 50)


@pytest.fixture
def reported(month: Month) -> Month:
    report_all(month.town, month.period)
    return month


def draw(month: Month, actor: object = None, size: Size = SIZE, seed: str = "7f") -> SpotCheck:
    with on("2026-09", 34):
        return draw_spot_check(actor=actor or month.town.zheng[1], period=month.period, size=size, seed=seed)


def places(spot_check: SpotCheck) -> list[tuple[str, int]]:
    rows = spot_check.items.order_by("pk")
    return list(rows.values_list("item__assessment__placement__name", "item__task__number"))


def record(month: Month, drawn: SpotCheckItem, result: str, text: str = "") -> SpotCheckResult:
    with on("2026-09", 35):
        return record_finding(actor=month.town.zheng[1], drawn=drawn, result=result, text=text)


def test_a_task_force_draws_from_its_own_stars_alone(reported: Month) -> None:
    """郑二 serves 共建共享 (3, 4) of urban and 生态宜居 (4) of agricultural communities."""
    found = places(draw(reported, size=Size(9, 9, 0)))
    assert found == [
        ("金地社区", 3), ("金地社区", 4), ("府后社区", 3), ("府后社区", 4),
        ("光明社区", 3), ("光明社区", 4), ("樊沟社区", 4),
    ]  # fmt: skip


def test_a_street_draws_from_its_own_communities(reported: Month) -> None:
    found = {name for name, _ in places(draw(reported, reported.town.wu, Size(9, 3, 0)))}
    assert found == {"光明社区", "樊沟社区"}


def test_the_same_seed_and_items_give_the_same_sample(reported: Month) -> None:
    first, second = draw(reported, seed="7f"), draw(reported, reported.town.wang, seed="7f")
    again = draw(reported, reported.town.wang, seed="8a")
    assert places(second) != places(again)
    with pytest.raises(Conflict, match="已经抽取"):
        draw(reported, seed="7f")
    assert (first.number, second.number, again.number) == (1, 1, 2)


def test_what_is_doubtful_is_drawn_first_and_says_why(month: Month) -> None:
    town = month.town
    play_month(town, "2026-10")
    november = Month(town, open_month(town, "2026-11"))
    report_all(town, november.period)
    review(town, november.item(4), Axis.STREET, Outcome.SET, "7.50", "缺一次记录。")
    with on("2026-11", 34):
        found = draw_spot_check(actor=town.wang, period=november.period, size=Size(1, 1, 100), seed="7f")
        review_item(actor=town.zheng[1], item=november.item(4), axis=Axis.TASK_FORCE, outcome=Outcome.AGREE)
        gap = draw_spot_check(actor=town.wang, period=november.period, size=Size(1, 1, 100), seed="7e")
    [first], [second] = found.items.all(), gap.items.all()
    assert first.why == DrawnBy.CHANCE
    assert (second.item, second.why, second.doubts) == (november.item(4), DrawnBy.DOUBT, "街道 7.5、专班 8")


def test_a_change_since_last_month_is_a_doubt(month: Month) -> None:
    town = month.town
    play_month(town, "2026-10")
    november = Month(town, open_month(town, "2026-11"))
    report_all(town, november.period, organisations=[town.jindi, town.guangming, town.fangou])
    report_all(town, november.period, organisations=[town.fuhou], entries={5: level(1)})
    with on("2026-11", 34):
        found = draw_spot_check(actor=town.wang, period=november.period, size=Size(1, 1, 100), seed="7f")
    [drawn] = found.items.all()
    assert (drawn.item, drawn.why, drawn.doubts) == (november.item(5), DrawnBy.DOUBT, "与上月不同、变化大")


@pytest.mark.parametrize(("key", "why"), [("lin", "只有专班"), ("reader", "只有专班"), ("sysadmin", "只有专班")])
def test_who_may_not_draw(reported: Month, key: str, why: str) -> None:
    with pytest.raises(Forbidden, match=why):
        draw(reported, reported.town.everybody[key])


def test_a_sample_of_nothing_or_of_everything_is_refused(reported: Month) -> None:
    with pytest.raises(Invalid) as refusal:
        draw(reported, size=Size(0, 31, 101))
    assert list(refusal.value.errors) == ["communities", "items_each", "doubtful_percent"]


def test_nothing_is_drawn_before_anything_is_reported(month: Month) -> None:
    with pytest.raises(Conflict, match="还没有已报送"):
        draw(month)


def test_a_difference_says_how_and_the_newest_result_counts(reported: Month) -> None:
    drawn = draw(reported).items.first()
    with pytest.raises(Invalid, match="核验情况"):
        record(reported, drawn, Finding.DIFFERS)
    record(reported, drawn, Finding.DIFFERS, "缺第三次会议记录。")
    record(reported, drawn, Finding.MATCHES)
    assert list(drawn.results.values_list("revision", "result", "text")) == [
        (1, "differs", "缺第三次会议记录。"),
        (2, "matches", ""),
    ]
    verbs = AuditEntry.objects.filter(verb__startswith="scoring.spot_check").order_by("seq")
    assert list(verbs.values_list("verb", flat=True)) == ["scoring.spot_check.draw", *["scoring.spot_check.record"] * 2]


def test_the_second_of_two_who_record_at_once_is_told(reported: Month) -> None:
    drawn = draw(reported).items.first()
    actor = reported.town.zheng[1]
    record_finding(actor=actor, drawn=drawn, result=Finding.MATCHES, expected_revision=0)
    with pytest.raises(Conflict, match="刚有人记录"):
        record_finding(actor=actor, drawn=drawn, result=Finding.DIFFERS, text="不符。", expected_revision=0)


def test_only_those_who_drew_it_record(reported: Month) -> None:
    drawn = draw(reported).items.first()
    for key in ("wang", "zhou", "zheng1", "lin"):
        with pytest.raises(Forbidden, match="只有抽取样本的"):
            record_finding(actor=reported.town.everybody[key], drawn=drawn, result=Finding.MATCHES)


def test_a_result_alone_reviews_nothing(reported: Month) -> None:
    for drawn, result in zip(draw(reported).items.all(), (Finding.MATCHES, Finding.DIFFERS), strict=False):
        record(reported, drawn, result, "看过现场。")
    assert Review.objects.count() == 0


def test_a_difference_becomes_a_review_with_what_was_found(reported: Month) -> None:
    drawn = _draw_with(reported, 4)
    with pytest.raises(Conflict, match="先记录"):
        review_finding(actor=reported.town.zheng[1], drawn=drawn, outcome=Outcome.SET, points="6")
    record(reported, drawn, Finding.DIFFERS, "缺第三次会议记录。")
    with on("2026-09", 36):
        given = review_finding(actor=reported.town.zheng[1], drawn=drawn, outcome=Outcome.SET, points="6")
    assert (given.axis, given.points, given.reason, given.basis) == (
        Axis.TASK_FORCE, 6, "缺第三次会议记录。", ReviewBasis.SPOT_CHECK,
    )  # fmt: skip


def test_a_finding_of_an_earlier_round_reviews_nothing(reported: Month) -> None:
    drawn = _draw_with(reported, 4)
    record(reported, drawn, Finding.DIFFERS, "缺第三次会议记录。")
    review(reported.town, reported.item(4), Axis.STREET, Outcome.RETURN, reason="请补。")
    report_all(reported.town, reported.period, day=36)
    drawn.item.refresh_from_db()
    with pytest.raises(Conflict, match="已退回重报"):
        review_finding(actor=reported.town.zheng[1], drawn=drawn, outcome=Outcome.SET, points="6")


def test_what_matches_is_agreed_to_in_one_act(reported: Month) -> None:
    spot_check = draw(reported, size=Size(9, 9, 0))
    rows = list(spot_check.items.select_related("item").order_by("pk"))
    for drawn in rows[:3]:
        record(reported, drawn, Finding.MATCHES)
    record(reported, rows[3], Finding.DIFFERS, "不符。")
    seen = {drawn.item_id: drawn.item.version for drawn in rows}
    done = agree_matching(actor=reported.town.zheng[1], spot_check=spot_check, expected_versions=seen)
    assert (done.done, done.skipped) == (3, [])
    assert set(Review.objects.values_list("item", "outcome", "basis")) == {
        (drawn.item_id, "agree", "spot_check") for drawn in rows[:3]
    }


def test_nobody_checks_what_she_entered(month: Month) -> None:
    """光明 has nobody of its own here: the office enters for it and draws, and 王 may not check it herself."""
    report_all(month.town, month.period, organisations=[month.town.guangming])
    with on("2026-09", 34):
        drawn = draw_spot_check(actor=month.town.wang, period=month.period, size=Size(1, 1, 0), seed="7f").items.get()
        with pytest.raises(Forbidden, match="本人填报"):
            record_finding(actor=month.town.wang, drawn=drawn, result=Finding.MATCHES)
        assert record_finding(actor=month.town.wang2, drawn=drawn, result=Finding.MATCHES).revision == 1


def test_the_history_of_the_item_tells_the_result_and_not_the_draw(reported: Month) -> None:
    drawn = _draw_with(reported, 4)
    [current] = current_items(type(drawn.item).objects.filter(pk=drawn.item_id))
    assert [event.title for event in item_history(current).events] == ["报送自评"]
    record(reported, drawn, Finding.DIFFERS, "缺第三次会议记录。")
    told = item_history(current).events[-1]
    assert (told.title, told.text, told.who) == ("抽查核验：不符", "缺第三次会议记录。", "共建共享专班长 郑二")


def _draw_with(month: Month, number: int) -> SpotCheckItem:
    """A sample of all there is, and 府后's item of it."""
    return (
        draw(month, size=Size(9, 9, 0))
        .items.select_related("item", "spot_check__organisation")
        .get(item=month.item(number))
    )
