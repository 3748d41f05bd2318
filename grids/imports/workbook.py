"""A workbook as rows of registers: every fault by sheet, row and column, a preview, all or nothing.

A sheet bears the title of its register. 编号 (`12v3`: row and version) names a row that is there; without it the line
is new, and the same line loaded again is found to be there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from branches.acting import Officer
from branches.models import Organisation
from core.errors import Conflict, Forbidden, Invalid, PortalError
from core.sheets.reading import Sheet
from grids.imports.plan import CHANGED, NEW, LinePlan, Plan, TypedLine, add_refusal, apply_plan, plan_lines
from grids.models.base import KeptRow
from grids.permissions import can_keep_register
from grids.registers import REGISTERS, Register
from grids.selectors.keeping import keepable_communities

NUMBER, COMMUNITY = "编号", "社区"
MOST_SHOWN = 100
_HEAD = 5  # a heading stands among the first rows, below a title perhaps
_TOTALS = ("合计", "总计", "小计")
_ROW_NUMBER = re.compile(r"([0-9]{1,15})v([0-9]{1,9})")


def row_number(row: KeptRow) -> str:
    """编号 of a row in a workbook."""
    return f"{row.pk}v{row.version}"


@dataclass(slots=True)
class SheetPlan:
    """What one sheet would do; `places` says in which column of the sheet a field stands."""

    name: str
    register: Register
    plan: Plan
    places: dict[str, int] = field(default_factory=dict)
    head_faults: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """Everything that is wrong, with its place."""
        return [*self.head_faults, *(said for line in self.plan.lines for said in self._of_line(line))]

    def _of_line(self, line: LinePlan) -> list[str]:
        found = []
        for name, messages in line.faults.items():
            column = self.register.column(name) if name else None
            heading = f"第 {self.places[name]} 列“{column.heading}”" if column and name in self.places else ""
            missing = f"“{column.heading}”" if column and not heading else ""
            found += [
                f"工作表“{self.name}”第 {line.line.place} 行{heading or missing}：{message}" for message in messages
            ]
        return found

    @property
    def shown(self) -> list[LinePlan]:
        """The lines that would do something, at most a hundred."""
        return [line for line in self.plan.lines if line.verdict in (NEW, CHANGED)][:MOST_SHOWN]

    @property
    def counts(self) -> dict[str, int]:
        return {verdict: self.plan.count(verdict) for verdict in (NEW, CHANGED, "same", "faulty")}


@dataclass(slots=True)
class WorkbookPlan:
    """What a whole workbook would do."""

    sheets: list[SheetPlan]
    head_faults: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        return [*self.head_faults, *(fault for sheet in self.sheets for fault in sheet.faults)]

    @property
    def changes(self) -> int:
        return sum(sheet.counts[verdict] for sheet in self.sheets for verdict in (NEW, CHANGED))

    @property
    def seen(self) -> str:
        """A mark of what was previewed: what would do something else is a new preview."""
        said = [(one.name, line.line.place, line.verdict, line.changes) for one in self.sheets for line in one.shown]
        return hashlib.sha256(repr((said, self.changes)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def preview_workbook(officer: Officer, sheets: Sequence[Sheet], only: Register | None = None) -> WorkbookPlan:
    """What the workbook would do, rules between rows and sheets included: it is done and taken back."""
    try:
        with transaction.atomic():
            plan = _run(officer, sheets, only, "")
            raise _TakeBack
    except _TakeBack:
        return plan


def apply_workbook(
    officer: Officer, sheets: Sequence[Sheet], source: str, only: Register | None = None, seen: str = ""
) -> WorkbookPlan:
    """Keep all of it; Invalid with every fault and nothing kept. `seen` is the mark of a preview."""
    with transaction.atomic():
        plan = _run(officer, sheets, only, source)
        if plan.faults:
            count = len(plan.faults)
            raise Invalid(f"有 {count} 处问题，一行也没有写入。", {"file": plan.faults[:MOST_SHOWN]})
        if seen and seen != plan.seen:
            raise Conflict("预览以后数据有变化，请重新上传、核对新的预览再写入。")
        return plan


class _TakeBack(Exception):
    """Rolls a trial back."""


def _run(officer: Officer, sheets: Sequence[Sheet], only: Register | None, source: str) -> WorkbookPlan:
    """Sheet after sheet, shared registers first: what one brings, the next may point at."""
    plan = WorkbookPlan([])
    for register, sheet in _assigned(sheets, only, plan.head_faults):
        plan.sheets.append(_run_sheet(officer, register, sheet, source))
    return plan


def _assigned(sheets: Sequence[Sheet], only: Register | None, faults: list[str]) -> list[tuple[Register, Sheet]]:
    by_title = {register.title: register for register in REGISTERS}
    visible = [sheet for sheet in sheets if not sheet.is_hidden and sheet.rows]
    found = []
    for sheet in visible:
        register = by_title.get(sheet.name.strip())
        if only is not None and len(visible) == 1:
            register = only
        if register is None or (only is not None and register is not only):
            faults.append(f"工作表“{sheet.name}”不是{'本' if only else '任何一本'}登记簿的名称，请改名或删去。")
        else:
            found.append((register, sheet))
    if not visible:
        faults.append("表格里没有数据。")
    return sorted(found, key=lambda pair: (pair[0].is_of_community, REGISTERS.index(pair[0])))


def _run_sheet(officer: Officer, register: Register, sheet: Sheet, source: str) -> SheetPlan:
    read = _Reader(officer, register, sheet)
    lines = read.lines()
    found = SheetPlan(sheet.name, register, plan_lines(officer, register, lines), read.places)
    found.head_faults, found.left_out = read.faults, read.left_out
    permit = can_keep_register(officer, register.model)
    if not permit and found.plan.wanted:
        found.head_faults.append(f"工作表“{sheet.name}”：{permit.reason}")
    if not found.head_faults:
        _keep(officer, found, source)
    return found


def _keep(officer: Officer, found: SheetPlan, source: str) -> None:
    """Faulty lines stay out, so that the rules between the others are asked too."""
    try:
        apply_plan(officer, found.plan, source)
    except Forbidden as refusal:
        found.head_faults.append(f"工作表“{found.name}”：{refusal.message}")
    except PortalError as refusal:
        add_refusal(found.plan, refusal)


class _Reader:
    """A sheet as typed lines, with what is wrong with its shape."""

    def __init__(self, officer: Officer, register: Register, sheet: Sheet) -> None:
        self.register, self.sheet = register, sheet
        self.places: dict[str, int] = {}
        self.faults: list[str] = []
        self.left_out: list[str] = []
        self.communities: dict[str, Organisation] = {}
        for one in keepable_communities(officer) if register.is_of_community else ():
            self.communities |= {one.code: one, one.name: one}

    def lines(self) -> list[TypedLine]:
        known = {self._bare(column.heading): column.name for column in self.register.sheet_columns}
        known |= {NUMBER: NUMBER} | ({COMMUNITY: COMMUNITY} if self.register.is_of_community else {})
        start = self._heading(known)
        if start is None:
            return []
        number, cells = self.sheet.rows[start]
        self._take_heading(number, cells, known)
        self._refuse_merged(number)
        if self.faults:
            return []
        self.left_out += [f"第 {above} 行在表头上面，已略过。" for above, _cells in self.sheet.rows[:start]]
        read = [self._line(*row) for row in self.sheet.rows[start + 1 :]]
        return [line for line in read if line is not None]

    def _heading(self, known: dict[str, str]) -> int | None:
        for place, (_number, cells) in enumerate(self.sheet.rows[:_HEAD]):
            if sum(self._bare(cell) in known for cell in cells) >= 2:
                return place
        headings = "、".join(column.heading for column in self.register.sheet_columns)
        self._fault(f"前 {_HEAD} 行里没有找到表头，须有：{headings}。")
        return None

    def _take_heading(self, number: int, cells: list[str], known: dict[str, str]) -> None:
        for place, cell in enumerate(cells, start=1):
            name = known.get(self._bare(cell))
            if name in self.places:
                self._fault(f"第 {number} 行第 {place} 列：“{cell}”重复。")
            elif name is not None:
                self.places[name] = place
            elif cell.strip():
                self._fault(f"第 {number} 行第 {place} 列：不认识的列“{cell.strip()[:20]}”，请删去或改名。")

    def _refuse_merged(self, heading: int) -> None:
        for row, column in sorted(self.sheet.merged):
            if row >= heading:
                self._fault(f"第 {row} 行第 {column} 列：是合并的单元格，请取消合并，每格各填各的。")

    def _line(self, number: int, cells: list[str]) -> TypedLine | None:
        first = next((cell.strip() for cell in cells if cell.strip()), "")
        if first in _TOTALS:
            self.left_out.append(f"第 {number} 行是合计，已略过。")
            return None
        texts = {name: cells[place - 1] if place <= len(cells) else "" for name, place in self.places.items()}
        mark, place = texts.pop(NUMBER, "").strip(), texts.pop(COMMUNITY, "").strip()
        stray = [at for at, cell in enumerate(cells, 1) if cell.strip() and at not in self.places.values()]
        found = _ROW_NUMBER.fullmatch(mark)
        fault = f"第 {stray[0]} 列没有表头，却填了内容。" if stray else ""
        if mark and not found:
            fault = "编号不能改写；新的一行请留空。"
        return TypedLine(
            place=str(number),
            cells=texts,
            pk=int(found[1]) if found else None,
            version=int(found[2]) if found else None,
            community=self._community(place),
            fault=fault or self._community_fault(place, is_new=not mark),
        )

    def _community(self, text: str) -> Organisation | None:
        if not text and len({one.pk for one in self.communities.values()}) == 1:
            return next(iter(self.communities.values()))
        return self.communities.get(text)

    def _community_fault(self, text: str, *, is_new: bool) -> str:
        if not self.register.is_of_community or self._community(text) or (not text and not is_new):
            return ""
        return f"“{text[:20]}”不是您可以登记的社区。" if text else "没有写社区。"

    def _fault(self, message: str) -> None:
        self.faults.append(f"工作表“{self.sheet.name}”{message}")

    @staticmethod
    def _bare(text: str) -> str:
        return re.sub(r"\s+", "", text).replace("(", "（").replace(")", "）")
