"""Changes in words: 幸福和谐星 +1：第22项 +2，第25项 +1.5. And the month in the one sentence a leader is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from scoring.calc.changes import Cause, Change, StarChange

LEVELS = ("无星", "一星", "二星", "三星", "四星", "五星")
SHOWN = 3


def signed(hundredths: int) -> str:
    """+2, −1.5, 0 points."""
    amount = f"{abs(hundredths) / 100:.2f}".rstrip("0").rstrip(".")
    return "0" if not hundredths else f"{'+' if hundredths > 0 else '−'}{amount}"


def steps(count: int) -> str:
    """A whole number with its sign."""
    return signed(count * 100)


def cause_words(cause: Cause) -> str:
    """第22项 +2; what only enters or leaves the full points says so."""
    name = f"{'原' if cause.is_gone else ''}第{cause.number}项"
    if cause.is_gone:
        return f"{name}本月不再考评（{signed(cause.points)}）"
    if cause.applicable < 0:
        return f"{name}转为不涉及（{signed(cause.points)}）" if cause.points else f"{name}转为不涉及"
    if cause.applicable > 0:
        return f"{name}转为计分（{signed(cause.points)}，满分 {signed(cause.applicable)}）"
    return f"{name} {signed(cause.points)}"


def star_words(star: StarChange, shown: int | None = None) -> str:
    """A star that was won, lost or moved, with what moved it; at most `shown` items, then how many more."""
    causes = [cause_words(cause) for cause in star.causes]
    cut = causes if shown is None else causes[:shown]
    more = [f"另 {len(causes) - len(cut)} 项"] if len(cut) < len(causes) else []
    why = "，".join([*cut, *more, *star.notes])
    head = f"{star.name} {steps(star.step)}" if star.step else f"{star.name} {signed(star.points)} 分"
    return f"{head}：{why}" if why else head


def place_words(change: Change) -> str:
    """升 3 位, 降 1 位, 不变; where there was or is no place, says so."""
    moved = change.places_up
    if moved is None:
        return "上次未排名" if change.places[1] is not None else "未排名"
    return "不变" if not moved else f"{'升' if moved > 0 else '降'} {abs(moved)} 位"


def leader_sentence(content: Mapping[str, Any], before: Mapping[str, Any] | None, changes: Sequence[Change]) -> str:
    """The month in one sentence: levels now, against last month, and what it mainly comes from.

    `content` and `before` are contents of a trial or of publications; `changes` those between them.
    """
    year, month = content["month"].split("-")
    counted = {int(level): number for level, number in content["star_levels"].items()}
    levels = "、".join(
        f"{level_words(level)} {counted[level]}" for level in sorted(counted, reverse=True) if counted[level]
    )
    incomplete = f"，另有 {len(content['incomplete'])} 个未完成" if content["incomplete"] else ""
    return (
        f"{year}年{int(month)}月测算{levels}{incomplete}；{_compared(counted, before, changes)}。星级为测算，未定星。"
    )


def _compared(now: Mapping[int, int], before: Mapping[str, Any] | None, changes: Sequence[Change]) -> str:
    if before is None:
        return "上月没有公布，无从比较"
    earlier = {int(level): number for level, number in before["star_levels"].items()}
    moved = {level: now.get(level, 0) - earlier.get(level, 0) for level in now.keys() | earlier.keys()}
    words = "、".join(
        f"{level_words(level)} {steps(moved[level])}" for level in sorted(moved, reverse=True) if moved[level]
    )
    won = sum(star.step > 0 for change in changes for star in change.turned)
    lost = sum(star.step < 0 for change in changes for star in change.turned)
    if not won and not lost:
        return f"较上月{words or '各星级个数不变'}，各社区的星没有变化"
    stars = f"新得 {won} 颗星、未保住 {lost} 颗"
    return f"较上月{words or '各星级个数不变'}，{stars}，主要因{'；'.join(main_causes(changes))}"


def main_causes(changes: Sequence[Change]) -> list[str]:
    """The stars most often won or lost, each with the task that most often moved it the same way; three at most."""
    turned = Counter((star.code, star.name, star.step) for change in changes for star in change.turned)
    found = []
    for (code, name, step), communities in sorted(turned.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN]:
        task = _main_task(changes, code, step)
        verb = "新得" if step > 0 else "未保住"
        found.append(f"{name}{communities} 个社区{verb}" + (f"（多在第{task}项）" if task else ""))
    return found


def _main_task(changes: Sequence[Change], code: str, step: int) -> int | None:
    """The number of the task that moved this star the same way in most communities."""
    moved = Counter(
        cause.number
        for change in changes
        for star in change.turned
        if (star.code, star.step) == (code, step)
        for cause in star.causes
        if cause.points * step > 0
    )
    return min(moved, key=lambda number: (-moved[number], number)) if moved else None


def level_words(level: int) -> str:
    """三星; what no word is known for is counted."""
    return LEVELS[level] if level < len(LEVELS) else f"{level} 星"


def _held(counts: Mapping[int, int]) -> list[int]:
    """The levels that have a figure, the highest first."""
    return [level for level in sorted(counts, reverse=True) if counts[level]]
