"""How a frozen fact reads on paper: 不涉及, 未报 and 0.00 are three different words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from scoring.choices import Outcome, ReportBasis, ReviewBasis, RulingPurpose, Window

ESTIMATED = "测算（未定星）"
NOT_APPLICABLE = "不涉及"
NOT_REPORTED = "未报"
NOT_REVIEWED = "未审"
RETURNED = "退回"
CLAIMED = "不涉及（待确认）"
NOTHING = "—"
WHOLE_DISTRICT = "全区"
WON = "得星"
NOT_WON = "未得"
NOT_RATED = "不评"

_CHINA = timezone(timedelta(hours=8))
_LEVELS = ("无星", "一星", "二星", "三星", "四星", "五星")


def month_words(month: str) -> str:
    """`2026-10` as 2026年10月."""
    year, number = month.split("-")
    return f"{year}年{int(number)}月"


def day_words(moment: str) -> str:
    """An ISO moment as the day in China: 2026年11月9日."""
    day = datetime.fromisoformat(moment).astimezone(_CHINA)
    return f"{day.year}年{day.month}月{day.day}日"


def short_day(moment: str) -> str:
    """An ISO moment as the day in China: 2026-11-09."""
    return datetime.fromisoformat(moment).astimezone(_CHINA).date().isoformat()


def day_of_month(day: str | None) -> str:
    """A frozen day as 10月25日; a dash where none is set."""
    if not day:
        return NOTHING
    _, month, number = day.split("-")
    return f"{int(month)}月{int(number)}日"


def share_words(points: str, applicable: str) -> str:
    """Points in a hundred of what applies, with one place: 87.5; a dash where nothing applies."""
    whole = Decimal(applicable)
    return f"{(100 * Decimal(points) / whole).quantize(Decimal('0.1'), ROUND_HALF_UP)}" if whole else NOTHING


def level_words(stars: int) -> str:
    """How many stars, in words; always printed beside 测算（未定星）."""
    return _LEVELS[stars] if stars < len(_LEVELS) else f"{stars}星"


def place_words(place: dict[str, Any] | None, *, is_complete: bool) -> str:
    """A place in its table; a community with something missing has none, and a place not shown is a dash."""
    if not is_complete:
        return "未完成"
    if place is None:
        return NOTHING
    return f"{place['place']}（并列）" if place["is_tied"] else str(place["place"])


def total_words(total: str | None, decimals: int) -> str:
    """A total with the programme's decimals; a digit that is not zero is never cut off."""
    if total is None:
        return NOTHING
    shown = total
    while "." in shown and len(shown.partition(".")[2]) > decimals and shown.endswith("0"):
        shown = shown[:-1]
    return shown.rstrip(".")


def reported_words(report: dict[str, Any] | None) -> str:
    """What the community stated."""
    if report is None:
        return NOT_REPORTED
    return NOT_APPLICABLE if report["kind"] == "not_applicable" else report["points"]


def reviewed_words(review: dict[str, Any] | None) -> str:
    """One axis' view."""
    if review is None:
        return NOT_REVIEWED
    if review["outcome"] == Outcome.NOT_APPLICABLE:
        return NOT_APPLICABLE
    return RETURNED if review["outcome"] == Outcome.RETURN else review["points"]


def final_words(item: dict[str, Any]) -> str:
    """The counted result."""
    if item["kind"] == "points":
        return item["counted"]
    return {"not_applicable": NOT_APPLICABLE, "claimed": CLAIMED, "empty": NOT_REPORTED}[item["kind"]]


def basis_words(basis: str) -> str:
    """On what ground a report or review rests; text that is words already stays."""
    labels = {**dict(ReportBasis.choices), **dict(ReviewBasis.choices)}
    return str(labels.get(basis, basis))


def window_words(window: str) -> str:
    return str(Window(window).label)


def ruling_words(purpose: str) -> str:
    labels = dict(RulingPurpose.choices)
    return str(labels.get(purpose, purpose))


def number_ranges(numbers: Iterable[int]) -> str:
    """`[1, 2, 3, 7]` as 1–3、7."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "、".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)
