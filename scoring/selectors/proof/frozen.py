"""What opening froze: place, street, track and edition of every assessment, and its items. Rules 1 to 3."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from branches.choices import Level
from core.canonical import text_digest
from scoring.calc.windows import month_before
from scoring.choices import RubricState
from scoring.models import Assessment, AssessmentItem, Report, Rubric, Task
from scoring.selectors.frozen_facts import frozen_digest
from scoring.selectors.proof.entries import frozen_entries
from scoring.selectors.proof.rows import MonthRows, place_of
from scoring.selectors.proof.words import Violation


def frozen_checks(rows: MonthRows) -> Iterator[Violation]:
    for assessment in rows.assessments:
        for what in _facts(assessment, rows):
            yield Violation(2, assessment.placement.name, what)
    yield from _as_opened(rows)
    yield from _prefilled(rows)


def edition_checks(rows: MonthRows) -> Iterator[Violation]:
    """Editions are as published, and every assessment has exactly the tasks of its own."""
    yield from _editions(rows)
    yield from _tasks(rows)


def _facts(assessment: Assessment, rows: MonthRows) -> Iterator[str]:
    placement, rubric = assessment.placement, assessment.rubric
    if placement.organisation_id != assessment.subject_id:
        yield "冻结的隶属不是本社区的"
    if placement.track != assessment.track:
        yield "冻结的类别与隶属所记不符"
    if placement.parent and placement.parent.level == Level.STREET and placement.parent_id != assessment.street_id:
        yield "冻结的街道与隶属所记不符"
    if (rubric.programme_id, rubric.track) != (rows.period.programme_id, assessment.track):
        yield "冻结的评星标准不是本项目本类别的"
    if rubric.state != RubricState.PUBLISHED or rubric.first_month > rows.period.month:
        yield "冻结的评星标准当时没有生效"


def _as_opened(rows: MonthRows) -> Iterator[Violation]:
    """The four facts are those that the acts of opening and joining wrote into the audit."""
    joined = {one.object_id: one.frozen for one in frozen_entries("scoring.period.join", rows.assessments)}
    opened = [one.frozen for one in frozen_entries("scoring.period.open", [rows.period])]
    alone = [row for row in rows.assessments if str(row.pk) in joined]
    together = [row for row in rows.assessments if str(row.pk) not in joined]
    acts = [(opened[0] if opened else "", together), *((joined[str(row.pk)], [row]) for row in alone)]
    for frozen, assessments in acts:
        if frozen != frozen_digest(assessments):
            names = "、".join(row.placement.name for row in assessments[:3]) + ("等" if len(assessments) > 3 else "")
            yield Violation(2, names, "冻结的隶属、街道、类别或评星标准与开启（补列）时登记的不符")


def _editions(rows: MonthRows) -> Iterator[Violation]:
    for rubric in Rubric.objects.filter(pk__in={row.rubric_id for row in rows.assessments}).order_by("pk"):
        if text_digest(rubric.content) != rubric.sha256:
            yield Violation(2, str(rubric), "发布内容与摘要不符")


def _tasks(rows: MonthRows) -> Iterator[Violation]:
    """An assessment has exactly the tasks of its edition, each once."""
    wanted: dict[int, list[int]] = defaultdict(list)
    for rubric_id, task_id in Task.objects.order_by("pk").values_list("rubric_id", "pk"):
        wanted[rubric_id].append(task_id)
    found: dict[int, list[int]] = defaultdict(list)
    items = AssessmentItem.objects.filter(assessment__period=rows.period).order_by("task_id")
    for assessment_id, task_id in items.values_list("assessment_id", "task_id"):
        found[assessment_id].append(task_id)
    for assessment in rows.assessments:
        if found[assessment.pk] != wanted[assessment.rubric_id]:
            yield Violation(2, assessment.placement.name, "考评事项与评星标准的任务不一一对应")


def _prefilled(rows: MonthRows) -> Iterator[Violation]:
    """What stands beside an item is last month's, of the same community and task; only a standing is filled in."""
    ids = [current.item.prefilled_from_id for current in rows.current if current.item.prefilled_from_id]
    before = month_before(rows.period.month)
    facts = Report.objects.filter(pk__in=ids).values_list(
        "pk", "item__assessment__subject_id", "item__task__key_id", "item__assessment__period__month"
    )
    known = {pk: (subject, key, month) for pk, subject, key, month in facts}
    for current in rows.current:
        source = current.item.prefilled_from_id
        if source and known.get(source) != (current.assessment.subject_id, current.item.task.key_id, before):
            yield Violation(3, place_of(current), "预填的不是本社区同一任务上月的自评")
        if source and current.task.window != "state":
            yield Violation(1, place_of(current), "预填了累计类任务")
