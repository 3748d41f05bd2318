"""What a workbook consists of: one table a sheet, so that its head can be frozen, repeated on paper and filtered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

Cell = str | int | Decimal
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head and its width in characters (a Chinese one counts two)."""

    head: str
    width: int = 10


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table under a title and a few lines; text is text whatever it begins with, numbers are int or Decimal and
    keep their decimals. `notes` stand below the table.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def number(text: str) -> Cell:
    """`3.50` as a number with two decimals; what is no plain number (不涉及, —) stays text."""
    return Decimal(text) if _PLAIN.fullmatch(text) else text
