"""A task force's month: the stars it serves over all communities, and what its own view changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledgers.calc import words
from ledgers.calc.chain import task_force_chain
from ledgers.calc.frame import Body, Content, NotInContent, Previous, frame
from ledgers.calc.rows import changed_items, item_voices, rubric_of, star_verdict, task_names

TASK_FORCE = "task_force"
Served = tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]


def task_force_body(content: Content, task_force_code: str, previous: Previous) -> Body:
    """What a task force's ledger prints: for each star and edition it serves a table of all communities with the points
    of the star's tasks. Raises NotInContent for a task force that serves no star of this content.
    """
    force = next((one for one in content["task_forces"] if one["code"] == task_force_code), None)
    served = list(_served(content, force)) if force else []
    if force is None or not served:
        raise NotInContent(task_force_code)
    return {
        **frame(content, TASK_FORCE, task_force_code, previous),
        "title": f"{words.month_words(content['month'])}{content['title']}专班月度考评台账",
        "label": content["label"],
        "organisation": {"code": force["code"], "name": force["name"]},
        "tables": [_table(content, *one) for one in served],
        "changes": [
            change for _, star, group in served for change in changed_items(content, group, star_code=star["code"])
        ],
        "signatures": task_force_chain(content, [item for _, star, group in served for item in _own(group, star)]),
    }


def _served(content: Content, force: dict[str, Any]) -> Iterator[Served]:
    """Edition, star and communities, in the order of the editions."""
    duties = {(duty["track"], duty["star"]) for duty in force["stars"]}
    for rubric in content["rubrics"]:
        group = [one for one in content["assessments"] if one["rubric"] == rubric["sha256"]]
        for star in rubric["stars"]:
            if group and (rubric["track"], star["code"]) in duties:
                yield rubric, star, group


def _own(group: list[dict[str, Any]], star: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for one in group for item in one["items"] if item["star"] == star["code"]]


def _table(
    content: Content, rubric: dict[str, Any], star: dict[str, Any], group: list[dict[str, Any]]
) -> dict[str, Any]:
    tasks = [task for task in task_names(rubric_of(content, rubric["sha256"])) if task["star_code"] == star["code"]]
    rows = [_row(one, star["code"]) for one in group]
    return {
        "star": star["name"],
        "track_name": rubric["track_name"],
        "pass_percent": star["pass_percent"],
        "tasks": tasks,
        "count": len(rows),
        "won": sum(row["verdict"] == words.WON for row in rows),
        "not_won": sum(row["verdict"] == words.NOT_WON for row in rows),
        "not_rated": sum(row["verdict"] == words.NOT_RATED for row in rows),
        "rows": rows,
    }


def _row(assessment: dict[str, Any], star_code: str) -> dict[str, Any]:
    star = next(one for one in assessment["stars"] if one["code"] == star_code)
    own = sorted((item for item in assessment["items"] if item["star"] == star_code), key=lambda item: item["number"])
    return {
        "organisation": assessment["organisation"],
        "name": assessment["name"],
        "street_name": assessment["street"]["name"],
        "finals": [words.final_words(item) for item in own],
        "voices": [item_voices(item) for item in own],
        "points": star["points"],
        "applicable_points": star["applicable_points"],
        "verdict": star_verdict(star),
    }
