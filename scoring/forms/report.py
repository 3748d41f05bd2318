"""Reading the report form by hand, nothing guessed: fields `item-<pk>-<name>` with the names of the value (see
`calc.criteria`), `kind` for 不涉及, `note` and `version`. A checklist sends its ticked places and `none` for none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict

from core.errors import Invalid
from scoring.choices import ReportKind
from scoring.services.drafts import TypedRow

NOT_APPLICABLE = ReportKind.NOT_APPLICABLE.value
NONE_DONE = "none"
_FIELD = re.compile(r"item-([0-9]{1,18})-(level|points|count|part|whole|times|done|kind|note|version)")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．", "0123456789.")
_MAX_INTEGER = 2_147_483_647

Fields = dict[str, str]


def raw_rows(post: QueryDict) -> dict[int, Fields]:
    """The fields of each item as they were sent, by item id; what is sent several times is joined by commas."""
    rows: dict[int, Fields] = {}
    for name in post:
        found = _FIELD.fullmatch(name)
        if found:
            rows.setdefault(int(found[1]), {})[found[2]] = (
                ",".join(post.getlist(name)) if found[2] == "done" else str(post[name])
            )
    return rows


def typed_rows(rows: Mapping[int, Fields]) -> dict[int, TypedRow]:
    """Every row as it was sent, the empty ones too: a field may have been emptied."""
    return {pk: typed_row(fields) for pk, fields in rows.items()}


def typed_row(fields: Fields) -> TypedRow:
    """One row as an entry; without one when nothing was chosen, typed or noted."""
    note = fields.get("note", "").replace("\r\n", "\n").strip()
    version = whole(fields.get("version"))
    value = _value(fields)
    if fields.get("kind") == NOT_APPLICABLE:
        # Both at once is a contradiction, not a choice: an entry without kind is refused with the row's name.
        kind = "" if value else NOT_APPLICABLE
        return TypedRow({"kind": kind, "value": {}, "note": note}, version)
    if not value and not note:
        return TypedRow(None, version)
    return TypedRow({"kind": "points", "value": value, "note": note}, version)


def _value(fields: Fields) -> dict[str, Any]:
    """The parts of a value in which something stands; whether they fit the task is the criterion's to say."""
    return {name: read(text) for name, read in _READ.items() if (text := fields.get(name, "").strip())}


def plain_number(text: Any) -> Any:
    """Typed digits in their plain form, so that 2.5 and ２．５ read alike; other text as it is."""
    if not isinstance(text, str):
        return text
    plain = text.strip().translate(_FULL_WIDTH)
    return plain if re.fullmatch(r"[0-9]+(\.[0-9]+)?", plain) else text


def _place(text: str) -> int | str:
    """A small whole number; other text stays, so that the criterion can refuse it by name."""
    plain = plain_number(text)
    return int(plain) if re.fullmatch(r"[0-9]{1,6}", plain) else text


def _done(text: str) -> list[int | str]:
    return [] if text == NONE_DONE else [_place(part) for part in text.split(",")]


_READ: dict[str, Callable[[str], Any]] = {
    **{"level": _place, "points": plain_number, "count": plain_number, "part": plain_number, "whole": plain_number},
    **{"times": _place, "done": _done},
}


def chosen_ids(values: list[str]) -> set[int]:
    """Item ids of the boxes that were ticked; Invalid for anything else."""
    ids = {whole(value) for value in values}
    if None in ids:
        raise Invalid("提交的内容有误，请刷新页面后再试。")
    return {pk for pk in ids if pk is not None}


def tickets(values: list[str]) -> dict[int, str]:
    """Item id → ticket of the proposed value that was shown, sent as `id:ticket`; Invalid for anything else."""
    found = {}
    for value in values:
        pk, _, ticket = value.partition(":")
        if whole(pk) is None or not re.fullmatch(r"[0-9a-f]{12}", ticket):
            raise Invalid("提交的内容有误，请刷新页面后再试。")
        found[int(pk)] = ticket
    return found


def whole(text: Any) -> int | None:
    """A plain whole number that fits the database, else None."""
    if isinstance(text, int) and not isinstance(text, bool):
        return text if 0 <= text <= _MAX_INTEGER else None
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{1,10}", text):
        return None
    return int(text) if int(text) <= _MAX_INTEGER else None


def json_row(body: bytes) -> TypedRow:
    """A draft sent as JSON: {kind, value, note, version}; Invalid when it cannot be read."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Invalid("提交的内容无法识别，请刷新页面后再试。") from error
    if not isinstance(content, dict):
        raise Invalid("提交的内容无法识别，请刷新页面后再试。")
    value = content.get("value")
    if isinstance(value, dict):
        value = {name: plain_number(part) for name, part in value.items()}
    entry = {"kind": content.get("kind"), "value": value, "note": content.get("note", "")}
    return TypedRow(entry, whole(content.get("version")))
