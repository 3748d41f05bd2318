"""One typed, pasted or loaded cell as a value, nothing guessed; and back. The same for forms, grids and workbooks."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
MOST = 999_999
LONGEST = 40
_PLAIN = str.maketrans("０１２３４５６７８９．－／：", "0123456789.-/:")
_DAY = re.compile(r"([0-9]{4})(?:年|[-./])([0-9]{1,2})(?:月|[-./])([0-9]{1,2})日?(?: 0?0:00(?::00)?)?")
_RUN_TOGETHER = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH_ONLY = re.compile(r"[0-9]{4}(?:年|[-./])[0-9]{1,2}月?")
_WHOLE = re.compile(r"[0-9]{1,6}(?:\.0{1,2})?")
_AMOUNT = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,2})?")
_WITH_WORD = re.compile(r"[0-9]+(?:\.[0-9]+)?\s*([^\W\d]{1,6})")
_YES, _NO = ("是", "有", "√", "✓", "已", "对"), ("否", "无", "没有", "×", "✕", "未", "不是")


class Unreadable(ValueError):
    """A cell that says no such value; `message` is a Chinese sentence."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


def plain(text: str) -> str:
    """The cell without blanks at its ends, full-width figures as plain ones; Unreadable for a formula."""
    bare = text.strip().translate(_PLAIN)
    if bare.startswith("="):
        raise Unreadable("是公式，请改成数值。")
    return bare


def day_of_cell(text: str) -> date:
    """2026-03-01, 2026年3月1日, 2026.3.1, 2026/3/1 or 20260301."""
    bare = plain(text)
    match = _DAY.fullmatch(bare) or _RUN_TOGETHER.fullmatch(bare)
    if match is None:
        raise Unreadable(_why_no_day(bare))
    try:
        day = date(*map(int, match.groups()))
    except ValueError as error:
        raise Unreadable(f"没有“{echo(bare)}”这一天。") from error
    if not EARLIEST <= day <= LATEST:
        raise Unreadable(f"日期须在 {EARLIEST.year} 年至 {LATEST.year} 年之间。")
    return day


def whole_of_cell(text: str) -> int:
    """A whole number from 0 to 999,999."""
    bare = plain(text)
    if not _WHOLE.fullmatch(bare):
        raise Unreadable(_why_no_number(bare, "整数"))
    return int(Decimal(bare))


def amount_of_cell(text: str) -> Decimal:
    """An amount from 0 to 999,999.99 with at most two places."""
    bare = plain(text)
    if not _AMOUNT.fullmatch(bare):
        raise Unreadable(_why_no_number(bare, "数字，最多两位小数"))
    return Decimal(bare).quantize(Decimal("0.01"))


def flag_of_cell(text: str) -> bool:
    """是 or 否."""
    bare = text.strip()
    if bare in _YES:
        return True
    if bare in _NO:
        return False
    raise Unreadable(f"“{echo(bare)}”请写“是”或“否”。")


def text_of_value(value: Any) -> str:
    """The cell that the readers above read back as this value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value.isoformat() if isinstance(value, date) else str(value)


def echo(text: str) -> str:
    """What was typed as it may be repeated: visible characters, at most twelve."""
    return "".join(character for character in text if character.isprintable())[:12]


def _why_no_day(bare: str) -> str:
    if _MONTH_ONLY.fullmatch(bare):
        return "日期要写到日，例如 2026-03-01。"
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", bare):
        return "是表格的日期序号，请把该列设为日期格式，或写成 2026-03-01。"
    return f"“{echo(bare)}”不是日期，请写成 2026-03-01 或 2026年3月1日。"


def _why_no_number(bare: str, wanted: str) -> str:
    if bare.startswith(("-", "−")):
        return "不能小于 0。"
    if bare.endswith(("%", "％")):
        return "不要写百分比，只写数字。"
    if re.fullmatch(r"[0-9]{7,}(?:\.[0-9]*)?", bare):
        return f"数字过大，不能超过 {MOST}。"
    if found := _WITH_WORD.fullmatch(bare):
        return f"只写数字，不要写“{found[1]}”。"
    return f"“{echo(bare)}”不是{wanted}。"
