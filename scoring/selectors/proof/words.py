from __future__ import annotations

from typing import NamedTuple


class Violation(NamedTuple):
    """One breach: the number of the rule in docs/month.md, where it is seen, and what is wrong, in Chinese."""

    rule: int
    where: str
    what: str

    def __str__(self) -> str:
        return "：".join(part for part in (f"规则{self.rule}", self.where, self.what) if part)
