"""What a line of a table says, what it would do, and what is wrong with it: the same for registers and places."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from branches.models import Organisation
from core.errors import PortalError

NEW, CHANGED, SAME, FAULTY = "new", "changed", "same", "faulty"
GONE = "没有这个编号的行，或者不在您的查看范围内。"


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A line as texts by column; a column that is not there is left as it is. `place` names the line in faults.

    `pk` (of a row) or `code` (of a place) and `version` name what is there. A new row has a `key` of its own, or one
    made of what it says: the same line loaded twice is one row. `holder` is the text of the column that names the
    organisation, `community` what it was read as, `holder_fault` why it could not be.
    """

    place: str
    cells: dict[str, str]
    pk: int | None = None
    version: int | None = None
    code: str = ""
    community: Organisation | None = None
    holder: str = ""
    holder_fault: str = ""
    key: uuid.UUID | None = None
    fault: str = ""


@dataclass(slots=True)
class LinePlan:
    """What one line would do to `row`; `faults` by column, the empty one for the whole line."""

    line: TypedLine
    row: Any = None
    verdict: str = SAME
    note: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)
    links: list[Any] = field(default_factory=list)

    def refuse(self, column: str, message: str) -> None:
        self.faults.setdefault(column, []).append(message)
        self.verdict = FAULTY


@dataclass(slots=True)
class Plan:
    """All lines for one book (`grids.imports.books`)."""

    book: Any
    lines: list[LinePlan]

    def count(self, verdict: str) -> int:
        return sum(line.verdict == verdict for line in self.lines)

    @property
    def moving(self) -> list[LinePlan]:
        """The lines that bring or change something."""
        return [one for one in self.lines if one.row is not None and one.verdict in (NEW, CHANGED)]

    @property
    def is_faulty(self) -> bool:
        return any(line.faults for line in self.lines)


def add_refusal(plan: Plan, refusal: PortalError) -> None:
    """The faults a service found, at their lines and columns."""
    by_place = {one.line.place: one for one in plan.lines}
    errors: dict[str, list[str]] = getattr(refusal, "errors", {})
    for name, messages in errors.items():
        place, _, column = name.partition(":")
        for message in messages:
            by_place[place].refuse(column, message)
    if not errors and plan.lines:
        plan.lines[0].refuse("", refusal.message)
