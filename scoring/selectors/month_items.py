"""The list behind every number of the closing checklist: items of a month by step, street and star."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from branches.choices import Track
from branches.models import Organisation
from scoring.calc.counted import Counted
from scoring.calc.steps import step_of
from scoring.choices import Step
from scoring.models import Assessment, AssessmentItem, Period, StarKind
from scoring.selectors.current import CurrentItem, look_at_page, page_rows
from scoring.selectors.desk import KINDS, items_at
from scoring.selectors.facts import counted_by_assessment, editions_of
from scoring.selectors.review_list import counted_words, stated


@dataclass(frozen=True, slots=True)
class Wish:
    """What the list shows: codes of a step (or a kind of `KINDS`), of a street, of a star and its track; empty: all."""

    step: str = ""
    street: str = ""
    star: str = ""
    track: str = ""


@dataclass(frozen=True, slots=True)
class MonthItem:
    """One item in words: what each voice says, what counts, where it stands."""

    pk: int
    assessment_id: int
    community: str
    task: str
    star: str
    reported: str
    street: str
    task_force: str
    counted: str
    step: str
    is_gap: bool


def places_of(period: Period, wish: Wish) -> list[tuple[int, int]]:
    """(assessment id, task number) of the items meant, by community and task; two queries."""
    is_meant = _test_of(wish.step)
    assessments = Assessment.objects.filter(period=period)
    assessments = assessments.filter(street__code=wish.street) if wish.street else assessments
    assessments = assessments.filter(track=wish.track) if wish.track else assessments
    editions = editions_of(assessments)
    items = AssessmentItem.objects.filter(assessment__in=list(editions))
    items = items.filter(task__star__kind__code=wish.star) if wish.star else items
    counted = counted_by_assessment(items, editions)
    return [(pk, number) for pk, own in counted for number, one in own.items() if is_meant(one)]


def month_items(places: list[tuple[int, int]]) -> list[MonthItem]:
    """The items at these places, as a page shows them."""
    return [_row(current) for current in look_at_page(page_rows(items_at(places)), "reviewer")]


def words_of(period: Period, wish: Wish) -> str:
    """Which street, star and track the list keeps to, in words; two queries at most."""
    streets = Organisation.objects.as_of(period.last_day).filter(code=wish.street) if wish.street else ()
    stars = StarKind.objects.filter(code=wish.star) if wish.star else ()
    tracks = [Track(wish.track).label] if wish.track else []
    return " · ".join([*(one.name or one.code for one in streets), *(one.name for one in stars), *tracks])


def _test_of(step: str) -> Callable[[Counted], bool]:
    if step in KINDS:
        return KINDS[step]
    return (lambda one: step_of(one) == step) if step else (lambda one: True)


def _row(current: CurrentItem) -> MonthItem:
    counted = current.counted
    return MonthItem(
        pk=current.item.pk,
        assessment_id=current.assessment.pk,
        community=current.assessment.placement.name,
        task=f"{current.task.number} {current.task.title}",
        star=current.item.task.star.kind.name,
        reported=stated(current.report),
        street=stated(current.street),
        task_force=stated(current.task_force),
        counted=counted_words(counted),
        step=Step(step_of(counted)).label,
        is_gap=counted.is_gap,
    )
