"""Items as they stand now: report and reviews of the current round, ruling in force, who serves the star.

The one way pages, services, API and publications look at an item; four queries whatever the number of items.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from branches.models import Appointment, Person
from core import clock
from core.fields import to_hundredths
from core.models import User
from grids.calc.indicators import Measured
from scoring.calc.counted import Counted, Stated, count
from scoring.calc.frozen import FrozenRubric, FrozenTask
from scoring.choices import Axis, Outcome, ReportKind
from scoring.models import (
    Appeal,
    Assessment,
    AssessmentItem,
    Confirmation,
    EvidenceLink,
    ItemUnlock,
    ProgrammeYear,
    Report,
    Review,
    Rubric,
    Ruling,
    SpotCheckResult,
    StarResponsibility,
    Task,
)

if TYPE_CHECKING:
    from scoring.selectors.proposals import Proposal


@dataclass(slots=False)
class CurrentItem:
    """One item with everything in force. `task` is the frozen task, amounts in it are hundredths.

    `proposal` and `measured` are filled by `scoring.selectors.proposals` where the ground is looked at.

    `revisions` holds the number of the newest review of the round by axis, also of one that takes the view back.
    """

    item: AssessmentItem
    task: FrozenTask
    task_force_id: int | None
    gap_width: int
    report: Report | None = None
    street: Review | None = None
    task_force: Review | None = None
    ruling: Ruling | None = None
    unlocked_until: datetime | None = None
    has_appeal: bool = False
    confirmation: Confirmation | None = None
    proposal: Proposal | None = None
    measured: Measured | None = None
    rulings: list[Ruling] = field(default_factory=list)
    revisions: dict[str, int] = field(default_factory=dict)

    @property
    def assessment(self) -> Assessment:
        return self.item.assessment

    @cached_property
    def counted(self) -> Counted:
        """The counted points (rule 6), by the same function as every other path."""
        return count(
            self.task.full,
            self.gap_width,
            _stated(self.report),
            _viewed(self.street),
            _viewed(self.task_force),
            _stated(self.ruling),
        )

    @property
    def is_unlocked(self) -> bool:
        """Whether a timed unlock holds it open now (rule 7); the clock ends it."""
        return self.unlocked_until is not None and self.unlocked_until > clock.now()

    @property
    def report_writers(self) -> set[int]:
        """Persons who entered, confirmed or sent the report of this round: none of them reviews it."""
        if self.report is None:
            return set()
        writers = {self.report.entered_by_id, self.report.confirmed_by_id, self.report.appointment.person_id}
        return {pk for pk in writers if pk is not None}

    @property
    def report_organisation_id(self) -> int | None:
        return self.report.appointment.position.organisation_id if self.report else None

    @property
    def is_lowered(self) -> bool:
        """Whether a review of this round gave less than the report, or refused its 不涉及."""
        return self.report is not None and any(self._lowers(review) for review in (self.street, self.task_force))

    def review_on(self, axis: str) -> Review | None:
        return self.street if axis == Axis.STREET else self.task_force

    def _lowers(self, review: Review | None) -> bool:
        if review is None or review.points is None or self.report is None:
            return False
        return self.report.points is None or review.points < self.report.points


def current_items(
    items: QuerySet[AssessmentItem], *, publication_number: int | None = None, assessment: Assessment | None = None
) -> list[CurrentItem]:
    """The items of a queryset, ordered by organisation code and task number, as they stand now.

    `publication_number` looks at them as of that publication: later rulings are left out. `assessment` is the one all
    of them belong to, when the caller has fetched it already.
    """
    if assessment is None:
        rows = list(_with_report(items))
        tasks = Task.objects.select_related("star__kind").in_bulk({row.task_id for row in rows})
        _share(rows, _assessments(rows), tasks)
    else:
        rows = list(_with_report(items.select_related("task__star__kind").defer("task__criterion")))
        for row in rows:
            row.assessment = assessment
    return _filled(rows, publication_number)


def current_item_for(user: User, pk: int) -> CurrentItem:
    """One item in scope as it stands now, in a query less than fetching it first; 404 like `get_item_for`.

    The row also knows whether it has evidence and findings on site, so that nobody asks for what is not there.
    """
    is_checked = Exists(SpotCheckResult.objects.filter(drawn__item=OuterRef("pk")))
    has_evidence = Exists(EvidenceLink.objects.filter(item=OuterRef("pk")))
    rows = AssessmentItem.objects.visible_to(user).filter(pk=pk)
    rows = rows.annotate(is_spot_checked=is_checked, has_evidence=has_evidence)
    found = _filled(list(page_rows(rows)), None)
    if not found:
        raise Http404("没有这个考评事项。")
    return found[0]


def page_rows(items: QuerySet[AssessmentItem]) -> QuerySet[AssessmentItem]:
    """Items joined with what `look_at_page` needs: may be ordered, counted and sliced."""
    return _with_report(items.select_related(*_JOINED).defer("assessment__rubric__content", "task__criterion"))


def look_at_page(
    rows: Iterable[AssessmentItem],
    beside_reviews: str = "appointment__position__organisation",
    reviews: Iterable[Review] | None = None,
) -> list[CurrentItem]:
    """The same look at a page of few `page_rows`, in two more queries: with the posts of reviewers, or what else is
    to stand beside each review, instead of all persons. `reviews` of any round, by revision, save the first of them.
    """
    found = {row.pk: _bare(row, frozen_rubric(row.assessment.rubric.sha256)) for row in rows}
    if reviews is None:
        reviews = _reviews_now(list(found)).select_related(beside_reviews)
    _attach(found, reviews, _in(Ruling.objects.all(), list(found)))
    return list(found.values())


_JOINED = (
    *("assessment__period__programme", "assessment__placement", "assessment__subject", "assessment__street"),
    *("assessment__rubric", "task__star__kind"),
)


def _with_report(items: QuerySet[AssessmentItem]) -> QuerySet[AssessmentItem]:
    """Items in order with their report of the present round and what stands beside them."""
    return (
        items.annotate(report_now=FilteredRelation("reports", condition=Q(reports__round=F("round"))), **_BESIDE)
        .select_related("report_now")  # type: ignore[misc]
        .order_by("assessment__subject__code", "task__number")
    )


def _assessments(rows: list[AssessmentItem]) -> dict[int, Assessment]:
    """The assessments of some items by id; of their rubrics the digest, not the content."""
    found = Assessment.objects.select_related("period__programme", "placement", "subject", "street", "rubric")
    return found.defer("rubric__content").in_bulk({row.assessment_id for row in rows})


def _share(rows: list[AssessmentItem], assessments: Mapping[int, Assessment], tasks: Mapping[int, Task]) -> None:
    """Give items of one assessment or task the same object: thousands of rows hang on few of them."""
    for row in rows:
        row.assessment = assessments[row.assessment_id]
        row.task = tasks[row.task_id]


def serving_task_force(path: str = "") -> Subquery:
    """For annotating items, or rows whose `path` leads to an item: the task force of the latest responsibility not
    after the month."""
    rows = StarResponsibility.objects.filter(
        star_kind=OuterRef(f"{path}task__star__kind"),
        track=OuterRef(f"{path}assessment__track"),
        from_month__lte=OuterRef(f"{path}assessment__period__month"),
    )
    return Subquery(rows.order_by("-from_month").values("task_force")[:1])


# What stands beside an item and needs no rows of its own.
_BESIDE = {
    "serving_task_force": serving_task_force(),
    "year_gap_width": Subquery(
        ProgrammeYear.objects.filter(
            programme=OuterRef("assessment__period__programme"), year=OuterRef("assessment__period__month__year")
        ).values("gap_width")[:1]
    ),
    "last_unlock": Subquery(
        ItemUnlock.objects.filter(item=OuterRef("pk")).order_by("-expires_at").values("expires_at")[:1]
    ),
    "is_appealed": Exists(Appeal.objects.filter(item=OuterRef("pk"))),
}


def _filled(rows: list[AssessmentItem], publication_number: int | None) -> list[CurrentItem]:
    found = {row.pk: _bare(row, frozen_rubric(row.assessment.rubric.sha256)) for row in rows}
    ids = [row.pk for row in rows]
    rulings = _in(Ruling.objects.all(), ids)
    if publication_number:
        rulings = rulings.filter(publication_number__lte=publication_number)
    _attach(found, _reviews_now(ids), rulings)
    _name_people(list(found.values()))
    return list(found.values())


def _bare(row: Any, rubric: FrozenRubric) -> CurrentItem:
    """`row` carries the annotations of `_BESIDE`."""
    return CurrentItem(
        item=row,
        task=rubric.tasks[row.task.number],
        task_force_id=row.serving_task_force,
        gap_width=to_hundredths(row.year_gap_width) or 0,
        unlocked_until=row.last_unlock,
        has_appeal=row.is_appealed,
        report=getattr(row, "report_now", None),
    )


def _reviews_now(ids: list[int]) -> QuerySet[Review]:
    return _in(Review.objects.filter(round=F("item__round")), ids).order_by("revision")


def _attach(found: dict[int, CurrentItem], reviews: Iterable[Review], rulings: QuerySet[Ruling]) -> None:
    """Fill reviews of the present round and rulings: one query each."""
    for review in reviews:
        current = found[review.item_id]
        if review.round != current.item.round:
            continue
        current.revisions[review.axis] = review.revision
        in_force = None if review.outcome == Outcome.WITHDRAWN else review
        if review.axis == Axis.STREET:
            current.street = in_force
        else:
            current.task_force = in_force
    for ruling in rulings.order_by("number"):
        found[ruling.item_id].ruling = ruling
        found[ruling.item_id].rulings.append(ruling)


# The persons an act names, by field.
_NAMED = {"entered_by", "confirmed_by", "reviewer", "by", "second_by"}


def _name_people(items: list[CurrentItem]) -> None:
    """Give the acts their persons and appointments: a month has few people and thousands of acts."""
    acts: list[Any] = [
        act for one in items for act in (one.report, one.street, one.task_force, *one.rulings) if act is not None
    ]
    appointments = Appointment.objects.select_related("position", "person").in_bulk(
        {act.appointment_id for act in acts}
    )
    named = [(act, name) for act in acts for name in _NAMED if getattr(act, f"{name}_id", None) is not None]
    people = {held.person_id: held.person for held in appointments.values()}
    # Whoever typed for somebody else holds none of these appointments.
    people |= Person.objects.in_bulk({getattr(act, f"{name}_id") for act, name in named} - people.keys())
    for act in acts:
        act.appointment = appointments[act.appointment_id]
    for act, name in named:
        setattr(act, name, people[getattr(act, f"{name}_id")])


def _in(rows: QuerySet, ids: list[int]) -> QuerySet:  # type: ignore[type-arg]
    return rows.filter(item__in=ids)


def frozen_rubrics(ids: Iterable[int]) -> dict[int, FrozenRubric]:
    """Frozen editions by id, one query; each is read once a process, for its digest never changes."""
    digests = Rubric.objects.filter(pk__in=set(ids)).values_list("pk", "sha256")
    return {pk: frozen_rubric(sha256) for pk, sha256 in digests}


@lru_cache(maxsize=64)
def frozen_rubric(sha256: str) -> FrozenRubric:
    """The edition of a digest."""
    return FrozenRubric.of(Rubric.objects.filter(sha256=sha256)[0].frozen)


def _stated(row: Report | Ruling | None) -> Stated | None:
    return None if row is None else Stated(row.kind, to_hundredths(row.points))


def _viewed(review: Review | None) -> Stated | None:
    if review is None:
        return None
    kind = ReportKind.POINTS if review.points is not None else ReportKind.NOT_APPLICABLE
    return Stated(kind.value, to_hundredths(review.points))
