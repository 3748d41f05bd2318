"""What runs in the child process that reads one workbook: limits, a look at the archive, the cells as texts.

Nothing here may import Django: the process holds no database and no settings. One line of JSON comes back:
{"sheets": [{"name", "is_hidden", "rows": [[number, [text, …]], …], "merged": [[row, column], …]}]} or {"refusal"}.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from core.uploads import kinds, office
from core.uploads.child import limit

MOST_ROWS = 5000
MOST_COLUMNS = 60
MOST_SHEETS = 40
LONGEST = 2000
HEAD = 10  # rows a title and a heading may take


def main(source: Path) -> None:
    """Read `source`; say what stands in it or why it is not taken."""
    limit()
    try:
        found: dict[str, Any] = {"sheets": read(source)}
    except kinds.Refused as refusal:
        found = {"refusal": str(refusal)}
    sys.stdout.write(json.dumps(found))


def read(source: Path) -> list[dict[str, Any]]:
    """Every sheet with its rows that say something."""
    with source.open("rb") as opened:
        family = kinds.family_of(opened.read(kinds.HEAD))
    if family != "office" or office.inspect(source) is not kinds.SHEET:
        raise kinds.Refused("这不是 xlsx 表格，请用 WPS 或 Excel 另存为 xlsx 再传。")
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(str(source))
        if len(workbook.sheet_names) > MOST_SHEETS:
            raise kinds.Refused(f"工作表超过 {MOST_SHEETS} 张，请分开上传。")
        return [_sheet(workbook, each) for each in workbook.sheets_metadata]
    except CalamineError as error:
        raise kinds.Refused("表格打不开或不完整，请用 WPS 或 Excel 另存一份再传。") from error


def _sheet(workbook: Any, described: Any) -> dict[str, Any]:
    sheet = workbook.get_sheet_by_name(described.name)
    rows = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [text_of(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if len(texts) > MOST_COLUMNS:
            raise kinds.Refused(f"工作表“{described.name}”第 {number} 行超过 {MOST_COLUMNS} 列，请删去多余的列。")
        if any(text.strip() for text in texts):
            rows.append([number, texts])
        if len(rows) > MOST_ROWS + HEAD:
            raise kinds.Refused(f"工作表“{described.name}”超过 {MOST_ROWS} 行，请分几次上传。")
    merged = [[first[0] + 1, first[1] + 1] for first, _last in sheet.merged_cell_ranges or ()]
    is_hidden = "Visible" not in str(described.visible).rpartition(".")[2]
    return {"name": described.name, "is_hidden": is_hidden, "rows": rows, "merged": merged}


def text_of(cell: Any) -> str:
    """A cell as a person would type it; too long a text is cut where it is refused anyway."""
    if cell is None or isinstance(cell, str):
        return (cell or "")[: LONGEST + 1]
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime) and cell.time() == time(0):
        return cell.date().isoformat()
    return cell.isoformat(sep=" ") if isinstance(cell, datetime) else _other(cell)


def _other(cell: Any) -> str:
    return cell.isoformat() if isinstance(cell, date) else str(cell)[: LONGEST + 1]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
