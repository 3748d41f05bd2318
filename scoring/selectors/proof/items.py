"""Every item by itself: its state, its rounds, its reports and what they are worth. Rules 1, 3, 4 and 12."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from core.fields import to_hundredths
from scoring.calc.criteria import UnusableValue, points_for
from scoring.calc.windows import month_before
from scoring.choices import ItemState, Outcome, ReportBasis, ReportKind
from scoring.models import Report, Review, Ruling
from scoring.selectors.current import CurrentItem
from scoring.selectors.proof.rows import MonthRows, place_of, standing_returns
from scoring.selectors.proof.words import Violation


def item_checks(rows: MonthRows) -> Iterator[Violation]:
    for current in rows.current:
        reports, reviews = rows.reports[current.item.pk], rows.reviews[current.item.pk]
        where = place_of(current)
        for rule, what in _rounds(current, reports, reviews):
            yield Violation(rule, where, what)
        for report in reports:
            for rule, what in _report(current, report, rows):
                yield Violation(rule, where, f"第{report.round}轮自评{what}")
        acts: list[Report | Review | Ruling] = [*reports, *reviews, *rows.rulings[current.item.pk]]
        for act in acts:
            for rule, what in _amount(current, act):
                yield Violation(rule, where, f"{act._meta.verbose_name}{what}")


Breach = tuple[int, str]


def _rounds(current: CurrentItem, reports: list[Report], reviews: list[Review]) -> Iterator[Breach]:
    item, counted = current.item, Counter(report.round for report in reports)
    is_submitted = item.state == ItemState.SUBMITTED
    if any(number > 1 for number in counted.values()):
        yield 12, "同一轮有两份自评"
    if set(counted) != set(range(1, item.round + is_submitted)):
        yield 12, f"状态为“{item.get_state_display()}”第{item.round}轮，自评却有第{_listed(counted)}轮"
    if is_submitted and item.draft is not None:
        yield 12, "已报送却还有草稿"
    if item.draft is not None and (item.draft_by_id is None or item.draft_at is None):
        yield 12, "草稿没有记下由谁何时填写"
    returns = standing_returns(reviews)
    returned = {review.round for review in reviews if review.pk in returns}
    if item.state == ItemState.RETURNED and item.round - 1 not in returned:
        yield 5, "状态为已退回，上一轮却没有退回意见"
    if item.state == ItemState.OPEN and item.round - 1 in returned:
        yield 5, "上一轮被退回，状态却不是已退回"


def _listed(rounds: Counter[int]) -> str:
    return "、".join(map(str, sorted(rounds))) or "0"


def _report(current: CurrentItem, report: Report, rows: MonthRows) -> Iterator[Breach]:
    if report.confirmed_by_id == report.entered_by_id:
        yield 5, "由填报人自己确认"
    if report.kind == ReportKind.POINTS:
        yield from _derived(current, report)
    if report.basis == ReportBasis.UNCHANGED:
        yield from _unchanged(current, report, rows)


def _derived(current: CurrentItem, report: Report) -> Iterator[Breach]:
    """The points are those that the frozen criterion gives for the value."""
    try:
        given = points_for(current.task.criterion, report.value, current.task.full_points).points
    except UnusableValue as error:
        yield 6, f"的内容不合计分办法：{error.message}"
        return
    if given != report.points:
        yield 6, f"记为{report.points}分，按计分办法应为{given}分"


def _unchanged(current: CurrentItem, report: Report, rows: MonthRows) -> Iterator[Breach]:
    last = current.item.prefilled_from
    if current.task.window != "state":
        yield 1, "把累计类任务按与上月一致确认"
    if last is None or current.item.look_reason:
        yield 3, "按与上月一致确认，但该事项须核对后填写"
    elif (last.kind, last.value, last.points) != (report.kind, report.value, report.points):
        yield 3, f"记为与上月一致，却不同于{month_before(rows.period.month).month}月的自评"


def _amount(current: CurrentItem, act: Report | Review | Ruling) -> Iterator[Breach]:
    full, points = to_hundredths(act.full_points), to_hundredths(act.points)
    if full != current.task.full:
        yield 2, "所记满分与冻结的评星标准不符"
    if points is not None and not 0 <= points <= current.task.full:
        yield 4, f"的分值{act.points}不在 0 和满分之间"
    if isinstance(act, Review):
        has_points, is_out = act.outcome in (Outcome.AGREE, Outcome.SET), act.outcome == Outcome.NOT_APPLICABLE
    else:
        has_points, is_out = act.kind == ReportKind.POINTS, act.kind == ReportKind.NOT_APPLICABLE
    if has_points is (points is None):
        yield 4, "的结论与分值不符"
    if is_out and not current.task.may_not_apply:
        yield 4, "认作不涉及，但本任务不能不涉及"
