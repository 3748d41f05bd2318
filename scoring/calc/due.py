"""The day of the month by which work is due, as people write it: 25, 25日, 月末, 次月3日."""

from __future__ import annotations

import re
from dataclasses import dataclass

LAST_DAY = 31
HINT = "完成日请写 1 至 31，或写“月末”“次月3”。"
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_DAY = re.compile(r"(次月|下月|当月|本月)?([0-9]{1,2})[日号]?")


@dataclass(frozen=True, slots=True)
class Due:
    """A day of the month itself or of the one after; 31 is the last day of any month."""

    day: int
    is_next_month: bool = False


class UnreadableDue(ValueError):
    """Text that names no day."""


def read_due(text: str) -> Due | None:
    """The day that was typed, None for nothing; UnreadableDue for anything else."""
    plain = "".join(text.translate(_DIGITS).split())
    if not plain:
        return None
    if plain in ("月末", "月底"):
        return Due(LAST_DAY)
    found = _DAY.fullmatch(plain)
    if not found or not 1 <= int(found[2]) <= LAST_DAY:
        raise UnreadableDue(HINT)
    return Due(int(found[2]), found[1] in ("次月", "下月"))


def due_words(day: int | None, is_next_month: bool) -> str:
    """The same for people, in a form that `read_due` takes back; empty for no day."""
    if day is None:
        return ""
    if is_next_month:
        return f"次月{day}日"
    return "月末" if day == LAST_DAY else f"{day}日"
