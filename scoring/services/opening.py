"""Creating the assessments of a month with their items: states prefilled, flows empty beside last month. Rules 1, 3."""

from __future__ import annotations

from collections.abc import Sequence

from core.fields import to_hundredths
from scoring.calc.counted import Counted
from scoring.calc.windows import month_before
from scoring.choices import ReportKind, Window
from scoring.models import Assessment, AssessmentItem, Period, Report, Task
from scoring.selectors.current import CurrentItem, current_items
from scoring.selectors.subjects import Subject
from scoring.services.rating import recompute_assessments

LastMonth = dict[tuple[int, int], CurrentItem]


def create_assessments(period: Period, subjects: Sequence[Subject]) -> list[Assessment]:
    """Assessments, items and first ratings of some subjects; call it inside the act's transaction."""
    assessments = Assessment.objects.bulk_create(
        Assessment(
            period=period,
            subject_id=subject.organisation_id,
            placement_id=subject.placement_id,
            street_id=subject.street_id,
            track=subject.track,
            rubric_id=subject.rubric_id,
        )
        for subject in subjects
    )
    tasks = _tasks_by_rubric({subject.rubric_id for subject in subjects})
    last_month = _last_month(period, [subject.organisation_id for subject in subjects])
    items = [_item(assessment, task, last_month) for assessment in assessments for task in tasks[assessment.rubric_id]]
    AssessmentItem.objects.bulk_create(items, batch_size=2000)
    recompute_assessments(period, [assessment.pk for assessment in assessments])
    return assessments


def _tasks_by_rubric(rubric_ids: set[int]) -> dict[int, list[Task]]:
    tasks: dict[int, list[Task]] = {pk: [] for pk in rubric_ids}
    for task in Task.objects.filter(rubric__in=rubric_ids).order_by("number"):
        tasks[task.rubric_id].append(task)
    return tasks


def _last_month(period: Period, organisation_ids: list[int]) -> LastMonth:
    """Last month's items by (organisation, task key): the identity of a task across editions."""
    items = AssessmentItem.objects.filter(
        assessment__period__programme=period.programme_id,
        assessment__period__month=month_before(period.month),
        assessment__subject__in=organisation_ids,
    )
    return {(current.assessment.subject_id, current.item.task.key_id): current for current in current_items(items)}


def _item(assessment: Assessment, task: Task, last_month: LastMonth) -> AssessmentItem:
    last = last_month.get((assessment.subject_id, task.key_id))
    item = AssessmentItem(assessment=assessment, task=task, previous=last.item if last else None)
    if task.window == Window.STATE and last is not None and last.report is not None:
        item.prefilled_from = last.report
        item.look_reason = _look_reason(task, last, last.report, last.counted)
    return item


def _look_reason(task: Task, last: CurrentItem, report: Report, counted: Counted) -> str:
    """Why a prefilled state may not simply be confirmed; empty when last month settled on just what was reported."""
    if task.criterion_digest != last.task.criterion_digest or last.task.window != Window.STATE:
        return "计分办法已变"
    if report.kind == ReportKind.NOT_APPLICABLE and not task.may_not_apply:
        return "本任务已不能选不涉及"
    if counted.is_provisional:
        return "上月尚未认定"
    if (counted.kind, counted.points) != (report.kind, to_hundredths(report.points)):
        return "上月认定与自评不同"
    return ""
