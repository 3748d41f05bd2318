"""Reading the report form by hand: fields `item-<pk>-level|points|kind|note|version`, nothing guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from core.errors import Invalid
from scoring.choices import ReportKind
from scoring.services.drafts import TypedRow

NOT_APPLICABLE = ReportKind.NOT_APPLICABLE.value
_FIELD = re.compile(r"item-([0-9]{1,18})-(level|points|kind|note|version)")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．", "0123456789.")
_MAX_INTEGER = 2_147_483_647

Fields = dict[str, str]


def raw_rows(post: Mapping[str, str]) -> dict[int, Fields]:
    """The fields of each item as they were sent, by item id."""
    rows: dict[int, Fields] = {}
    for name in post:
        found = _FIELD.fullmatch(name)
        if found:
            rows.setdefault(int(found[1]), {})[found[2]] = post[name]
    return rows


def typed_rows(rows: Mapping[int, Fields]) -> dict[int, TypedRow]:
    """The rows in which something was chosen or typed."""
    return {pk: row for pk, fields in rows.items() if (row := typed_row(fields)) is not None}


def typed_row(fields: Fields) -> TypedRow | None:
    """One row as an entry; None when nothing was chosen, typed or noted."""
    note = fields.get("note", "").replace("\r\n", "\n").strip()
    version = whole(fields.get("version"))
    level, points = fields.get("level", ""), fields.get("points", "").strip()
    if fields.get("kind") == NOT_APPLICABLE:
        # Both at once is a contradiction, not a choice: an entry without kind is refused with the row's name.
        kind = "" if level or points else NOT_APPLICABLE
        return TypedRow({"kind": kind, "value": {}, "note": note}, version)
    if not level and not points and not note:
        return None
    return TypedRow({"kind": "points", "value": _value(level, points), "note": note}, version)


def _value(level: str, points: str) -> dict[str, Any]:
    if level:
        return {"level": int(level) if level.isascii() and level.isdecimal() and len(level) <= 2 else level}
    return {"points": plain_points(points)}


def plain_points(text: Any) -> Any:
    """Typed points with plain digits and two places, so that 2, 2.5 and ２．５ read alike; other text as it is."""
    if not isinstance(text, str):
        return text
    plain = text.strip().translate(_FULL_WIDTH)
    if not re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,2})?", plain):
        return text
    whole_part, _, places = plain.partition(".")
    return f"{int(whole_part)}.{places:0<2}"


def chosen_ids(values: list[str]) -> set[int]:
    """Item ids of the boxes that were ticked; Invalid for anything else."""
    ids = {whole(value) for value in values}
    if None in ids:
        raise Invalid("提交的内容有误，请刷新页面后再试。")
    return {pk for pk in ids if pk is not None}


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
    if isinstance(value, dict) and "points" in value:
        value = {**value, "points": plain_points(value["points"])}
    entry = {"kind": content.get("kind"), "value": value, "note": content.get("note", "")}
    return TypedRow(entry, whole(content.get("version")))
