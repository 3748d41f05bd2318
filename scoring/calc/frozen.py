"""A published rubric as plain values, read from its frozen content and from nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any


def hundredths(text: str) -> int:
    """Fixed-scale text of frozen content as whole hundredths: `"3.50"` is 350."""
    return int(Decimal(text).scaleb(2))


@dataclass(frozen=True, slots=True)
class FrozenTask:
    """One task: its full points in hundredths, its criterion as frozen."""

    number: int
    key: str
    star: str
    title: str
    standard: str
    window: str
    may_not_apply: bool
    full: int
    criterion: dict[str, Any]
    criterion_digest: str
    criterion_text: str
    evidence_hint: str
    indicator: str = ""

    @property
    def full_points(self) -> Decimal:
        return Decimal(self.full).scaleb(-2)


@dataclass(frozen=True, slots=True)
class FrozenStar:
    """One star: pass line in hundredths of a percent, codes of the stars it presupposes, its tasks."""

    code: str
    name: str
    colour: str
    order: int
    pass_percent: int
    prerequisites: tuple[str, ...]
    tasks: tuple[FrozenTask, ...]
    may_be_vetoed: bool = False


@dataclass(frozen=True, slots=True)
class FrozenRubric:
    """One edition; stars in their order, tasks by number."""

    stars: tuple[FrozenStar, ...]
    tasks: dict[int, FrozenTask]
    track: str = ""

    @property
    def may_be_vetoed(self) -> bool:
        """Whether any star carries a veto clause."""
        return any(star.may_be_vetoed for star in self.stars)

    @classmethod
    def of(cls, content: dict[str, Any]) -> FrozenRubric:
        """Read frozen content (see `scoring.services.rubric` for its shape)."""
        stars = tuple(_star(star) for star in sorted(content["stars"], key=lambda star: star["order"]))
        tasks = {task.number: task for star in stars for task in star.tasks}
        return cls(stars=stars, tasks=tasks, track=content["track"])


def _star(star: dict[str, Any]) -> FrozenStar:
    return FrozenStar(
        code=star["code"],
        name=star["name"],
        colour=star["colour"],
        order=star["order"],
        pass_percent=hundredths(star["pass_percent"]),
        prerequisites=tuple(star["prerequisites"]),
        tasks=tuple(_task(star["code"], task) for task in star["tasks"]),
        may_be_vetoed=bool(star.get("veto")),
    )


def _task(star: str, task: dict[str, Any]) -> FrozenTask:
    return FrozenTask(
        number=task["number"],
        key=task["key"],
        star=star,
        title=task["title"],
        standard=task["standard"],
        window=task["window"],
        may_not_apply=task["may_not_apply"],
        full=hundredths(task["full_points"]),
        criterion=task["criterion"],
        criterion_digest=task["criterion_digest"],
        criterion_text=task["criterion_text"],
        evidence_hint=task.get("evidence_hint", ""),
        indicator=task.get("indicator", ""),
    )
