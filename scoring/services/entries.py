"""What a person enters for an item, checked and derived: the one way into drafts and reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core import clock
from core.errors import Invalid
from core.text import check_private, clean_text
from scoring.calc.criteria import UnusableValue, needs_note, points_for
from scoring.calc.frozen import FrozenTask
from scoring.choices import ReportKind

NOTE_LENGTH = 500
FORM_NUMBER_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """A checked entry; `points` is None for 不涉及."""

    kind: str
    value: dict[str, Any]
    points: Decimal | None
    derivation: str
    note: str
    paper: dict[str, str] = field(default_factory=dict)

    def as_draft(self) -> dict[str, Any]:
        draft: dict[str, Any] = {"kind": self.kind, "value": self.value, "note": self.note}
        return draft | {"paper": self.paper} if self.paper else draft


def check_entry(task: FrozenTask, raw: Any, *, is_draft: bool) -> Entry:
    """Check what was typed for a task; Invalid names the task and what is wrong.

    A draft may still lack the note that a judged task asks for; a report may not.
    """
    if not isinstance(raw, dict):
        raise _invalid(task, "value", "请填写得分或选择不涉及。")
    note = _note(task, raw.get("note", ""))
    kind = raw.get("kind")
    if kind == ReportKind.NOT_APPLICABLE:
        return _not_applicable(task, note, is_draft)
    if kind != ReportKind.POINTS:
        raise _invalid(task, "value", "请填写得分或选择不涉及。")
    try:
        derived = points_for(task.criterion, raw.get("value"), task.full_points)
    except UnusableValue as error:
        raise _invalid(task, "value", str(error)) from error
    if needs_note(task.criterion) and not note and not is_draft:
        raise _invalid(task, "note", "评议类任务请写一句理由。")
    return Entry(ReportKind.POINTS.value, derived.value, derived.points, derived.derivation, note)


def check_paper(form_number: Any, filled_on: Any) -> dict[str, str]:
    """The number of a filled-in paper form and the day on it, as they stand in a draft; Invalid by field."""
    try:
        number = check_private(
            clean_text(form_number, max_length=FORM_NUMBER_LENGTH, label="纸质表编号", is_single_line=True),
            label="纸质表编号",
        )
    except Invalid as error:
        raise Invalid(error.message, {"form_number": [error.message]}) from error
    if not number:
        raise Invalid("请填写纸质表编号。", {"form_number": ["请填写纸质表编号。"]})
    try:
        day = date.fromisoformat(str(filled_on).strip())
    except ValueError as error:
        message = "请填写纸质表上的日期，如 2026-10-28。"
        raise Invalid(message, {"filled_on": [message]}) from error
    today = clock.today()
    if not date(today.year - 1, 1, 1) <= day <= today:
        message = "纸质表上的日期不能晚于今天，也不能早于去年。"
        raise Invalid(message, {"filled_on": [message]})
    return {"form_number": number, "filled_on": day.isoformat()}


def paper_of(draft: Any) -> dict[str, Any]:
    """The paper form a draft was typed from, {} for none: what is edited on screen keeps it."""
    paper = draft.get("paper") if isinstance(draft, Mapping) else None
    return paper if isinstance(paper, dict) else {}


def clean_reason(
    text: Any, *, field: str = "reason", label: str = "理由", required: bool = True, longest: int = NOTE_LENGTH
) -> str:
    """A reason typed by a person: cleaned, at most `longest` characters, not blank when required."""
    try:
        cleaned = check_private(clean_text(text, max_length=longest, label=label), label=label)
    except Invalid as error:
        raise Invalid(error.message, {field: [error.message]}) from error
    if required and not cleaned:
        raise Invalid(f"请写明{label}。", {field: [f"请写明{label}。"]})
    return cleaned


def clean_document_no(text: Any) -> str:
    """The 文号 of a document, possibly empty, at most 80 characters."""
    try:
        return clean_text(text, max_length=80, label="文号", is_single_line=True)
    except Invalid as error:
        raise Invalid(error.message, {"document_no": [error.message]}) from error


def _not_applicable(task: FrozenTask, note: str, is_draft: bool) -> Entry:
    if not task.may_not_apply:
        raise _invalid(task, "value", "本任务不能选不涉及。")
    if not note and not is_draft:
        raise _invalid(task, "note", "选不涉及请写一句原因。")
    return Entry(ReportKind.NOT_APPLICABLE.value, {}, None, "不涉及", note)


def _note(task: FrozenTask, raw: Any) -> str:
    try:
        return check_private(clean_text(raw, max_length=NOTE_LENGTH, label="说明"), label="说明")
    except Invalid as error:
        raise _invalid(task, "note", error.message) from error


def _invalid(task: FrozenTask, field: str, message: str) -> Invalid:
    return Invalid(f"第{task.number}项“{task.title}”：{message}", {f"{task.number}.{field}": [message]})
