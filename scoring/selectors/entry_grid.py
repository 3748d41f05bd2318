"""Items as a grid of cells: one task over the communities of a street, or all tasks of one community from its paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from branches.acting import Officer
from branches.models import Organisation
from core.templatetags.portal import points as plain
from scoring.calc.cells import cell_hint, cell_of_value
from scoring.calc.criteria import UnusableValue, needs_note, points_for
from scoring.calc.frozen import FrozenTask
from scoring.choices import ItemState, ReportKind
from scoring.models import Assessment, AssessmentItem, Period
from scoring.permissions import can_write_item
from scoring.selectors.current import CurrentItem, current_items, frozen_rubric
from scoring.selectors.drafts import is_from_ground, shown_entry
from scoring.selectors.proposals import is_proposed, propose_for_entry

NOT_APPLICABLE = "不涉及"
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TaskChoice:
    """A task that may be chosen, by its key; one key stands for the same task in every track.

    `places` are its other names, track and number: urban-5.
    """

    key: str
    title: str
    places: tuple[str, ...] = ()


def chosen_task(tasks: Sequence[TaskChoice], asked: str | None) -> str:
    """The key of the task asked for by key or place, else of the first; empty without tasks."""
    found = next((task.key for task in tasks if asked is not None and asked in (task.key, *task.places)), None)
    return found or (tasks[0].key if tasks else "")


@dataclass(slots=True)
class GridRow:
    """One item as a row of cells; `cell` and `note` are what is typed or stands there."""

    pk: int
    title: str
    version: int
    cell: str
    note: str
    levels: list[str]
    hint: str
    full: str
    last: str
    points: str
    refusal: str
    needs_note: bool
    may_not_apply: bool
    ground: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What was typed into a row; a note of None leaves the note that stands."""

    text: str
    note: str | None
    version: int | None


def task_choices(assessments: QuerySet[Assessment]) -> list[TaskChoice]:
    """The tasks of some assessments in the order of their numbers; agricultural ones that differ come after."""
    digests = assessments.order_by().values_list("rubric__sha256", flat=True).distinct()
    rubrics = [frozen_rubric(sha256) for sha256 in digests]
    found: dict[str, TaskChoice] = {}
    for rubric in sorted(rubrics, key=lambda one: one.track, reverse=True):
        for task in rubric.tasks.values():
            found.setdefault(task.key, TaskChoice(task.key, f"{task.number}. {task.title}"))
    return list(found.values())


def street_items(period: Period, street: Organisation, key: str) -> list[CurrentItem]:
    """One task in all communities of a street, by their codes."""
    rows = AssessmentItem.objects.filter(assessment__period=period, assessment__street=street, task__key__code=key)
    return _proposed(current_items(beside_last(rows)))


def assessment_items(assessment: Assessment) -> list[CurrentItem]:
    """All tasks of one community, by number."""
    rows = beside_last(AssessmentItem.objects.filter(assessment=assessment))
    return _proposed(current_items(rows, assessment=assessment))


def _proposed(found: list[CurrentItem]) -> list[CurrentItem]:
    propose_for_entry(found)
    return found


def beside_last(items: QuerySet[AssessmentItem]) -> QuerySet[AssessmentItem]:
    """The items with what was reported for the same task a month before."""
    now = Q(previous__reports__round=F("previous__round"))
    return (
        items.select_related("prefilled_from")
        .annotate(last_report=FilteredRelation("previous__reports", condition=now))
        .annotate(last_kind=F("last_report__kind"), last_value=F("last_report__value"))
    )


def grid_rows(
    found: Iterable[CurrentItem],
    officer: Officer,
    title: Callable[[CurrentItem], str],
    typed: Mapping[int, Cell] | None = None,
    errors: Mapping[int, str] | None = None,
) -> list[GridRow]:
    """The rows of a grid; `typed` and `errors` by item id bring back what could not be taken."""
    return [_row(one, officer, title(one), (typed or {}).get(one.item.pk), (errors or {})) for one in found]


def _row(current: CurrentItem, officer: Officer, title: str, typed: Cell | None, errors: Mapping[int, str]) -> GridRow:
    task, entry, permit = current.task, present_entry(current), can_write_item(officer, current)
    stands = cell_words(task, entry)
    return GridRow(
        pk=current.item.pk,
        title=title,
        version=current.item.version,
        cell=typed.text if typed else stands,
        note=(typed.note or "") if typed else str((entry or {}).get("note") or ""),
        levels=[level["label"] for level in task.criterion.get("levels", ())],
        hint=cell_hint(task.criterion),
        full=plain(task.full_points),
        last=last_words(current),
        points=points_words(task, entry),
        refusal="" if permit else permit.reason,
        needs_note=needs_note(task.criterion),
        may_not_apply=task.may_not_apply,
        ground="" if current.item.state == ItemState.SUBMITTED else ground_words(current),
        error=errors.get(current.item.pk, ""),
    )


def present_entry(current: CurrentItem) -> Entry | None:
    """What stands for an item: what was sent, else the draft, else last month's state."""
    if current.item.state == ItemState.SUBMITTED and current.report is not None:
        report = current.report
        return {"kind": report.kind, "value": report.value, "note": report.note}
    return shown_entry(current)


def ground_words(current: CurrentItem) -> str:
    """That the cell shows what the ground yields, or what the ground says against what stands there; else nothing."""
    if current.proposal is None:
        return ""
    if is_from_ground(current):
        return f"取自底数：{current.proposal.measured.figure}"
    entry = shown_entry(current)
    if entry is None or is_proposed(current.proposal, str(entry["kind"]), entry.get("value")):
        return ""
    return f"与底数不同：{current.proposal.measured.figure}，得 {current.proposal.points_words}"


def cell_words(task: FrozenTask, entry: Entry | None) -> str:
    """An entry as its cell; empty for nothing."""
    if entry is None:
        return ""
    if entry["kind"] == ReportKind.NOT_APPLICABLE:
        return NOT_APPLICABLE
    return cell_of_value(task.criterion, entry.get("value") or {})


def points_words(task: FrozenTask, entry: Entry | None) -> str:
    """The points of an entry by the criterion, in words; empty for what gives none yet."""
    if entry is None or entry["kind"] == ReportKind.NOT_APPLICABLE:
        return ""
    try:
        earned = points_for(task.criterion, entry.get("value"), task.full_points)
    except UnusableValue:
        return ""
    return f"{plain(earned.points)} 分"


def last_words(current: CurrentItem) -> str:
    """Last month's cell with its points."""
    item: Any = current.item
    if item.last_kind is None:
        return ""
    entry = {"kind": item.last_kind, "value": item.last_value}
    earned = points_words(current.task, entry)
    return cell_words(current.task, entry) + (f"（{earned}）" if earned else "")
