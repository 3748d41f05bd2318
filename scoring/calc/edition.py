"""One edition of a rubric as plain values: its faults, and the content that publishing freezes. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import Any

from scoring.calc.criteria import criterion_digest, criterion_text, plain, validate_criterion
from scoring.calc.proposing import indicator_fault

Fault = tuple[str, str]


@dataclass(frozen=True)
class EditionTask:
    """One task; `criterion` as in `calc.criteria`, exact points."""

    number: int
    key: str
    title: str
    standard: str
    window: str
    may_not_apply: bool
    full_points: Decimal
    criterion: dict[str, Any]
    evidence_hint: str
    indicator: str


@dataclass(frozen=True)
class EditionStar:
    """One star with its tasks by number; `prerequisites` are codes, `veto` entries are {clause, document_no}."""

    code: str
    name: str
    colour: str
    order: int
    pass_percent: Decimal
    prerequisites: tuple[str, ...]
    veto: tuple[dict[str, str], ...]
    tasks: tuple[EditionTask, ...]

    @property
    def full_points(self) -> Decimal:
        return sum((task.full_points for task in self.tasks), Decimal(0))


@dataclass(frozen=True)
class Edition:
    """What an edition says; its number and first month are not part of it. Stars in their order."""

    track: str
    title: str
    label: str
    document_no: str
    stars: tuple[EditionStar, ...]

    @property
    def tasks(self) -> list[EditionTask]:
        return sorted((task for star in self.stars for task in star.tasks), key=lambda task: task.number)

    @property
    def full_points(self) -> Decimal:
        return sum((star.full_points for star in self.stars), Decimal(0))


def frozen_content(edition: Edition, *, programme: str, number: int, first_month: date) -> dict[str, Any]:
    """The content that publishing freezes; everything a later reader, rating or ledger may need."""
    return {
        "schema": 1,
        "programme": programme,
        "track": edition.track,
        "number": number,
        "title": edition.title,
        "label": edition.label,
        "document_no": edition.document_no,
        "first_month": f"{first_month:%Y-%m}",
        "stars": [_frozen_star(star) for star in edition.stars],
    }


def _frozen_star(star: EditionStar) -> dict[str, Any]:
    return {
        "code": star.code,
        "name": star.name,
        "colour": star.colour,
        "order": star.order,
        "pass_percent": star.pass_percent,
        "prerequisites": list(star.prerequisites),
        "veto": list(star.veto),
        "tasks": [_frozen_task(task) for task in star.tasks],
    }


def _frozen_task(task: EditionTask) -> dict[str, Any]:
    return {
        "number": task.number,
        "key": task.key,
        "title": task.title,
        "standard": task.standard,
        "window": task.window,
        "may_not_apply": task.may_not_apply,
        "full_points": task.full_points,
        "criterion": task.criterion,
        "criterion_digest": criterion_digest(task.criterion, task.full_points),
        "criterion_text": criterion_text(task.criterion, task.full_points),
        "evidence_hint": task.evidence_hint,
        "indicator": task.indicator,
    }


# -- checks


def faults_of(edition: Edition) -> list[Fault]:
    """Every fault as (where, sentence); an edition with none can be rated with."""
    return [
        *_star_faults(edition),
        *_prerequisite_faults(edition),
        *_numbering_faults(edition),
        *((f"第 {task.number} 项 · 计分办法", fault) for task in edition.tasks for fault in _criterion_faults(task)),
        *((f"第 {task.number} 项 · 指标", fault) for task in edition.tasks if (fault := _indicator_fault(task))),
    ]


def _criterion_faults(task: EditionTask) -> list[str]:
    return validate_criterion(task.criterion, task.full_points)


def _indicator_fault(task: EditionTask) -> str:
    """Whether the task may name its indicator, once its criterion can be used at all."""
    return "" if _criterion_faults(task) else indicator_fault(task.indicator, task.criterion, task.window)


def shortfalls(edition: Edition, *, required_tasks: int | None, required_points: Decimal | None) -> list[Fault]:
    """Where an edition misses what its programme demands: the number of tasks, the sum of points."""
    found = []
    if required_tasks is not None and len(edition.tasks) != required_tasks:
        found.append(("任务", f"须有 {required_tasks} 项任务，现有 {len(edition.tasks)} 项。"))
    if required_points is not None and edition.full_points != required_points:
        found.append(("总分", f"各项分值相加须为 {plain(required_points)} 分，现为 {plain(edition.full_points)} 分。"))
    return found


def _star_faults(edition: Edition) -> list[Fault]:
    found = [] if edition.stars else [("星", "至少要有一颗星。")]
    for star in edition.stars:
        if not star.tasks:
            found.append((star.name, "这颗星没有任务。"))
        if not 0 <= star.pass_percent <= 100:
            found.append((f"{star.name} · 达标线", "达标线须在 0 至 100 之间。"))
        if any(not entry.get("clause") or not entry.get("document_no") for entry in star.veto):
            found.append((f"{star.name} · 一票否决", "一票否决的每一条都要写条款和文号。"))
    return found


def _prerequisite_faults(edition: Edition) -> list[Fault]:
    known = {star.code for star in edition.stars}
    strangers = [
        (f"{star.name} · 前置的星", "前置的星不在本细则中。")
        for star in edition.stars
        if not known >= set(star.prerequisites)
    ]
    try:
        TopologicalSorter({star.code: star.prerequisites for star in edition.stars}).prepare()
    except CycleError:
        return [*strangers, ("前置的星", "星与星之间互为前置，形成循环。")]
    return strangers


def _numbering_faults(edition: Edition) -> list[Fault]:
    numbers = [task.number for task in edition.tasks]
    keys = Counter(task.key for task in edition.tasks)
    found = [(f"第 {task.number} 项 · 标识", "任务标识重复。") for task in edition.tasks if keys[task.key] > 1]
    if numbers != list(range(1, len(numbers) + 1)):
        found.append(("序号", f"任务序号须从 1 到 {len(numbers)}，不重不漏。"))
    return found
