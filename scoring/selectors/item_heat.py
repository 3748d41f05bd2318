"""A published month as a table of communities × tasks, as far as a reader may read the items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.charts import Cell, Column, Row
from core.models import User
from core.templatetags.portal import points as plain
from scoring.models import AssessmentItem, Period, Publication

Seen = Mapping[str, set[int]]
UNREPORTED, OUT = "未报", "不涉及"


@dataclass(frozen=True, slots=True)
class ItemGrid:
    """The communities of one street under one edition."""

    title: str
    columns: list[Column]
    rows: list[Row]


def seen_cells(user: User, period: Period) -> Seen:
    """The task numbers that an account may read, by community; one query."""
    rows = AssessmentItem.objects.visible_to(user).filter(assessment__period=period)
    found: dict[str, set[int]] = defaultdict(set)
    for code, number in rows.values_list("assessment__subject__code", "task__number"):
        found[code].add(number)
    return found


def item_grids(publication: Publication, seen: Seen) -> list[ItemGrid]:
    """A grid a street and edition, in the order of the content; communities of which nothing is seen stay out."""
    content = publication.data
    rubrics = {rubric["sha256"]: rubric for rubric in content["rubrics"]}
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for one in content["assessments"]:
        if seen.get(one["organisation"]):
            groups[one["street"]["name"], one["rubric"]].append(one)
    return [_grid(street, rubrics[sha256], members, seen) for (street, sha256), members in groups.items()]


def _grid(street: str, rubric: Mapping[str, Any], members: list[dict[str, Any]], seen: Seen) -> ItemGrid:
    stars = {star["code"]: star["name"] for star in rubric["stars"]}
    numbers = sorted({number for one in members for number in seen[one["organisation"]]})
    tasks = [task for task in rubric["tasks"] if task["number"] in numbers]
    return ItemGrid(
        title=f"{street}　{rubric['track_name']}",
        columns=[Column(str(task["number"]), stars[task["star"]]) for task in tasks],
        rows=[_row(one, [task["number"] for task in tasks], seen[one["organisation"]]) for one in members],
    )


def _row(one: Mapping[str, Any], numbers: list[int], seen: set[int]) -> Row:
    items = {item["number"]: item for item in one["items"]}
    return Row(one["name"], [_cell(items[number]) if number in seen else Cell(None, "") for number in numbers])


def _cell(item: Mapping[str, Any]) -> Cell:
    if item["kind"] == "points":
        full = float(item["full_points"])
        return Cell(float(item["counted"]) / full if full else 1.0, plain(item["counted"]))
    return Cell(None, OUT, "out") if item["kind"] == "not_applicable" else Cell(None, UNREPORTED, "empty")
