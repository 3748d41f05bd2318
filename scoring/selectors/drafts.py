"""What a report form shows for an item that is still to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.calc.criteria import quantity
from scoring.selectors.current import CurrentItem

Entry = Mapping[str, Any]


def shown_entry(current: CurrentItem) -> Entry | None:
    """The draft, else last month's state where nothing speaks against it, else what the ground yields; None for
    nothing."""
    if current.item.draft is not None:
        return current.item.draft
    last = current.item.prefilled_from
    if last is None or current.item.look_reason:
        return current.proposal.proposed.entry if current.proposal is not None else None
    return {"kind": last.kind, "value": last.value, "note": last.note}


def is_from_ground(current: CurrentItem) -> bool:
    """Whether what is shown is what the ground yields, neither confirmed nor contradicted yet."""
    if current.item.draft is not None or current.proposal is None:
        return False
    return current.item.prefilled_from is None or bool(current.item.look_reason)


def is_same_entry(one: Entry | None, other: Entry | None) -> bool:
    """Whether two entries say the same: 2, 2.5 and 2.50 are amounts, not text."""
    return one is not None and other is not None and _plain(one) == _plain(other)


def _plain(entry: Entry) -> tuple[Any, ...]:
    value = entry.get("value")
    if isinstance(value, Mapping):
        value = {name: part if (exact := quantity(part)) is None else exact for name, part in value.items()}
    return entry.get("kind"), value or {}, entry.get("note") or ""
