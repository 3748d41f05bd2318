"""Rows behind a figure in ready-made words, with the pages that keep them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from grids.addresses import address_of


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row behind a figure; `link` is empty where the reader may not open its register."""

    words: str
    why: str
    link: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that count and rows that do not."""

    counted: list[ShownRow]
    others: list[ShownRow]


def rows_of(rows: Iterable[Mapping[str, Any]], opens: bool) -> Rows:
    """Rows as `Behind.as_row` gives them, apart by whether they count."""
    found = Rows([], [])
    for row in rows:
        shown = ShownRow(row["words"], row["why"], address_of(row) if opens else "")
        (found.counted if row["counted"] else found.others).append(shown)
    return found
