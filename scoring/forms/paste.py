"""A block pasted from WPS or Excel: rows and cells as they stand, a heading found, totals left out, every fault placed.

At most 200 rows and 64 KB. A row names its unit in one column and says something in another; a heading tells which,
without one it is the first column (a running number before it is left out), the next, and a note after that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from core.errors import Invalid
from core.pasting import pasted_lines

MAX_ROWS = 200
_HEAD = 5  # a heading stands among the first rows, below a title perhaps
_TOTALS = ("合计", "总计", "小计", "平均", "平均分", "累计", "总分")
_UNIT_WORDS = ("社区", "单位", "社区名称", "单位名称", "名称", "党组织", "被考评单位", "代码", "社区代码")
_VALUE_WORDS = (
    *("得分", "分值", "分数", "评分", "核定分", "数值", "数量", "数据", "次数", "比例"),
    *("完成情况", "填报值", "结果"),
)
_NOTE_WORDS = ("说明", "备注", "理由", "情况说明", "原因")


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One row: its line in the block, the unit it names, its cell and note, and the columns (from 1) they stood in."""

    line: int
    unit: str
    cell: str
    note: str
    unit_column: int
    cell_column: int

    def at(self, column: int, message: str) -> str:
        return f"第 {self.line} 行第 {column} 列：{message}"


@dataclass(slots=True)
class PastedBlock:
    """The rows of a block, and what was left out with the reason."""

    rows: list[PastedRow] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Columns:
    unit: int = 0
    cell: int = 1
    note: int | None = 2


def read_block(text: str) -> PastedBlock:
    """The rows of a pasted block; Invalid for a block that is none."""
    lines = pasted_lines(text, max_rows=MAX_ROWS)
    heading = next((place for place, (_, cells) in enumerate(lines[:_HEAD]) if _heading(cells)), None)
    block = PastedBlock()
    if heading is None:
        columns = _without_heading([cells for _, cells in lines])
    else:
        columns = _heading(lines[heading][1]) or _Columns()
        block.left_out += [f"第 {number} 行是表头，已略过。" for number, _ in lines[: heading + 1]]
        lines = lines[heading + 1 :]
    for number, cells in lines:
        _take(block, number, cells, columns)
    if not block.rows:
        raise _refused("没有读到数据行：每行写社区和内容两列，从表格里复制后粘贴。")
    return block


def _heading(cells: list[str]) -> _Columns | None:
    """The columns a heading names; None when the row is none."""
    bare = ["".join(cell.split()) for cell in cells]
    unit = _first(bare, _UNIT_WORDS)
    if unit is None:
        return None
    value = _first(bare, _VALUE_WORDS)
    note = _first(bare, _NOTE_WORDS)
    if value is None:
        value = next((place for place in range(unit + 1, len(bare)) if place != note), unit + 1)
    return _Columns(unit, value, note)


def _first(cells: list[str], words: tuple[str, ...]) -> int | None:
    return next((place for place, cell in enumerate(cells) if re.sub(r"[（(].*", "", cell) in words), None)


def _without_heading(rows: list[list[str]]) -> _Columns:
    """A column of running numbers before the names is left out."""
    firsts = [row[0] for row in rows if row[0] and row[0] not in _TOTALS]
    has_numbers = bool(firsts) and all(re.fullmatch(r"[0-9]{1,3}", one) for one in firsts)
    shift = 1 if has_numbers and any(len(row) > 2 for row in rows) else 0
    return _Columns(shift, shift + 1, shift + 2)


def _take(block: PastedBlock, line: int, cells: list[str], columns: _Columns) -> None:
    unit = _cell(cells, columns.unit)
    if any("".join(cell.split()) in _TOTALS for cell in cells[: columns.unit + 1]):
        block.left_out.append(f"第 {line} 行是合计，已略过。")
        return
    note = _cell(cells, columns.note) if columns.note is not None else ""
    block.rows.append(PastedRow(line, unit, _cell(cells, columns.cell), note, columns.unit + 1, columns.cell + 1))


def _cell(cells: list[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _refused(message: str) -> Invalid:
    return Invalid(message, {"block": [message]})
