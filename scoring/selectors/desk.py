"""The creation office's desk for a month: how far it is, street by street, and what stands in the way of publishing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from branches.choices import Track
from branches.models import Placement
from scoring.calc.counted import CLAIMED, EMPTY, Counted
from scoring.choices import PeriodState
from scoring.models import Appeal, Assessment, AssessmentItem, Period, Ruling, SignOff
from scoring.selectors.checklist import ClosingCounts
from scoring.selectors.facts import EDITION, Edition, counted_by_assessment, edition, editions_of
from scoring.selectors.sign_offs import unsigned_counts
from scoring.selectors.unlocks import open_unlocks

# What an item waits for, as the office's lists name it.
KINDS: dict[str, Callable[[Counted], bool]] = {
    "gap": lambda counted: counted.is_gap,
    "claim": lambda counted: counted.kind == CLAIMED,
    "empty": lambda counted: counted.kind == EMPTY,
    "provisional": lambda counted: counted.is_provisional and not counted.is_gap and counted.kind != CLAIMED,
}


@dataclass
class StreetLine:
    """One street: its communities, where their items stand, whether it has signed."""

    code: str
    name: str
    communities: int = 0
    counts: ClosingCounts = field(default_factory=ClosingCounts)
    sign_off: SignOff | None = None
    unsigned: int = 0

    @property
    def query(self) -> str:
        """What narrows the list of items to this street."""
        return f"&street={self.code}"


@dataclass
class StarLine:
    """One star of one track over all communities; `colour` never without the name."""

    code: str
    name: str
    colour: str
    track: str
    counts: ClosingCounts = field(default_factory=ClosingCounts)

    @property
    def query(self) -> str:
        """What narrows the list of items to this star of this track."""
        return f"&star={self.code}&track={self.track}"


@dataclass(frozen=True)
class Block:
    """One thing that stands in the way of publishing; `what` is the list that shows it, if there is one."""

    text: str
    what: str = ""


@dataclass
class Desk:
    """A month as the office sees it. `rest`: items that may be settled as they stand."""

    period: Period
    appeals: int = 0
    counts: ClosingCounts = field(default_factory=ClosingCounts)
    rest: int = 0
    incomplete: int = 0
    unlocked: int = 0
    has_vetoes: bool = False
    lines: dict[int, StreetLine] = field(default_factory=dict)
    star_lines: dict[tuple[str, str], StarLine] = field(default_factory=dict)

    @property
    def streets(self) -> list[StreetLine]:
        return list(self.lines.values())

    @property
    def stars(self) -> list[StarLine]:
        """Urban first, in the order of the rubric."""
        return sorted(self.star_lines.values(), key=lambda line: line.track != Track.URBAN)

    @property
    def unsigned(self) -> list[StreetLine]:
        """Streets that have reviewed and not yet signed all of it."""
        return [line for line in self.lines.values() if line.unsigned]

    @property
    def blocks(self) -> list[Block]:
        return list(_blocks(self.period, self.counts, self.rest, self.appeals))

    def enter(self, place: _Place) -> None:
        """Take in one community, in the order of the streets."""
        line = self.lines.setdefault(place.street_id, StreetLine(place.code, place.name or place.code))
        line.communities += 1
        rubric = place.edition.rubric
        self.has_vetoes |= rubric.may_be_vetoed
        for star in rubric.stars:
            known = (rubric.track, star.code)
            self.star_lines.setdefault(known, StarLine(star.code, star.name, star.colour, rubric.track))

    def count(self, place: _Place, items: Mapping[int, Counted]) -> None:
        """Count the items of one community by task number, for the month, for its street and for their stars."""
        self.incomplete += any(one.kind in (EMPTY, CLAIMED) for one in items.values())
        street, rubric = self.lines[place.street_id].counts, place.edition.rubric
        for number, one in items.items():
            self.rest += KINDS["provisional"](one)
            self.counts.add(one)
            street.add(one)
            self.star_lines[rubric.track, rubric.tasks[number].star].counts.add(one)


def desk(period: Period) -> Desk:
    """Counts, streets and hindrances of a month; the items are read once, as plain values."""
    return desks([period])[period.pk]


def desks(periods: Sequence[Period]) -> dict[int, Desk]:
    """The desks of some months by period id; five queries, however many they are."""
    places = _places(periods)
    found = {period.pk: Desk(period) for period in periods}
    for period_id, what in _waiting(periods):
        setattr(found[period_id], what, getattr(found[period_id], what) + 1)
    for place in places.values():
        found[place.period_id].enter(place)
    items = AssessmentItem.objects.filter(assessment__period__in=periods)
    for assessment_id, counted in counted_by_assessment(items, {pk: one.edition for pk, one in places.items()}):
        place = places[assessment_id]
        found[place.period_id].count(place, counted)
    for row in SignOff.objects.filter(period__in=periods).select_related("signed_by").order_by("number"):
        if row.street_id in found[row.period_id].lines:
            found[row.period_id].lines[row.street_id].sign_off = row
    for period_id, street_id, unsigned in unsigned_counts(periods):
        found[period_id].lines[street_id].unsigned = unsigned
    return found


def blocks_of(period: Period, items: Iterable[Counted]) -> list[Block]:
    """What stands in the way of publishing a month whose items have been counted; one query."""
    counts, rest = ClosingCounts(), 0
    for one in items:
        rest += KINDS["provisional"](one)
        counts.add(one)
    return list(_blocks(period, counts, rest, unanswered_appeals(period).count()))


def waiting_items(period: Period, what: str) -> list[tuple[int, int]]:
    """(assessment id, task number) of every item of a kind in `KINDS`, in the order of the communities."""
    is_meant = KINDS[what]
    items = AssessmentItem.objects.filter(assessment__period=period)
    counted = counted_by_assessment(items, editions_of(Assessment.objects.filter(period=period)))
    return [(pk, number) for pk, own in counted for number, one in own.items() if is_meant(one)]


def items_at(places: list[tuple[int, int]]) -> QuerySet[AssessmentItem]:
    """The items at (assessment id, task number)."""
    numbers: dict[int, list[int]] = {}
    for assessment_id, number in places:
        numbers.setdefault(assessment_id, []).append(number)
    meant = Q(pk__in=[])
    for assessment_id, own in numbers.items():
        meant |= Q(assessment=assessment_id, task__number__in=own)
    return AssessmentItem.objects.filter(meant)


def unanswered_appeals(period: Period) -> QuerySet[Appeal]:
    """Appeals that no ruling has answered since."""
    return _unanswered().filter(item__assessment__period=period)


def _unanswered() -> QuerySet[Appeal]:
    answered = Ruling.objects.filter(item=OuterRef("item"), at__gte=OuterRef("at"))
    return Appeal.objects.filter(~Exists(answered))


class _Place(NamedTuple):
    """Where an assessment stands in its month, and what it is counted by."""

    period_id: int
    street_id: int
    code: str
    name: str | None
    edition: Edition


def _places(periods: Sequence[Period]) -> dict[int, _Place]:
    """The places of all assessments of the months, streets under their names at the end of each month."""
    ends_on = Case(*(When(period=one.pk, then=Value(one.ends_on)) for one in periods), output_field=DateField())
    placements = Placement.objects.filter(organisation=OuterRef("street"), starts_on__lt=OuterRef("ends_on"))
    name = Subquery(placements.order_by("-starts_on", "-revision").values("name")[:1])
    rows = Assessment.objects.filter(period__in=periods).annotate(ends_on=ends_on).order_by("street__code", "pk")
    columns = rows.values_list("pk", "period", "street", "street__code", name, *EDITION)
    return {row[0]: _Place(row[1], row[2], row[3], row[4], edition(*row[5:])) for row in columns}


def _waiting(periods: Sequence[Period]) -> QuerySet[Any, tuple[int, str]]:
    """A row an appeal that waits for an answer and an item unlocked now: period id and the count it adds to."""
    period = "item__assessment__period"
    appeals = _unanswered().filter(**{f"{period}__in": periods}).order_by()
    unlocks = open_unlocks(periods).order_by()
    return appeals.values_list(period, _word("appeals")).union(unlocks.values_list(period, _word("unlocked")), all=True)


def _word(text: str) -> Value:
    return Value(text, output_field=CharField())


def _blocks(period: Period, counts: ClosingCounts, rest: int, appeals: int) -> Iterator[Block]:
    if period.state == PeriodState.OPEN:
        yield Block("本月考评还在进行，须先关闭。")
    if counts.gaps:
        yield Block(f"{counts.gaps} 项街道、专班意见相差过大，须逐项裁定。", "gap")
    if counts.claims:
        yield Block(f"{counts.claims} 项“不涉及”尚未确认，须逐项认定。", "claim")
    if rest:
        yield Block(f"{rest} 项专班尚未核验，可按现有意见一并认定。", "provisional")
    if appeals:
        yield Block(f"{appeals} 项复核申请尚未答复。", "appeal")
