"""Texts typed for the chain: cleaned, bounded, and refused with the name of the field."""

from __future__ import annotations

import re
from typing import Any

from core.errors import Invalid
from core.text import clean_text

NAME_LENGTH = 80
DOCUMENT_LENGTH = 80
REASON_LENGTH = 200
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,29}", re.ASCII)


def required(text: Any, *, field: str, label: str, max_length: int) -> str:
    """Cleaned text on one line; Invalid under `field` when it is blank or too long."""
    cleaned = optional(text, field=field, label=label, max_length=max_length)
    if not cleaned:
        raise invalid(field, f"请填写{label}。")
    return cleaned


def optional(text: Any, *, field: str, label: str, max_length: int) -> str:
    """The same, blank allowed."""
    try:
        return clean_text(text, max_length=max_length, label=label, is_single_line=True)
    except Invalid as error:
        raise invalid(field, error.message) from error


def organisation_name(text: Any) -> str:
    return required(text, field="name", label="名称", max_length=NAME_LENGTH)


def document_and_reason(document_no: Any, reason: Any) -> tuple[str, str]:
    """Every change of the chain names its document and its reason."""
    return (
        required(document_no, field="document_no", label="文号", max_length=DOCUMENT_LENGTH),
        required(reason, field="reason", label="原因", max_length=REASON_LENGTH),
    )


def is_organisation_code(text: str) -> bool:
    """Whether something may bear this code: other texts need not be looked for."""
    return _CODE.fullmatch(text) is not None


def organisation_code(text: Any) -> str:
    """Digits, Latin letters and hyphens, at most 30."""
    code = str(text or "").strip()
    if not is_organisation_code(code):
        raise invalid("code", "代码只能用数字、字母和连字符，最多30位。")
    return code


def invalid(field: str, message: str) -> Invalid:
    return Invalid(message, {field: [message]})
