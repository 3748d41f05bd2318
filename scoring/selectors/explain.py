"""Counted points and totals in one sentence each, for whoever asks why."""

from __future__ import annotations

from collections.abc import Mapping

from branches.models import Organisation
from core import clock
from core.templatetags.portal import day as day_words
from core.templatetags.portal import points as plain
from scoring.calc.counted import CLAIMED, EMPTY
from scoring.choices import ItemState, Outcome, ReportBasis
from scoring.models import Rating, Report, Review, Ruling
from scoring.selectors.current import CurrentItem
from scoring.selectors.report_row import words

Names = Mapping[int, str]


def explain_item(current: CurrentItem, names: Names | None = None) -> str:
    """Why the item counts as it does: who decided it, when, with which reason.

    第4项“严格组织生活”计3.5分（满分4）：支部过硬专班 郑一 10月28日改为3.5分，理由：…
    `names` gives organisations by id; without it they are fetched.
    """
    return f"第{current.task.number}项“{current.task.title}”{_result(current)}：{_because(current, names)}。"


def explain_rating(rating: Rating, decimals: int) -> str:
    """How total (with the places of the year's rules) and stars came about; a monthly star level is always 测算."""
    if rating.total is None:
        return "全部事项不涉及，没有总分，也不评星。"
    parts = [_total_words(rating, decimals), _star_words(rating)]
    if rating.empty_items:
        parts.append(f"还有{rating.empty_items}项未报，未报的不计分")
    if rating.provisional_items:
        parts.append(f"{rating.provisional_items}项尚未认定，按现有意见暂计")
    return "；".join(parts) + "。"


def organisation_names(organisation_ids: set[int]) -> dict[int, str]:
    """Today's names by id, one query."""
    rows = Organisation.objects.as_of(clock.today()).filter(pk__in=organisation_ids)
    return {row.pk: row.name or row.code for row in rows}


def _result(current: CurrentItem) -> str:
    counted, full = current.counted, words(current.task.full)
    if counted.kind == EMPTY:
        return f"尚未计分（满分{full}）"
    if counted.points is None:
        return "不涉及，待确认" if counted.kind == CLAIMED else f"不涉及，{full}分退出该星和总分"
    return f"{'暂' if counted.is_provisional else ''}计{words(counted.points)}分（满分{full}）"


def _because(current: CurrentItem, names: Names | None) -> str:
    act = current.ruling or current.task_force or current.street or current.report
    if act is None:
        return _nothing_yet(current)
    organisation_id = act.appointment.position.organisation_id
    where = (names if names is not None else organisation_names({organisation_id})).get(organisation_id, "")
    said = _said(act)
    if current.counted.is_gap:
        said += "；街道与专班的意见相差过大，由区创建办裁定"
    return f"{where} {_who(act)} {day_words(act.at)}{said}"


def _nothing_yet(current: CurrentItem) -> str:
    if current.item.state == ItemState.RETURNED:
        return "已退回，还没有重报"
    return "已撤回，还没有重报" if current.item.round > 1 else "本月还没有报送"


def _who(act: Report | Review | Ruling) -> str:
    if isinstance(act, Report):
        return act.entered_by.name
    return act.reviewer.name if isinstance(act, Review) else act.by.name


def _said(act: Report | Review | Ruling) -> str:
    if isinstance(act, Report):
        how = "确认与上月一致，" if act.basis == ReportBasis.UNCHANGED else "自评"
        return f"{how}{act.derivation or '不涉及'}"
    if isinstance(act, Review):
        return _review_words(act)
    result = f"{plain(act.points)}分" if act.points is not None else "不涉及"
    return f"{act.get_purpose_display()}为{result}，理由：{_bare(act.reason)}"


def _review_words(review: Review) -> str:
    if review.outcome == Outcome.SET:
        return f"改为{plain(review.points)}分，理由：{_bare(review.reason)}"
    return f"同意自评{plain(review.points)}分" if review.outcome == Outcome.AGREE else "确认不涉及"


def _bare(reason: str) -> str:
    return reason.rstrip("。.；;")


def _total_words(rating: Rating, decimals: int) -> str:
    points, applicable = plain(rating.points), plain(rating.applicable_points)
    places = f"保留{decimals}位小数" if decimals else "取整数"
    sum_words = f"{points}÷{applicable}×100={plain(rating.total)}（四舍五入{places}）"
    return f"得{points}分，适用满分{applicable}分，总分={sum_words}"


def _star_words(rating: Rating) -> str:
    won = [star["name"] for star in rating.stars if star["won"]]
    lost = [f"{star['name']}（{'，'.join(star['reasons'])}）" for star in rating.stars if not star["won"]]
    text = f"测算达标{len(won)}颗星" + (f"：{'、'.join(won)}" if won else "")
    return text + (f"；未达标：{'、'.join(lost)}" if lost else "")
