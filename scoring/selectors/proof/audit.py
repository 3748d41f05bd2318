"""The audit chain, and the digests it keeps of this month's rows. Rules 12 and 15."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from core.selectors.audit import ChainCheck
from scoring.models import (
    Appeal,
    ItemUnlock,
    Publication,
    Report,
    Review,
    Rubric,
    Ruling,
    SignOff,
    Standing,
    Star,
    Task,
    Veto,
)
from scoring.selectors.proof.rows import MonthRows
from scoring.selectors.proof.words import Violation


def audit_checks(rows: MonthRows) -> Iterator[Violation]:
    """The chain as a whole; of the rows it names those of this month and of its editions."""
    for finding in ChainCheck(only=_keys(rows)).findings():
        yield Violation(12, "审计", str(finding))


def _keys(rows: MonthRows) -> dict[str, Iterable[int]]:
    period, inside = rows.period, {"item__assessment__period": rows.period}
    editions = {row.rubric_id for row in rows.assessments}
    keys: dict[Any, Any] = {
        model: model.objects.filter(**inside) for model in (Report, Review, Ruling, Appeal, ItemUnlock)
    }
    keys |= {model: model.objects.filter(rubric__in=editions) for model in (Star, Task)}
    keys |= {model: model.objects.filter(period=period) for model in (SignOff, Publication)}
    keys[Rubric] = Rubric.objects.filter(pk__in=editions)
    keys[Standing] = Standing.objects.filter(publication__period=period)
    keys[Veto] = Veto.objects.filter(assessment__period=period)
    return {model._meta.label_lower: found.values_list("pk", flat=True) for model, found in keys.items()}
