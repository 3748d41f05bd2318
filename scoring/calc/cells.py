"""One cell of a table as a value under a criterion: what a person types into a grid or pastes from a sheet, nothing
guessed. And back: a value as the cell that says it.

  graded 健全 (or 第2档, or the points of a level)   judged 2.5   count 3   ratio 9/12   deduction 2
  checklist 1,3 (无 for none, 全部 for all)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from scoring.calc.criteria import UnusableValue, amount, plain

LONGEST = 80
_FORMS = str.maketrans("０１２３４５６７８９．／，；％＝－", "0123456789./,;%=-")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_WITH_WORD = re.compile(r"[0-9]+(\.[0-9]+)?\s*([^\W0-9]{1,6})")
_DATE_LIKE = re.compile(r"([0-9]{1,2}月[0-9]{1,2}日|[0-9]{4}[-/.年].*|[0-9]{1,2}-[0-9]{1,2}|[A-Z][a-z]{2}-[0-9]{1,2})")
_NONE, _ALL = ("无", "0", "没有"), ("全部", "全有")

Reader = Callable[[Mapping[str, Any], str], dict[str, Any]]


def value_of_cell(criterion: Mapping[str, Any], cell: str) -> dict[str, Any]:
    """The value a cell says; UnusableValue with a Chinese sentence when it says none.

    Whether the value earns points is still the criterion's to say (`points_for`).
    """
    text = cell.strip().translate(_FORMS)
    if not text:
        raise UnusableValue("单元格是空的。")
    if len(text) > LONGEST:
        raise UnusableValue(f"内容过长，最多 {LONGEST} 字。")
    if text.startswith("="):
        raise UnusableValue("是公式，请改成数值再粘贴。")
    return _READERS[criterion["kind"]](criterion, text)


def cell_of_value(criterion: Mapping[str, Any], value: Mapping[str, Any]) -> str:
    """The cell that `value_of_cell` reads back as this value; empty when the value is not of this criterion."""
    try:
        return _WRITERS[criterion["kind"]](criterion, value)
    except (KeyError, IndexError, TypeError, ValueError, ArithmeticError):
        return ""


def cell_hint(criterion: Mapping[str, Any]) -> str:
    """How a cell is written, in a few words."""
    kind = criterion["kind"]
    if kind == "graded":
        return "写档次，如：" + "、".join(level["label"] for level in criterion["levels"][:2])
    if kind == "checklist":
        return "写做到的序号，如 1,3；都没有写“无”，都做到写“全部”"
    return {
        "judged": "写分数，如 2.5",
        "count": f"写数量（{criterion.get('unit', '')}），如 3",
        "ratio": "写达到数/总数，如 9/12",
        "deduction": f"写次数（{criterion.get('unit', '')}），没有写 0",
    }[kind]


# -- reading


def _graded(criterion: Mapping[str, Any], text: str) -> dict[str, Any]:
    levels = criterion["levels"]
    bare = "".join(text.split())
    place = re.fullmatch(r"第?([0-9]{1,2})档", bare)
    for number, level in enumerate(levels):
        is_named = bare == "".join(level["label"].translate(_FORMS).split())
        if is_named or (place and int(place[1]) == number + 1) or amount(text) == Decimal(level["points"]):
            return {"level": number}
    known = "、".join(f"{level['label']}（{plain(Decimal(level['points']))} 分）" for level in levels)
    raise UnusableValue(f"“{_echo(text)}”不是所列的一档：{known}。")


def _judged(criterion: Mapping[str, Any], text: str) -> dict[str, Any]:
    return {"points": _number(text)}


def _count(criterion: Mapping[str, Any], text: str) -> dict[str, Any]:
    return {"count": _number(text)}


def _ratio(criterion: Mapping[str, Any], text: str) -> dict[str, Any]:
    if _DATE_LIKE.fullmatch(text):
        raise UnusableValue(f"“{_echo(text)}”像是日期：表格把 9/12 改成了日期，请把该列设为文本后重填。")
    if text.endswith("%"):
        raise UnusableValue("请写达到数/总数，如 9/12，不要写百分比。")
    part, slash, whole = text.partition("/")
    if not slash:
        raise UnusableValue(f"“{_echo(text)}”缺少总数，请写达到数/总数，如 9/12。")
    return {"part": _number(part), "whole": _number(whole)}


def _deduction(criterion: Mapping[str, Any], text: str) -> dict[str, Any]:
    number = _number(text)
    if not re.fullmatch(r"[0-9]{1,6}(\.0{1,2})?", number):
        raise UnusableValue(f"请写整数，单位是{criterion['unit']}；没有的写 0。")
    return {"times": int(Decimal(number))}


def _checklist(criterion: Mapping[str, Any], text: str) -> dict[str, Any]:
    items = criterion["items"]
    if text in _NONE:
        return {"done": []}
    if text in _ALL:
        return {"done": list(range(len(items)))}
    parts = [part.strip() for part in re.split(r"[,，、;；\s]+", text) if part.strip()]
    if not all(re.fullmatch(r"[0-9]{1,2}", part) and 1 <= int(part) <= len(items) for part in parts) or not parts:
        raise UnusableValue(f"请写做到的序号（1 至 {len(items)}），用逗号隔开；都没有写“无”。")
    return {"done": sorted(int(part) - 1 for part in parts)}


_READERS: dict[str, Reader] = {
    **{"graded": _graded, "judged": _judged, "count": _count},
    **{"ratio": _ratio, "deduction": _deduction, "checklist": _checklist},
}


def _number(text: str) -> str:
    """Plain digits; anything else is named for what it is."""
    bare = text.strip()
    if _NUMBER.fullmatch(bare):
        return bare
    if bare.startswith("-"):
        raise UnusableValue("不能小于 0。")
    if bare.endswith("%"):
        raise UnusableValue("不要写百分比，只写数字。")
    if found := _WITH_WORD.fullmatch(bare):
        raise UnusableValue(f"只写数字，不要写“{found[2]}”。")
    raise UnusableValue(f"“{_echo(bare)}”不是数字。")


def _echo(text: str) -> str:
    return "".join(character for character in text if character.isprintable())[:12]


# -- writing

Writer = Callable[[Mapping[str, Any], Mapping[str, Any]], str]


def _plain_text(text: Any) -> str:
    return plain(Decimal(text))


_WRITERS: dict[str, Writer] = {
    "graded": lambda criterion, value: str(criterion["levels"][value["level"]]["label"]),
    "judged": lambda criterion, value: _plain_text(value["points"]),
    "count": lambda criterion, value: _plain_text(value["count"]),
    "ratio": lambda criterion, value: f"{_plain_text(value['part'])}/{_plain_text(value['whole'])}",
    "deduction": lambda criterion, value: str(value["times"]),
    "checklist": lambda criterion, value: ",".join(str(place + 1) for place in value["done"]) or "无",
}
