"""Whether anything moved after a month was closed: told from the acts themselves, not from a mark on the month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import CharField, Count, Min, QuerySet, Value

from scoring.choices import RulingPurpose
from scoring.models import ItemUnlock, Period, Report, Review, Ruling, Veto

LIMIT = 100
WORDS = {
    "report": "报送",
    "review": "审核意见",
    "ruling": "认定",
    "settlement": "批量认定",
    "unlock": "限时解锁",
    "veto": "一票否决或解除",
}


@dataclass(frozen=True, slots=True)
class Act:
    """One act of the month in words: when, what, where, by whom, why. `item_id` is 0 for bulk acts and vetoes."""

    at: datetime
    title: str
    item_id: int
    place: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class AfterClosing:
    """`last`: the latest act that may change a counted value. `since`: what was done after the close, newest first."""

    closed_at: datetime | None
    last: Act | None
    since: list[Act]
    is_cut: bool

    @property
    def has_moved(self) -> bool:
        """Whether any counted value may have changed after the close; an unlock alone moves nothing."""
        return self.last is not None and self.closed_at is not None and self.last.at > self.closed_at


def after_closing(period: Period) -> AfterClosing:
    """The last change of the month and everything since its close; one query."""
    acts = [_Row(*row) for row in _acts_of(period)[: LIMIT + 1]]
    since = [_in_words(row) for row in acts if period.closed_at and row.at > period.closed_at]
    last = next((_in_words(row) for row in acts if row.kind != "unlock"), None)
    return AfterClosing(period.closed_at, last, since[:LIMIT], len(since) > LIMIT)


class _Row(NamedTuple):
    """An act as the database gives it; `item_id` and `number` are 0 where several items or none are meant."""

    at: datetime
    kind: str
    item_id: int
    number: int
    title: str
    community: str
    by: str
    reason: str
    items: int


def _acts_of(period: Period) -> QuerySet[Any, Any]:
    """All acts of a month, the newest first; those of one bulk settlement are one row."""
    rulings = _of(Ruling, period)
    return (
        _rows(_of(Report, period), "report", "entered_by", reason=_word(""))
        .union(
            _rows(_of(Review, period), "review", "reviewer"),
            _rows(rulings.exclude(purpose=RulingPurpose.SETTLEMENT), "ruling"),
            _settled(rulings.filter(purpose=RulingPurpose.SETTLEMENT)),
            _rows(_of(ItemUnlock, period), "unlock"),
            _vetoed(Veto.objects.filter(assessment__period=period).order_by()),
            all=True,
        )
        .order_by("-at")
    )


def _of(model: Any, period: Period) -> QuerySet[Any, Any]:
    found: QuerySet[Any, Any] = model.objects.filter(item__assessment__period=period).order_by()
    return found


def _rows(acts: QuerySet[Any, Any], kind: str, who: str = "by", *, reason: Any = "reason") -> QuerySet[Any, Any]:
    """The columns of `_Row`."""
    task, place = ("item__task__number", "item__task__title"), "item__assessment__placement__name"
    return acts.values_list("at", _word(kind), "item", *task, place, f"{who}__name", reason, Value(1))


def _settled(rulings: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    acts = rulings.values("at", "reason").annotate(items=Count("pk"), who=Min("by__name"))
    return acts.values_list(
        "at", _word("settlement"), Value(0), Value(0), _word(""), _word(""), "who", "reason", "items"
    )


def _vetoed(vetoes: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    place = "assessment__placement__name"
    return vetoes.values_list("at", _word("veto"), Value(0), Value(0), _word(""), place, "by__name", "reason", Value(1))


def _word(text: str) -> Value:
    return Value(text, output_field=CharField())


def _in_words(row: _Row) -> Act:
    task = f"第{row.number}项“{row.title}”" if row.item_id else ""
    place = f"{row.items} 项" if row.kind == "settlement" else row.community + task
    return Act(row.at, WORDS[row.kind], row.item_id, place, row.by, row.reason)
