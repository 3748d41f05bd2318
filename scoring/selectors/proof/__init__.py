"""The proof of a month: every rule that can be read off stored rows, read off them again.

Nothing here repairs; a line is something that no service writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scoring.models import Period
from scoring.selectors.proof.acts import act_checks
from scoring.selectors.proof.audit import audit_checks
from scoring.selectors.proof.frozen import edition_checks, frozen_checks
from scoring.selectors.proof.items import item_checks
from scoring.selectors.proof.published import published_checks
from scoring.selectors.proof.rows import MonthRows
from scoring.selectors.proof.words import Violation
from scoring.selectors.ratings import differences

__all__ = ["Violation", "violations"]

Check = Callable[[MonthRows], Iterator[Violation]]
CHECKS: tuple[Check, ...] = (frozen_checks, item_checks, act_checks, published_checks, audit_checks)


def violations(period: Period) -> list[Violation]:
    """Every breach of a rule in the stored rows of a month, in the order of the rules; empty when all is well.

    While editions and items do not fit together nothing else can be read, and nothing else is said.
    """
    rows = MonthRows.of(period)
    if ground := list(edition_checks(rows)):
        return ground
    found = [violation for check in CHECKS for violation in check(rows)]
    found += [Violation(6, "", line) for line in differences(period)]
    return sorted(found, key=lambda violation: (violation.rule, violation.where, violation.what))
