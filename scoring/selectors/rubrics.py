"""Reading editions of the rubric: what one says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scoring.calc.edition import Edition, EditionStar, EditionTask, frozen_content
from scoring.choices import RubricState
from scoring.models import Programme, Rubric, Star, Task


def latest_edition(programme: Programme, track: str) -> Rubric | None:
    """The edition with the highest number, draft or published."""
    return Rubric.objects.filter(programme=programme, track=track).order_by("-number").first()


def edition_of(rubric: Rubric) -> Edition:
    """What the rows of an edition say; two queries."""
    stars = rubric.stars.select_related("kind").order_by("order")
    tasks = list(rubric.tasks.select_related("key").order_by("number"))
    return Edition(
        track=rubric.track,
        title=rubric.title,
        label=rubric.label,
        document_no=rubric.document_no,
        stars=tuple(_star(star, tasks) for star in stars),
    )


def rubric_content(rubric: Rubric) -> dict[str, Any]:
    """The frozen content of a published edition; of a draft, what would be frozen now."""
    if rubric.state == RubricState.PUBLISHED:
        return rubric.frozen
    return content_of(rubric, edition_of(rubric))


def content_of(rubric: Rubric, edition: Edition) -> dict[str, Any]:
    """What publishing this edition under its number and first month freezes."""
    return frozen_content(
        edition, programme=rubric.programme.code, number=rubric.number, first_month=rubric.first_month
    )


def _star(star: Star, tasks: Iterable[Task]) -> EditionStar:
    return EditionStar(
        code=star.kind.code,
        name=star.kind.name,
        colour=star.kind.colour,
        order=star.order,
        pass_percent=star.pass_percent,
        prerequisites=tuple(star.prerequisites),
        veto=tuple(star.veto),
        tasks=tuple(_task(task) for task in tasks if task.star_id == star.pk),
    )


def _task(task: Task) -> EditionTask:
    return EditionTask(
        number=task.number,
        key=task.key.code,
        title=task.title,
        standard=task.standard,
        window=task.window,
        may_not_apply=task.may_not_apply,
        full_points=task.full_points,
        criterion=task.criterion,
        evidence_hint=task.evidence_hint,
        indicator=task.indicator,
    )
