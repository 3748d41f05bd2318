"""Writing editions of the rubric: draft, revise, discard, publish. A published edition is never written again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CharField, Max

from branches.acting import Officer
from core import clock
from core.actor import SYSTEM, Actor
from core.canonical import canonical_text, digest
from core.errors import Conflict, Forbidden, Invalid
from core.immutability import row_digests
from core.services import audit
from core.text import clean_text
from scoring.calc.criteria import criterion_digest, criterion_from_source, validate_criterion
from scoring.calc.edition import Edition, EditionStar, EditionTask, Fault, faults_of, shortfalls
from scoring.calc.proposing import indicator_fault
from scoring.choices import RubricState
from scoring.models import Period, Programme, Rubric, Star, StarKind, Task, TaskKey
from scoring.permissions import can_keep_rubrics
from scoring.selectors.rubrics import content_of, edition_of

REVISABLE = (
    *("title", "standard", "window", "may_not_apply"),
    *("full_points", "criterion", "evidence_hint", "indicator"),
)


@transaction.atomic
def draft_edition(*, actor: Actor, programme: Programme, edition: Edition, first_month: date) -> Rubric:
    """A new draft edition under the next number of its track."""
    require_keeper(actor)
    if first_month.day != 1:
        raise Invalid("起始月份须为某月的第一天。", {"first_month": ["起始月份须为某月的第一天。"]})
    Programme.objects.select_for_update().get(pk=programme.pk)
    rubric = Rubric.objects.create(
        programme=programme,
        track=edition.track,
        number=_next_number(programme, edition.track),
        title=edition.title,
        label=edition.label,
        document_no=edition.document_no,
        first_month=first_month,
    )
    stars = {star.code: _write_star(rubric, star) for star in edition.stars}
    _write_tasks(rubric, edition, stars)
    audit.record(actor=actor, verb="scoring.draft_rubric", subject=rubric, payload=_summary(rubric))
    return rubric


@transaction.atomic
def revise_task(*, actor: Actor, task: Task, changes: dict[str, Any]) -> Task:
    """Other words, points or criterion for a task of a draft; Conflict once published."""
    require_keeper(actor)
    rubric = _locked_draft(task.rubric_id, "已发布的细则不能修改，请导入新的一版。")
    if not changes or not set(changes) <= set(REVISABLE):
        raise Invalid("只能修改任务的文字、时段、分值和计分办法。")
    task = Task.objects.get(pk=task.pk)
    for name, value in changes.items():
        setattr(task, name, _cleaned(name, value))
    _check_task(task)
    task.criterion_digest = criterion_digest(task.criterion, task.full_points)
    task.save(update_fields=[*changes, "criterion", "criterion_digest"])
    audit.record(
        actor=actor,
        verb="scoring.revise_task",
        subject=rubric,
        payload={"task": task.number, "fields": sorted(changes), "criterion_digest": task.criterion_digest},
    )
    return task


@transaction.atomic
def discard_draft(*, actor: Actor, rubric: Rubric) -> None:
    """Delete a draft; the identities of its tasks stay, so that a later edition finds them."""
    require_keeper(actor)
    rubric = _locked_draft(rubric.pk, "已发布的细则不能删除。")
    audit.record(actor=actor, verb="scoring.discard_rubric", subject=rubric, payload=_summary(rubric))
    rubric.tasks.all().delete()
    rubric.stars.all().delete()
    rubric.delete()


@transaction.atomic
def publish_rubric(*, actor: Actor, rubric: Rubric) -> Rubric:
    """Freeze a draft from its first month on; Invalid with every fault, Conflict when that month has begun already."""
    require_keeper(actor)
    Programme.objects.select_for_update().get(pk=rubric.programme_id)
    rubric = _locked_draft(rubric.pk, "这一版细则已经发布。")
    _refuse_faults(rubric)
    _refuse_past(rubric)
    content = content_of(rubric, edition_of(rubric))
    rubric.content = canonical_text(content)
    rubric.sha256 = digest(content)
    rubric.state = RubricState.PUBLISHED
    rubric.published_at = clock.now()
    rubric.save(update_fields=["content", "sha256", "state", "published_at"])
    frozen = row_digests([rubric, *rubric.stars.all(), *rubric.tasks.all()])
    audit.record(
        actor=actor,
        verb="scoring.publish_rubric",
        subject=rubric,
        payload=_summary(rubric) | {"sha256": rubric.sha256, "row_digests": frozen},
    )
    return rubric


def publishing_faults(rubric: Rubric) -> list[Fault]:
    """What stands in the way of publishing a draft, apart from the months already begun."""
    edition, programme = edition_of(rubric), rubric.programme
    demands = shortfalls(edition, required_tasks=programme.required_tasks, required_points=programme.required_points)
    return [*demands, *faults_of(edition)]


def require_keeper(actor: Actor) -> None:
    """The creation office, or the system itself (first run, sample data)."""
    if isinstance(actor, Officer):
        can_keep_rubrics(actor).require()
    elif actor != SYSTEM:
        raise Forbidden("只有区创建办可以维护评星标准。")


def _refuse_faults(rubric: Rubric) -> None:
    faults = publishing_faults(rubric)
    if faults:
        errors: dict[str, list[str]] = {}
        for place, message in faults:
            errors.setdefault(place, []).append(message)
        raise Invalid(f"细则有 {len(faults)} 处问题，不能发布。", errors)


def _refuse_past(rubric: Rubric) -> None:
    """An edition changes no month that has begun, and no month begins with two."""
    editions = Rubric.objects.published().filter(programme=rubric.programme_id, track=rubric.track)
    if editions.filter(first_month=rubric.first_month).exists():
        raise Conflict(f"已有一版自{_month(rubric.first_month)}起施行的细则。")
    begun = Period.objects.filter(programme=rubric.programme_id, month__gte=rubric.first_month)
    latest = begun.order_by("-month").first()
    if latest is not None:
        raise Conflict(f"{_month(latest.month)}考评已经开启，细则的起始月份须在其后。")


def _month(month: date) -> str:
    return f"{month.year}年{month.month}月"


def _locked_draft(pk: int, refusal: str) -> Rubric:
    rubric = Rubric.objects.select_for_update().filter(pk=pk).first()
    if rubric is None:
        raise Conflict("这一版细则已被删除。")
    if rubric.state != RubricState.DRAFT:
        raise Conflict(refusal)
    return rubric


def _next_number(programme: Programme, track: str) -> int:
    editions = Rubric.objects.filter(programme=programme, track=track)
    return (editions.aggregate(last=Max("number"))["last"] or 0) + 1


def _write_star(rubric: Rubric, star: EditionStar) -> Star:
    kind, _ = StarKind.objects.get_or_create(code=star.code, defaults={"name": star.name, "colour": star.colour})
    return Star.objects.create(
        rubric=rubric,
        kind=kind,
        order=star.order,
        pass_percent=star.pass_percent,
        prerequisites=list(star.prerequisites),
        veto=list(star.veto),
    )


def _write_tasks(rubric: Rubric, edition: Edition, stars: dict[str, Star]) -> None:
    keys = _task_keys(rubric.programme, [task.key for task in edition.tasks])
    Task.objects.bulk_create(
        [_task_row(rubric, stars[star.code], keys[task.key], task) for star in edition.stars for task in star.tasks]
    )


def _task_keys(programme: Programme, codes: list[str]) -> dict[str, TaskKey]:
    TaskKey.objects.bulk_create([TaskKey(programme=programme, code=code) for code in codes], ignore_conflicts=True)
    return {key.code: key for key in TaskKey.objects.filter(programme=programme, code__in=codes)}


def _task_row(rubric: Rubric, star: Star, key: TaskKey, task: EditionTask) -> Task:
    return Task(
        rubric=rubric,
        star=star,
        key=key,
        number=task.number,
        title=task.title,
        standard=task.standard,
        criterion=task.criterion,
        criterion_digest=criterion_digest(task.criterion, task.full_points),
        window=task.window,
        may_not_apply=task.may_not_apply,
        full_points=task.full_points,
        evidence_hint=task.evidence_hint,
        indicator=task.indicator,
    )


def _cleaned(name: str, value: Any) -> Any:
    field = Task._meta.get_field(name)
    if not isinstance(field, CharField) or field.choices:
        return value
    return clean_text(value, max_length=field.max_length or 0, label=str(field.verbose_name), is_single_line=True)


def _check_task(task: Task) -> None:
    """Fields within their bounds, and a criterion that fits the points."""
    try:
        task.clean_fields(exclude=["criterion", "criterion_digest"])
        faults = validate_criterion(task.criterion, task.full_points)
    except ValidationError as error:
        raise Invalid("任务填写有误。", error.message_dict) from error
    if task.full_points <= 0:
        faults = ["分值须大于 0。"]
    if faults:
        raise Invalid("".join(faults), {"criterion": faults})
    task.criterion = criterion_from_source(task.criterion["kind"], task.criterion, task.full_points)
    if fault := indicator_fault(task.indicator, task.criterion, task.window):
        raise Invalid(fault, {"indicator": [fault]})


def _summary(rubric: Rubric) -> dict[str, Any]:
    return {
        "programme": rubric.programme.code,
        "track": rubric.track,
        "number": rubric.number,
        "title": rubric.title,
        "first_month": rubric.first_month,
    }
