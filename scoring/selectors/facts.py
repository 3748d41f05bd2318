"""The whole-period fetch for rating: one query of plain integers, fed to the same `calc` as the single item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Case, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from core.fields import StoredHundredths, stored_hundredths, to_hundredths
from scoring.calc.counted import NOT_APPLICABLE, POINTS, Counted, Stated, count
from scoring.calc.frozen import FrozenRubric
from scoring.choices import Axis, Outcome
from scoring.models import Assessment, AssessmentItem, ProgrammeYear
from scoring.selectors.current import frozen_rubric

_COLUMNS = ("assessment_id", "task__number", "reported", "street_said", "force_said", "ruled")
OUT = -1  # what a voice says that takes the item for 不涉及; any other says hundredths


class Edition(NamedTuple):
    """What an assessment is counted by: its frozen edition, and the rules of its year."""

    rubric: FrozenRubric
    gap_width: int
    total_decimals: int


class AssessmentFacts(NamedTuple):
    """One assessment's counted items by task number."""

    assessment_id: int
    counted: dict[int, Counted]


_YEAR = ProgrammeYear.objects.filter(programme=OuterRef("period__programme"), year=OuterRef("period__month__year"))
# The columns of an assessment that `edition` reads.
EDITION = ("rubric__sha256", Subquery(_YEAR.values("gap_width")[:1]), Subquery(_YEAR.values("total_decimals")[:1]))


@lru_cache(maxsize=64)
def edition(sha256: str, gap_width: Decimal | None, total_decimals: int) -> Edition:
    """Equal columns give the same object."""
    return Edition(frozen_rubric(sha256), to_hundredths(gap_width) or 0, total_decimals)


def editions_of(assessments: QuerySet[Assessment]) -> dict[int, Edition]:
    """What each assessment is counted by, by its id; one query."""
    rows = assessments.order_by("pk").values_list("pk", *EDITION)
    return {pk: edition(*columns) for pk, *columns in rows}


def counted_by_assessment(
    items: QuerySet[AssessmentItem], editions: Mapping[int, Edition]
) -> Iterator[AssessmentFacts]:
    """Counted items of every assessment in the queryset, by assessment id; `editions` by assessment id."""
    known: dict[int, dict[tuple[Any, ...], Counted]] = {}  # most items of a task say one of a few things
    for assessment_id, rows in groupby(_rows(items), key=itemgetter(0)):
        rubric, gap_width, _ = editions[assessment_id]
        said_before = known.setdefault(id(editions[assessment_id]), {})
        counted: dict[int, Counted] = {}
        for row in rows:  # several revisions or rulings give several rows an item, the newest last
            said = row[1:]
            found = said_before.get(said)
            if found is None:
                found = said_before[said] = _count(rubric.tasks[row[1]].full, gap_width, *row[2:])
            counted[row[1]] = found
        yield AssessmentFacts(assessment_id, counted)


def counted_by_item(items: QuerySet[AssessmentItem]) -> dict[int, Counted]:
    """What each item counts as, by item id; whether its axes lie apart is not asked here."""
    return {row[0]: _count(0, 0, *row[1:]) for row in _rows(items, ("pk", *_COLUMNS[2:]))}


def _rows(items: QuerySet[AssessmentItem], columns: Iterable[str] = _COLUMNS) -> Iterator[tuple[Any, ...]]:
    return (
        items.annotate(
            report=FilteredRelation("reports", condition=Q(reports__round=F("round"))),
            street=FilteredRelation("reviews", condition=Q(reviews__round=F("round"), reviews__axis=Axis.STREET)),
            force=FilteredRelation("reviews", condition=Q(reviews__round=F("round"), reviews__axis=Axis.TASK_FORCE)),
        )
        .annotate(
            reported=_said("report"), street_said=_viewed("street"), force_said=_viewed("force"), ruled=_said("rulings")
        )
        .order_by("assessment_id", "task__number", "street__revision", "force__revision", "rulings__number")
        .values_list(*columns)
        .iterator(chunk_size=20_000)
    )


def _said(voice: str) -> Case:
    """One number a voice: its hundredths, `OUT`, nothing when it is silent. Narrow rows are sorted and sent faster."""
    points = Coalesce(stored_hundredths(f"{voice}__points"), Value(OUT), output_field=StoredHundredths())
    return Case(When(**{f"{voice}__isnull": False}, then=points))


def _viewed(axis: str) -> Case:
    """The same of an axis, which is silent once its newest revision takes the view back."""
    return Case(When(**{f"{axis}__outcome": Outcome.WITHDRAWN}, then=None), default=_said(axis))


def _count(
    full: int, gap_width: int, report: int | None, street: int | None, force: int | None, ruling: int | None
) -> Counted:
    return count(full, gap_width, _stated(report), _stated(street), _stated(force), _stated(ruling))


def _stated(said: int | None) -> Stated | None:
    if said is None:
        return None
    return Stated(NOT_APPLICABLE, None) if said == OUT else Stated(POINTS, said)
