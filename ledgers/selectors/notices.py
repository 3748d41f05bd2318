"""What went wrong with ledgers and waits for somebody: for the home pages of the office and the administrator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import ExtractYear

from ledgers.models import AutomaticIssue
from ledgers.selectors.batches import whole_batches
from scoring.models import Publication

LATEST = 3


@dataclass(frozen=True, slots=True)
class LedgerTrouble:
    """A sentence, and the batch it is about (0 for none)."""

    text: str
    batch: int = 0


def with_ledger_troubles(publications: QuerySet[Publication]) -> list[Any]:
    """The first of these publications, told apart by what `troubles_in` reads; one query."""
    batches = whole_batches().filter(publication=OuterRef("pk"))
    rules = {"year__programme": OuterRef("period__programme"), "year__year": ExtractYear(OuterRef("period__month"))}
    automatic = AutomaticIssue.objects.filter(is_on=True, **rules)
    rows = publications.annotate(
        batch=Subquery(batches.values("pk")[:1]),
        batch_has_gaps=Subquery(batches.values("has_gaps")[:1]),
        batch_is_refused=Subquery(batches.values("is_refused")[:1]),
        automatic_fault=Subquery(automatic.values("fault")[:1]),
    )
    return list(rows[:LATEST])


def troubles_in(publications: list[Any]) -> list[LedgerTrouble]:
    """Ledgers that were not drawn or not issued; of the newest month also why none were issued by themselves."""
    found = []
    for one in publications:
        if one.batch_has_gaps:
            found.append(LedgerTrouble(f"{one}有台账没有绘制。", one.batch))
        elif one.batch_is_refused:
            found.append(LedgerTrouble(f"{one}的台账没有签发。", one.batch))
    fault = publications[0].automatic_fault if publications else ""
    return [*found, LedgerTrouble(f"台账自动签发没有进行：{fault}")] if fault else found
