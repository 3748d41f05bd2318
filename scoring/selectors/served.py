"""What a task force serves in a month: its tasks, and one of them over all communities."""

from __future__ import annotations

from dataclasses import replace

from branches.models import Organisation
from scoring.models import AssessmentItem, Period
from scoring.selectors.current import CurrentItem, current_items, serving_task_force
from scoring.selectors.entry_grid import TaskChoice


def served_tasks(period: Period, task_force: Organisation) -> list[TaskChoice]:
    """The tasks of its stars by key, in the order of their numbers; a key shared by two tracks stands once."""
    rows = (
        AssessmentItem.objects.filter(assessment__period=period)
        .annotate(serving=serving_task_force())
        .filter(serving=task_force.pk)
        .order_by("-assessment__track", "task__number")
        .values_list("task__key__code", "assessment__track", "task__number", "task__title")
        .distinct()
    )
    found: dict[str, TaskChoice] = {}
    for key, track, number, title in rows:
        known = found.get(key, TaskChoice(key, f"{number}. {title}"))
        found[key] = replace(known, places=(*known.places, f"{track}-{number}"))
    return list(found.values())


def served_items(period: Period, task_force: Organisation, key: str) -> list[CurrentItem]:
    """One task in every community where the task force serves it."""
    rows = AssessmentItem.objects.filter(assessment__period=period, task__key__code=key)
    return current_items(rows.annotate(serving=serving_task_force()).filter(serving=task_force.pk))
