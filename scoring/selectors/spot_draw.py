"""From which items a sample is drawn, and what it would come to: the same for the preview and for the draw."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import QuerySet

from branches.choices import Level, OrganisationKind
from branches.models import Organisation
from core.fields import to_hundredths
from scoring.calc.counted import Counted
from scoring.calc.doubts import odd_against_past
from scoring.calc.sampling import Candidate, Size, draw
from scoring.choices import ItemState, ReportBasis, Window
from scoring.models import AssessmentItem, Period, ProgrammeYear
from scoring.selectors.current import CurrentItem, current_items, serving_task_force
from scoring.selectors.last_month import LAST_MONTH, last_month
from scoring.selectors.review_list import stated


class DrawnItem(NamedTuple):
    """One item of the sample; `doubts` in words, drawn for them or not."""

    current: CurrentItem
    is_doubtful: bool
    doubts: str


class SampleSize(NamedTuple):
    """What a sample comes to: 6 街道 18 社区 54 项, of them `doubtful` for their doubts."""

    streets: int
    communities: int
    items: int
    doubtful: int

    def __str__(self) -> str:
        return f"{self.streets} 个街道 {self.communities} 个社区 {self.items} 项"


class Ground(NamedTuple):
    """What there is to draw from."""

    communities: int
    items: int


def items_in_reach(period: Period, organisation: Organisation) -> QuerySet[AssessmentItem]:
    """Reported items of the stars a task force serves, of a street's communities, or of all for the office."""
    items = AssessmentItem.objects.filter(assessment__period=period, state=ItemState.SUBMITTED)
    if organisation.kind == OrganisationKind.TASK_FORCE:
        return items.annotate(served_by=serving_task_force()).filter(served_by=organisation.pk)
    if organisation.level == Level.STREET:
        return items.filter(assessment__street=organisation)
    return items if organisation.kind == OrganisationKind.CREATION_OFFICE else items.none()


def sample(period: Period, organisation: Organisation, size: Size, seed: str) -> list[DrawnItem]:
    """The sample of a seed, in the order of the tour: by street, community and task."""
    found = current_items(items_in_reach(period, organisation).annotate(**LAST_MONTH))
    by_place = {(one.assessment.subject.code, one.task.number): one for one in found}
    doubts = {place: doubts_of(one, last_month(one)) for place, one in by_place.items()}
    drawn = draw((Candidate(*place, len(doubts[place])) for place in by_place), size, seed)
    rows = [DrawnItem(by_place[one[:2]], one.is_doubtful, "、".join(doubts[one[:2]])) for one in drawn]
    return sorted(rows, key=lambda row: row.current.assessment.street.code)


def doubts_of(current: CurrentItem, last: Counted | None) -> tuple[str, ...]:
    """Why an item asks for a look on site: changed or jumped against last month, its two axes apart."""
    return tuple(_doubts(current, last))


def _doubts(current: CurrentItem, last: Counted | None) -> Iterable[str]:
    report = current.report
    if report is None:
        return
    now = to_hundredths(report.points)
    if last is not None and report.basis != ReportBasis.UNCHANGED and (report.kind, now) != (last.kind, last.points):
        yield "与上月不同"
        runs_on = current.task.window not in (Window.STATE, Window.MONTH)
        if now is None or last.points is None or odd_against_past(now, last.points, current.task.full, runs_on=runs_on):
            yield "变化大"
    if report.ground and not report.ground["followed"]:
        yield "与底数不同"
    if current.counted.gap:
        yield f"街道 {stated(current.street)}、专班 {stated(current.task_force)}"


def size_of(rows: list[DrawnItem]) -> SampleSize:
    places = [row.current.assessment for row in rows]
    return SampleSize(
        streets=len({place.street_id for place in places}),
        communities=len({place.pk for place in places}),
        items=len(rows),
        doubtful=sum(row.is_doubtful for row in rows),
    )


def ground_of(period: Period, organisation: Organisation) -> Ground:
    """How many communities and items a sample may be drawn from; two queries."""
    items = items_in_reach(period, organisation)
    return Ground(items.values("assessment").distinct().count(), items.count())


def usual_size(period: Period, ground: Ground) -> Size:
    """The size the rules of the year propose: a part of the communities, so many items each, so many by doubts."""
    year = ProgrammeYear.objects.get(programme_id=period.programme_id, year=period.month.year)
    communities = max(1, -(-ground.communities * year.spot_check_percent // 100))
    return Size(communities, year.spot_check_items, year.spot_check_doubtful_percent)
