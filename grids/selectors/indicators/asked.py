"""What one indicator is asked for one community, and the few ways in which it answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from grids.calc.indicators import Behind
from grids.selectors.indicators.facts import Facts


class Yield(NamedTuple):
    """Amounts, parts and rows of an indicator; `lack` says why there is no value."""

    numerator: Decimal | None = None
    denominator: Decimal | None = None
    parts: tuple[str, ...] | None = None
    rows: tuple[Behind, ...] = ()
    lack: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One community, and for a flow the first day of its window."""

    facts: Facts
    community_id: int
    since: date | None

    @property
    def day(self) -> date:
        return self.facts.day

    def of(self, register: str) -> list[Any]:
        """The community's rows of a register of `Facts`."""
        found: list[Any] = getattr(self.facts, register).get(self.community_id, [])
        return found

    def is_within(self, day: date | None) -> bool:
        """Whether a day lies in the window so far."""
        return day is not None and (self.since or date.min) <= day <= self.day


def nothing(lack: str) -> Yield:
    """An empty register says nothing, which is not zero."""
    return Yield(lack=f"底数中{lack}")


def counted(rows: Iterable[Behind]) -> Yield:
    """As many as count."""
    found = tuple(rows)
    return Yield(numerator=_number(found), rows=found)


def rated(rows: Iterable[Behind], amounts: tuple[Decimal, Decimal] | None = None) -> Yield:
    """Those that count of all, or the given amounts."""
    found = tuple(rows)
    part, whole = amounts or (_number(found), Decimal(len(found)))
    return Yield(numerator=part, denominator=whole, rows=found)


def checked(done: Sequence[str], parts: int, rows: Iterable[Behind]) -> Yield:
    """The parts that are done, of so many."""
    return Yield(Decimal(len(done)), Decimal(parts), tuple(done), tuple(rows))


def _number(rows: Iterable[Behind]) -> Decimal:
    return Decimal(sum(row.is_counted for row in rows))
