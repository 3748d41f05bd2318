"""A workbook as rows of registers, places and post counts: every fault by sheet, row and column, a preview, all or
nothing.

A sheet bears the title of its book (`grids.imports.books`). Its marks (编号, 版本) name what is there; without them a
line is new, and the same line loaded again is found to be there.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from branches.acting import Officer
from branches.models import Organisation
from core.errors import Conflict, Forbidden, Invalid, PortalError
from core.sheets.reading import Sheet
from grids.imports.books import BOOKS, Book, PlaceBook
from grids.imports.lines import CHANGED, NEW, LinePlan, Plan, TypedLine, add_refusal
from grids.selectors.keeping import label_of
from grids.services.locks import lock_communities

MOST_SHOWN = 100
MOST_PLACES = 1500  # new or changed ones in one request: 5,000 take about 98 seconds, nginx waits for 65
EVERY = sys.maxsize
TOO_MANY = f"：在网页上一次最多新设或变更 {MOST_PLACES} 处，请先按街道分开上传，或者用 import_ground 命令导入。"
_HEAD = 5  # a heading stands among the first rows, below a title perhaps
_PIECE = re.compile("（[0-9]{1,2}）$")  # 活动（2）: more rows than one sheet takes
_TOTALS = ("合计", "总计", "小计")


@dataclass(slots=True)
class SheetPlan:
    """What one sheet would do; `places` says in which column of the sheet a field stands."""

    name: str
    book: Book
    plan: Plan
    places: dict[str, int] = field(default_factory=dict)
    head_faults: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """Everything that is wrong, with its place."""
        headings = _headings(self.book)
        return [*self.head_faults, *(said for line in self.plan.lines for said in self._of_line(line, headings))]

    def _of_line(self, line: LinePlan, headings: dict[str, str]) -> list[str]:
        found = []
        for name, messages in line.faults.items():
            heading = headings.get(name, "")
            where = f"“{heading}”" if heading else ""
            if heading and name in self.places:
                where = f"第 {self.places[name]} 列{where}"
            found += [f"工作表“{self.name}”第 {line.line.place} 行{where}：{message}" for message in messages]
        return found

    @property
    def moving(self) -> list[LinePlan]:
        """The lines that would do something."""
        return [line for line in self.plan.lines if line.verdict in (NEW, CHANGED)]

    @property
    def shown(self) -> list[LinePlan]:
        """At most a hundred of them."""
        return self.moving[:MOST_SHOWN]

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
        said = [(one.name, line.line.place, line.verdict, line.changes) for one in self.sheets for line in one.moving]
        return hashlib.sha256(repr((said, self.changes)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def preview_workbook(
    officer: Officer, sheets: Sequence[Sheet], only: Book | None = None, most_places: int = EVERY
) -> WorkbookPlan:
    """What the workbook would do, rules between rows and sheets included: it is done and taken back.

    More than `most_places` new or changed places are refused before any is written.
    """
    try:
        with transaction.atomic():
            plan = _run(officer, sheets, only, "", most_places)
            raise _TakeBack
    except _TakeBack:
        return plan


def apply_workbook(
    officer: Officer, sheets: Sequence[Sheet], source: str, only: Book | None = None, seen: str = ""
) -> WorkbookPlan:
    """Keep all of it; Invalid with every fault and nothing kept. `seen` is the mark of a preview."""
    with transaction.atomic():
        plan = _run(officer, sheets, only, source, EVERY)
        if plan.faults:
            count = len(plan.faults)
            raise Invalid(f"有 {count} 处问题，一行也没有写入。", {"file": plan.faults[:MOST_SHOWN]})
        if seen and seen != plan.seen:
            raise Conflict("预览以后数据有变化，请重新上传、核对新的预览再写入。")
        return plan


class _TakeBack(Exception):
    """Rolls a trial back."""


def _run(officer: Officer, sheets: Sequence[Sheet], only: Book | None, source: str, most_places: int) -> WorkbookPlan:
    """Sheet after sheet in the order of the books: what one brings, the next may point at."""
    plan = WorkbookPlan([])
    found = [_Reader(officer, *one) for one in _assigned(sheets, only, plan.head_faults)]
    read = [(one, one.lines()) for one in found]
    if len(read) > 1:  # the first sheet ends with the audit chain, after which no other lock may be waited for
        lock_communities(pk for one, lines in read for pk in one.touched(lines))
    for one in read:
        places = sum(len(before.moving) for before in plan.sheets if isinstance(before.book, PlaceBook))
        plan.sheets.append(_run_sheet(officer, *one, source, most_places - places))
    return plan


def _assigned(sheets: Sequence[Sheet], only: Book | None, faults: list[str]) -> list[tuple[Book, Sheet]]:
    by_title = {book.title: book for book in BOOKS}
    visible = [sheet for sheet in sheets if not sheet.is_hidden and sheet.rows]
    found = []
    for sheet in visible:
        book = by_title.get(_PIECE.sub("", sheet.name.strip()))
        if only is not None and len(visible) == 1:
            book = only
        if book is None or (only is not None and book.title != only.title):
            faults.append(f"工作表“{sheet.name}”不是{'本' if only else '任何一本'}登记簿的名称，请改名或删去。")
        else:
            found.append((book, sheet))
    if not visible:
        faults.append("表格里没有数据。")
    titles = [book.title for book in BOOKS]
    return sorted(found, key=lambda pair: titles.index(pair[0].title))


def _run_sheet(officer: Officer, read: _Reader, lines: list[TypedLine], source: str, room: int) -> SheetPlan:
    book, sheet = read.book, read.sheet
    found = SheetPlan(sheet.name, book, book.plan(officer, lines), read.places)
    found.head_faults, found.left_out = read.faults, read.left_out
    permit = book.permit(officer)
    if not permit and found.plan.moving:
        found.head_faults.append(f"工作表“{sheet.name}”：{permit.reason}")
    if isinstance(book, PlaceBook) and len(found.moving) > room:
        found.head_faults.append(f"工作表“{sheet.name}”{TOO_MANY}")
    if not found.head_faults:
        _keep(officer, found, source)
    return found


def _keep(officer: Officer, found: SheetPlan, source: str) -> None:
    """Faulty lines stay out, so that the rules between the others are asked too."""
    try:
        found.book.keep(officer, found.plan, source)
    except Forbidden as refusal:
        found.head_faults.append(f"工作表“{found.name}”：{refusal.message}")
    except PortalError as refusal:
        add_refusal(found.plan, refusal)


def _headings(book: Book) -> dict[str, str]:
    """The heading of each field, by the names services use in their refusals."""
    named = {name: column.heading for column in book.sheet_columns for name in (column.field.attname, column.name)}
    marks = {name: heading for heading, name in book.marks.items()}
    return named | marks | ({book.holder_field: book.holder} if book.holder else {})


class _Reader:
    """A sheet as typed lines, with what is wrong with its shape."""

    def __init__(self, officer: Officer, book: Book, sheet: Sheet) -> None:
        self.book, self.sheet = book, sheet
        self.places: dict[str, int] = {}
        self.faults: list[str] = []
        self.left_out: list[str] = []
        self.holders = book.holders(officer) if book.holder else []
        names = Counter(one.name for one in self.holders)
        self.by_text = {one.name: one for one in self.holders if names[one.name] == 1}
        self.by_text |= {one.code: one for one in self.holders}
        self.by_text |= {label_of(one, is_only=False): one for one in self.holders}
        self.several = {name: count for name, count in names.items() if count > 1}

    def lines(self) -> list[TypedLine]:
        known = {self._bare(heading): name for name, heading in _headings(self.book).items()}
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

    def touched(self, lines: list[TypedLine]) -> set[int]:
        """Ids of the organisations the lines may write to: all she keeps, if one only names what is there."""
        named = {line.community.pk for line in lines if line.community}
        return {one.pk for one in self.holders} if any(line.community is None for line in lines) else named

    def _heading(self, known: dict[str, str]) -> int | None:
        for place, (_number, cells) in enumerate(self.sheet.rows[:_HEAD]):
            if sum(self._bare(cell) in known for cell in cells) >= 2:
                return place
        headings = "、".join(column.heading for column in self.book.sheet_columns)
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
        marks = self.book.marked({name: texts.pop(name, "").strip() for name in self.book.marks.values()})
        said = texts.pop(self.book.holder_field, "").strip() if self.book.holder else ""
        stray = [at for at, cell in enumerate(cells, 1) if cell.strip() and at not in self.places.values()]
        if stray and "fault" not in marks:
            marks["fault"] = f"第 {stray[0]} 列没有表头，却填了内容。"
        return TypedLine(
            place=str(number),
            cells=texts,
            community=self._holder(said),
            holder=said,
            holder_fault=self._holder_fault(said),
            **marks,
        )

    def _holder(self, text: str) -> Organisation | None:
        if not text and len(self.holders) == 1:
            return self.holders[0]
        return self.by_text.get(text)

    def _holder_fault(self, text: str) -> str:
        if not self.book.holder or self._holder(text):
            return ""
        if text in self.several:
            return f"有 {self.several[text]} 个叫“{text[:20]}”，请写成“名称（代码）”或代码。"
        return f"“{text[:20]}”不是您可以登记的{self.book.holder}。" if text else f"没有写{self.book.holder}。"

    def _fault(self, message: str) -> None:
        self.faults.append(f"工作表“{self.sheet.name}”{message}")

    @staticmethod
    def _bare(text: str) -> str:
        return re.sub(r"\s+", "", text).replace("(", "（").replace(")", "）")
