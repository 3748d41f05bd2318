"""What a pasted sheet would do, row by row, before anything is written: drafts of a street, reviews of a task force."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from branches.acting import Officer
from core.errors import Invalid
from core.templatetags.portal import points as plain
from core.text import parse_points
from scoring.calc.cells import value_of_cell
from scoring.calc.criteria import UnusableValue, points_for
from scoring.choices import Axis, Outcome, ReportKind
from scoring.forms.cells import NOT_APPLICABLE_WORDS, Planned, plan_cell
from scoring.forms.paste import PastedBlock, PastedRow
from scoring.permissions import can_review
from scoring.selectors.current import CurrentItem
from scoring.selectors.entry_grid import Cell
from scoring.selectors.unit_names import UnitNames

READINGS = {"points": "分数", "value": "填报内容，按计分办法算分"}


@dataclass(slots=True)
class PlanRow:
    """One row of the sheet: whom it means, what stands, what it would do; or every fault with row and column."""

    line: int
    unit: str
    cell: str
    old: str = ""
    new: str = ""
    points: str = ""
    act: str = ""
    is_change: bool = False
    pk: int | None = None
    version: int | None = None
    faults: list[str] = field(default_factory=list)


@dataclass(slots=True)
class PastePlan:
    """All rows; the communities the sheet does not name; what was left out."""

    rows: list[PlanRow]
    left_out: list[str]
    missing: list[str]

    @property
    def faults(self) -> list[str]:
        return [fault for row in self.rows for fault in row.faults]

    @property
    def changes(self) -> int:
        return sum(row.is_change and not row.faults for row in self.rows)


@dataclass(frozen=True, slots=True)
class View:
    """One review that a sheet asks for: the outcome, the points it sets, and how they came about."""

    current: CurrentItem
    outcome: Outcome
    points: Decimal | None
    derivation: str


Judge = Callable[[PastedRow, CurrentItem, PlanRow], None]


def plan_drafts(
    officer: Officer, found: Sequence[CurrentItem], names: UnitNames, block: PastedBlock
) -> tuple[PastePlan, dict[int, Planned]]:
    """A street's sheet as drafts: the plan, and what is to be saved by item id."""
    wanted: dict[int, Planned] = {}

    def judge(row: PastedRow, current: CurrentItem, shown: PlanRow) -> None:
        planned = plan_cell(officer, current, Cell(row.cell, row.note or None, None))
        shown.old, shown.new, shown.points = planned.old, planned.new, planned.points
        shown.is_change = planned.is_change
        shown.act = "写入草稿" if planned.is_change else "没有变化"
        if planned.fault:
            shown.faults.append(row.at(row.cell_column, planned.fault))
        elif planned.is_change:
            wanted[current.item.pk] = planned

    return _plan(found, names, block, judge), wanted


def plan_reviews(
    officer: Officer, found: Sequence[CurrentItem], names: UnitNames, block: PastedBlock, reading: str
) -> tuple[PastePlan, dict[int, View]]:
    """A department's sheet as reviews of the task force: equal to the report agrees, different sets (rules 5 and 6)."""
    wanted: dict[int, View] = {}

    def judge(row: PastedRow, current: CurrentItem, shown: PlanRow) -> None:
        shown.old = _reported(current)
        try:
            view = _view(current, row.cell, reading)
        except (UnusableValue, Invalid) as error:
            shown.faults.append(row.at(row.cell_column, error.message))
            return
        shown.new = shown.points = "不涉及" if view.points is None else f"{plain(view.points)} 分"
        if _is_given(current, view):
            shown.act = "已这样核验"
            return
        permit = can_review(officer, current, Axis.TASK_FORCE)
        if not permit:
            shown.faults.append(row.at(row.unit_column, permit.reason))
            return
        shown.act, shown.is_change = view.outcome.label, True
        wanted[current.item.pk] = view

    return _plan(found, names, block, judge), wanted


def _view(current: CurrentItem, cell: str, reading: str) -> View:
    report = current.report
    if cell.strip() in NOT_APPLICABLE_WORDS:
        if report is None or report.kind != ReportKind.NOT_APPLICABLE:
            raise UnusableValue("社区没有报不涉及，不能确认不涉及。")
        return View(current, Outcome.NOT_APPLICABLE, None, "不涉及")
    if reading == "value":
        derived = points_for(
            current.task.criterion, value_of_cell(current.task.criterion, cell), current.task.full_points
        )
        points, said = derived.points, derived.derivation
    else:
        points = parse_points(cell, full=current.task.full_points)
        said = f"得 {plain(points)} 分"
    is_equal = report is not None and report.points == points
    return View(current, Outcome.AGREE if is_equal else Outcome.SET, points, said)


def _is_given(current: CurrentItem, view: View) -> bool:
    """Whether the task force has said just so already."""
    before = current.task_force
    if before is None:
        return False
    return (before.outcome == Outcome.NOT_APPLICABLE) == (view.points is None) and before.points == view.points


def _reported(current: CurrentItem) -> str:
    if current.report is None:
        return "未报"
    return "不涉及" if current.report.points is None else f"{plain(current.report.points)} 分"


# -- both


def _plan(found: Sequence[CurrentItem], names: UnitNames, block: PastedBlock, judge: Judge) -> PastePlan:
    of_assessment = {one.item.assessment_id: one for one in found}
    first: dict[int, tuple[PastedRow, PlanRow]] = {}
    rows = []
    for row in block.rows:
        shown = PlanRow(row.line, row.unit, row.cell[:40])
        rows.append(shown)
        assessment_id, fault = names.find(row.unit)
        if assessment_id is None:
            shown.faults.append(row.at(row.unit_column, fault))
        elif assessment_id in first:
            _repeated(row, shown, *first[assessment_id])
        else:
            first[assessment_id] = row, shown
            current = of_assessment[assessment_id]
            shown.unit, shown.pk = current.assessment.placement.name, current.item.pk
            shown.version = current.item.version
            judge(row, current, shown)
    missing = [one.assessment.placement.name for pk, one in of_assessment.items() if pk not in first]
    return PastePlan(rows, block.left_out, missing)


def _repeated(row: PastedRow, shown: PlanRow, before: PastedRow, shown_before: PlanRow) -> None:
    if (row.cell, row.note) == (before.cell, before.note):
        shown.act = f"与第 {before.line} 行相同，略过"
        return
    shown.faults.append(row.at(row.unit_column, f"与第 {before.line} 行是同一社区，内容不一致。"))
    shown_before.faults.append(before.at(before.unit_column, f"与第 {row.line} 行是同一社区，内容不一致。"))


def versions_of(plan: PastePlan) -> Mapping[int, int]:
    """The versions of the items that a plan was made on, by item id."""
    return {row.pk: row.version for row in plan.rows if row.pk is not None and row.version is not None}
