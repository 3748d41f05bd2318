"""Reading the table of duties: fields `task-<key>-post|due|seen`, and one choice for all tasks that are ticked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict

from core.errors import Invalid
from scoring.calc.due import Due, UnreadableDue, read_due
from scoring.forms.report import whole
from scoring.services.assignment import Duty

KEEP = "keep"
_FIELD = re.compile(r"task-([a-z0-9_-]{1,60})-(post|due|seen)")
_LONGEST = 20


@dataclass(slots=True)
class TypedDuties:
    """What was typed by task key, what could be read of it, and what is wrong by task key."""

    typed: dict[str, dict[str, str]] = field(default_factory=dict)
    duties: dict[str, Duty] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def typed_duties(post: QueryDict) -> TypedDuties:
    """Every row of the table; with `act=apply` the ticked ones take the common choice."""
    found = TypedDuties()
    for name in post:
        part = _FIELD.fullmatch(name)
        if part:
            found.typed.setdefault(part[1], {})[part[2]] = str(post[name])
    if post.get("act") == "apply":
        _take_common_choice(found.typed, post)
    for key, fields in found.typed.items():
        try:
            found.duties[key] = _duty(fields)
        except Invalid as error:
            found.errors[key] = error.message
    return found


def _take_common_choice(typed: dict[str, dict[str, str]], post: QueryDict) -> None:
    chosen = [key for key in post.getlist("chosen") if key in typed]
    common_post, common_due = post.get("all-post", KEEP), post.get("all-due", "").strip()
    if not chosen:
        raise Invalid("请先勾选任务。", {"chosen": ["请先勾选任务。"]})
    if common_post == KEEP and not common_due:
        raise Invalid("请选择岗位或填写完成日。", {"chosen": ["请选择岗位或填写完成日。"]})
    for key in chosen:
        if common_post != KEEP:
            typed[key]["post"] = common_post
        if common_due:
            typed[key]["due"] = "" if common_due in ("无", "-") else common_due


def _duty(fields: Mapping[str, str]) -> Duty:
    return Duty(_number(fields.get("post", "")), _due(fields.get("due", "")), _number(fields.get("seen", "")))


def _number(text: str) -> int | None:
    if not text:
        return None
    number = whole(text)
    if number is None:
        raise Invalid("所选内容无法识别，请刷新后重选。")
    return number


def _due(text: str) -> Due | None:
    try:
        return read_due(text[:_LONGEST])
    except UnreadableDue as error:
        raise Invalid(str(error)) from error


def asked_month(text: str | None, offered: list[date]) -> date:
    """One of the months offered, the first without a word; Invalid for another one."""
    if not text:
        return offered[0]
    found = next((month for month in offered if f"{month:%Y-%m}" == text), None)
    if found is None:
        raise Invalid("请选择所列的月份。", {"month": ["请选择所列的月份。"]})
    return found
