"""Who else is at the items of an assessment: what a second writer sees beside her field before anything is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from branches.models import Person
from core import clock
from core.canonical import fixed
from scoring.choices import ItemState
from scoring.models import Assessment, AssessmentItem
from scoring.selectors.current import current_items, frozen_rubric
from scoring.selectors.drafts import shown_entry
from scoring.selectors.report_row import derived_of, entry_fields, said_of, time_words

JUST_NOW = timedelta(minutes=3)
LATELY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Writers:
    """`drafts` by item id: what others wrote lately; `sent`: items that take nothing more."""

    drafts: dict[int, dict[str, Any]]
    sent: list[int]


def writers(assessment: Assessment, reader: Person) -> Writers:
    """What others than the reader wrote lately for a community; two queries."""
    items = AssessmentItem.objects.filter(assessment=assessment)
    lately = items.filter(draft__isnull=False, draft_at__gte=clock.now() - LATELY).exclude(draft_by=reader)
    tasks = frozen_rubric(assessment.rubric.sha256).tasks
    return Writers(
        drafts={item.pk: _draft(item, tasks[item.task.number]) for item in lately.select_related("task", "draft_by")},
        sent=list(items.filter(state=ItemState.SUBMITTED).order_by("pk").values_list("pk", flat=True)),
    )


def _draft(item: AssessmentItem, task: Any) -> dict[str, Any]:
    is_now = item.draft_at is not None and clock.now() - item.draft_at < JUST_NOW
    return {
        "version": item.version,
        "who": _signed(item),
        "doing": "正在填此项" if is_now else "填过此项",
        **_content(task, item.draft),
    }


def standing_entry(item: AssessmentItem) -> dict[str, Any]:
    """What stands of an item now, for whoever tried to write on an older picture of it."""
    current = current_items(AssessmentItem.objects.filter(pk=item.pk).select_related("draft_by"))[0]
    return {
        "version": current.item.version,
        "who": _signed(current.item),
        **_content(current.task, shown_entry(current)),
    }


def _signed(item: AssessmentItem) -> str:
    return f"{item.draft_by} {time_words(item.draft_at)}" if item.draft_by is not None else ""


def _content(task: Any, entry: Any) -> dict[str, Any]:
    derived = derived_of(task, entry)
    return {
        "said": said_of(task, entry) if entry else "（空）",
        "fields": entry_fields(entry),
        "points": fixed(derived.points) if derived is not None else None,
        "derivation": derived.derivation if derived is not None else "",
    }
