"""The texts to paste: who is missing what, by street; organisation names and counts, no points, no order by them."""

from __future__ import annotations

from dataclasses import dataclass

from core import clock
from core.templatetags.portal import day, moment
from scoring.selectors.progress import CommunityProgress, MonthProgress, StreetProgress


@dataclass(frozen=True, slots=True)
class PasteText:
    """One text of the page; `is_done` when there is nobody to name."""

    key: str
    title: str
    text: str
    is_done: bool

    @property
    def rows(self) -> int:
        """Lines of the field that shows it; long ones turn over."""
        return min(sum(1 + len(line) // 40 for line in self.text.split("\n")) + 1, 24)


def missing_texts(progress: MonthProgress, *, is_one_street: bool) -> list[PasteText]:
    """没报, 没审, and for the whole district 没核验."""
    texts = [_reports(progress), _street_reviews(progress, is_one_street)]
    return texts if is_one_street else [*texts, _task_force_reviews(progress)]


def _reports(progress: MonthProgress) -> PasteText:
    streets = [one for one in progress.streets if one.late]
    lines = [f"{street.name}（{len(street.late)}个）：{'、'.join(map(_left, street.late))}" for street in streets]
    end = f"填报截止{day(progress.period.report_due_on)}。截止日只提醒、不锁页面，请尽快填报；有困难请告诉街道。"
    return _text(progress, "reports", "还没报的社区", lines, end, "各社区都报完了，谢谢。")


def _left(one: CommunityProgress) -> str:
    parts = [f"{one.missing}项"] if one.missing else []
    parts += [f"退回{one.returned}项"] if one.returned else []
    return one.name + "、".join(parts) if len(parts) < 2 else f"{one.name}{one.missing}项（另退回{one.returned}项）"


def _street_reviews(progress: MonthProgress, is_one_street: bool) -> PasteText:
    end = f"街道审核截止{day(progress.period.street_due_on)}。"
    if is_one_street:
        lines = [_waiting(one) for street in progress.streets for one in street.communities if one.at_street]
    else:
        lines = [_waiting(one) for one in progress.streets if one.at_street]
    return _text(progress, "street", "街道还没审的", lines, end, "报来的都审完了，谢谢。")


def _waiting(one: StreetProgress | CommunityProgress) -> str:
    return f"{one.name}：{one.at_street}项待审"


def _task_force_reviews(progress: MonthProgress) -> PasteText:
    lines = [f"{name}：{count}项待核验" for _, name, count in progress.task_forces]
    end = f"专班核验截止{day(progress.period.task_force_due_on)}。"
    return _text(progress, "task-force", "专班还没核验的", lines, end, "报来的都核验完了，谢谢。")


def _text(progress: MonthProgress, key: str, title: str, lines: list[str], end: str, done: str) -> PasteText:
    head = f"【{progress.period}】{title}（{moment(clock.now())}）"
    return PasteText(key, title, "\n".join([head, *lines, end] if lines else [head, done]), not lines)
