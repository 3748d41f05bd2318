"""An edition laid out for reading: stars with what they ask for, their tasks, and where the edition stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from core.models import User
from scoring.choices import RubricState, Window
from scoring.models import Rubric


@dataclass(frozen=True)
class StarSection:
    """One star: its frozen entry, its points, the points of its pass line, names of the stars it presupposes."""

    star: dict[str, Any]
    full_points: Decimal
    pass_points: Decimal
    prerequisites: list[str]
    tasks: list[dict[str, Any]]


def editions_for(user: User) -> QuerySet[Rubric]:
    """Every edition the account may read, the newest first; without the content."""
    editions = Rubric.objects.visible_to(user).select_related("programme").defer("content")
    return editions.order_by("programme__is_practice", "programme", "-track", "-number")


def in_force_among(editions: Iterable[Rubric], month: date) -> set[int]:
    """Ids of those a month is rated by."""
    begun = [row for row in editions if row.state == RubricState.PUBLISHED and row.first_month <= month]
    latest: dict[tuple[int, str], Rubric] = {}
    for edition in sorted(begun, key=lambda row: row.first_month):
        latest[edition.programme_id, edition.track] = edition
    return {edition.pk for edition in latest.values()}


def star_sections(content: dict[str, Any]) -> list[StarSection]:
    """The stars of an edition's content in their order."""
    names = {star["code"]: star["name"] for star in content["stars"]}
    return [_section(star, names) for star in sorted(content["stars"], key=lambda star: star["order"])]


def _section(star: dict[str, Any], names: dict[str, str]) -> StarSection:
    full = sum((Decimal(task["full_points"]) for task in star["tasks"]), Decimal(0))
    return StarSection(
        star=star,
        full_points=full,
        pass_points=full * Decimal(star["pass_percent"]) / 100,
        prerequisites=[names.get(code, code) for code in star["prerequisites"]],
        tasks=[task | {"window_name": Window(task["window"]).label} for task in star["tasks"]],
    )
