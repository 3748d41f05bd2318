"""A block pasted from WPS or Excel as lines of cells: quoted cells kept whole, what nobody sees left out."""

from __future__ import annotations

import csv
import io
import re
import unicodedata

from core.errors import Invalid

MAX_BYTES = 64 * 1024


def pasted_lines(text: str, *, max_rows: int) -> list[tuple[int, list[str]]]:
    """(number of the line from 1, its cells) of every line that says something; Invalid for no table."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise refused("粘贴的内容超过 64 KB，请分批粘贴。")
    if "\x00" in text or any(unicodedata.category(one) in ("Cs", "Co") for one in text):
        raise refused("粘贴的内容里有无法识别的字符，请从表格里重新复制。")
    if not text.strip():
        raise refused("请先粘贴表格内容。")
    try:
        rows = _rows(text)
    except csv.Error as error:
        raise refused("粘贴的内容不是表格，请从表格里重新复制。") from error
    if len(rows) > max_rows:
        raise refused(f"一次最多 {max_rows} 行，现有 {len(rows)} 行。")
    return rows


def refused(message: str) -> Invalid:
    return Invalid(message, {"block": [message]})


def _rows(text: str) -> list[tuple[int, list[str]]]:
    rows, before = [], 0
    reader = csv.reader(io.StringIO(re.sub(r"\r\n?", "\n", text)), delimiter="\t")
    for cells in reader:
        if any(cell.strip() for cell in cells):
            if any("\t" in cell for cell in cells):
                raise refused(f"第 {before + 1} 行有没有配对的引号，请改好后重新粘贴。")
            rows.append((before + 1, [_plain(cell) for cell in cells]))
        before = reader.line_num
    return rows


def _plain(cell: str) -> str:
    """A cell on one line without what nobody sees."""
    kept = "".join(one for one in cell if unicodedata.category(one) not in ("Cc", "Cf", "Cn") or one in "\n\t ")
    return " ".join(unicodedata.normalize("NFC", kept).split())
