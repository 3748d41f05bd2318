"""One community's open month for its weekly 创建工作会: what is to do, by whom, what the stars lack, what to bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from branches.acting import Officer
from core import clock
from core.models import User
from scoring.models import Assessment
from scoring.selectors.current import frozen_rubric
from scoring.selectors.report_form import ReportForm, StarLine, report_form
from scoring.selectors.report_row import Row

MOST, LINES = 18, 32
# How many characters of a cell go into a line of the printed sheet.
A_LINE = {"title": 11, "what": 12, "who": 9, "bring": 17}
LONGEST = 46
NOBODY = "未定"


@dataclass(frozen=True, slots=True)
class WeeklyRow:
    """One item still to do: `what` says why it is here, `who` the post and its day, `bring` what shows it is done, or
    the standard where the edition does not say."""

    item_id: int
    number: int
    title: str
    star: str
    what: str
    who: str
    bring: str
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class WeeklySheet:
    """`rows` are the most urgent first, as many as one page takes; `more` are the numbers of the others still to do."""

    assessment: Assessment
    on: date
    days_left: int
    total: int
    sent: int
    open: int
    returned: int
    past: int
    unchanged: int
    proposed: int
    rows: list[WeeklyRow]
    more: list[int]
    unowned: list[int]
    stars: list[StarLine]
    ways: list[str]

    @property
    def to_do(self) -> int:
        return len(self.rows) + len(self.more)


def weekly_sheet(assessment: Assessment, officer: Officer, user: User) -> WeeklySheet:
    """The sheet of an open month, from what its report form shows the same reader."""
    form = report_form(assessment, officer, user)
    tasks = frozen_rubric(assessment.rubric.sha256).tasks.values()
    hints = {task.number: task.evidence_hint or task.standard for task in tasks}
    names = {star.code: star.name for star in form.stars}
    waiting = [_row(row, names, hints) for row in _in_order(form)]
    today, shown = clock.today(), _fitting(waiting)
    return WeeklySheet(
        assessment=assessment,
        on=today,
        days_left=(assessment.period.report_due_on - today).days,
        total=form.total,
        sent=sum(row.section == "sent" for row in form.rows),
        open=sum(row.section == "todo" for row in form.rows),
        returned=sum(row.section == "returned" for row in form.rows),
        past=sum(row.is_duty_past for row in form.rows),
        unchanged=len(form.unchanged),
        proposed=len(form.proposed),
        rows=waiting[:shown],
        more=sorted(row.number for row in waiting[shown:]),
        unowned=sorted(row.number for row in waiting if row.who == NOBODY),
        stars=form.stars,
        ways=[advice.text for advice in form.next_stars],
    )


def _in_order(form: ReportForm) -> list[Row]:
    """Returned, past the community's own day, the rest; what stands unchanged only waits for a word and stays out."""
    waiting = [row for row in form.rows if row.section in ("returned", "todo")]
    return sorted(waiting, key=lambda row: (row.section != "returned", not row.is_duty_past, row.number))


def _row(row: Row, names: dict[str, str], hints: dict[int, str]) -> WeeklyRow:
    return WeeklyRow(
        item_id=row.pk,
        number=row.number,
        title=row.title,
        star=names.get(row.star, ""),
        what=_what(row),
        who=row.duty or NOBODY,
        bring=hints.get(row.number, ""),
        is_urgent=row.section == "returned" or row.is_duty_past,
    )


def _fitting(rows: list[WeeklyRow]) -> int:
    """How many rows go onto the one page."""
    used = 0
    for place, row in enumerate(rows[:MOST]):
        used += max(-(-min(len(getattr(row, name)), LONGEST) // letters) for name, letters in A_LINE.items())
        if used > LINES:
            return place
    return min(len(rows), MOST)


def _what(row: Row) -> str:
    if row.section == "returned":
        return "；".join(row.returned) or "被退回"
    said = ["已过完成日"] if row.is_duty_past else []
    said.append("已存草稿，未报送" if row.saved else "未填")
    return "，".join([*said, *([row.look_reason] if row.look_reason else [])])
