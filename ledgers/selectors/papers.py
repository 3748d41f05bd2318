"""What the papers of a running month print: the sheet for the weekly meeting, the form to be filled in by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import Http404

from branches.acting import Officer
from branches.models import Organisation
from core.errors import Invalid
from core.models import User
from core.templatetags.portal import points as plain
from ledgers.calc.words import month_words
from scoring.choices import PeriodState
from scoring.models import Assessment, Period
from scoring.permissions import can_report
from scoring.selectors.current import CurrentItem
from scoring.selectors.entry_grid import GridRow, assessment_items, grid_rows
from scoring.selectors.weekly import WeeklySheet, weekly_sheet


@dataclass(frozen=True, slots=True)
class FormRow:
    """One task of a form: where it stands, what can be ticked or named by number, the cells of the entry page."""

    number: int
    star: str
    title: str
    standard: str
    choices: list[str]
    grid: GridRow


@dataclass(frozen=True, slots=True)
class PaperForm:
    """The form of one community; `number` is what the paper entry page asks for."""

    assessment: Assessment
    number: str
    rows: list[FormRow]


def running_month(user: User) -> date:
    """The newest open month of a real programme that the account sees; 404 without one."""
    rows = Period.objects.visible_to(user).filter(state=PeriodState.OPEN, programme__is_practice=False)
    month = rows.order_by("-month").values_list("month", flat=True).first()
    if month is None:
        raise Http404("没有进行中的月份。")
    return month


def assessments_on_paper(period: Period, code: str) -> list[Assessment]:
    """The community of a code, or the communities of a street as frozen at opening; Invalid for any other code."""
    rows = Assessment.objects.filter(Q(subject__code=code) | Q(street__code=code), period=period)
    joined = rows.select_related("period__programme", "subject", "placement", "street", "rubric", "rating")
    found = list(joined.defer("rubric__content").order_by("subject__code"))
    if not found:
        raise Invalid(f"{period}中没有代码为 {code} 的社区或街道。")
    return _with_street_names(found, period)


def printable_assessments(officer: Officer, period: Period) -> list[Assessment]:
    """The communities an officer may print for in a month, by street and code: the office all, a street its own."""
    rows = Assessment.objects.filter(period=period).select_related("subject", "street", "placement")
    joined = rows.defer("rubric__content").order_by("street__code", "subject__code")
    return _with_street_names([one for one in joined if can_report(officer, one)], period)


def _with_street_names(assessments: list[Assessment], period: Period) -> list[Assessment]:
    """Each with `.street_name`, the name of its street on the last day of the month; one query."""
    streets = Organisation.objects.as_of(period.last_day).in_bulk({one.street_id for one in assessments})
    for one in assessments:
        street = streets.get(one.street_id)
        one.street_name = street.name if street and street.name else one.street.code  # type: ignore[attr-defined]
    return assessments


def weekly_sheets(assessments: Iterable[Assessment], officer: Officer, user: User) -> list[WeeklySheet]:
    return [weekly_sheet(one, officer, user) for one in assessments]


def paper_forms(assessments: Iterable[Assessment], officer: Officer) -> list[PaperForm]:
    return [_form(one, officer) for one in assessments]


def form_number(assessment: Assessment) -> str:
    """What is printed on a form and typed from it: 2026年10月-411002001006."""
    return f"{month_words(assessment.period.code)}-{assessment.subject.code}"


def _form(assessment: Assessment, officer: Officer) -> PaperForm:
    found = assessment_items(assessment)
    grid = grid_rows(found, officer, lambda one: one.task.title)
    rows = [_row(one, cells) for one, cells in zip(found, grid, strict=True)]
    return PaperForm(assessment, form_number(assessment), rows)


def _row(one: CurrentItem, cells: GridRow) -> FormRow:
    task = one.task
    star = one.item.task.star.kind.name
    return FormRow(task.number, star, task.title, task.standard, _choices(task.criterion), cells)


def _choices(criterion: Mapping[str, Any]) -> list[str]:
    """Levels to tick, or what may be done by the numbers the entry page reads; none where a figure is asked for."""
    levels = [f"□{level['label']}（{plain(level['points'])}）" for level in criterion.get("levels", ())]
    items = enumerate(criterion.get("items", ()), 1)
    return levels or [f"{number} {item['text']}（{plain(item['points'])}）" for number, item in items]
