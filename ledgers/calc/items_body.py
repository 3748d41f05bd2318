"""The table of a month's items: every community by every task, for who reads the whole district.

The ranking is read by everybody where places are shown; single items of other communities are not. So this annex of
the ranking is a paper of its own.
"""

from __future__ import annotations

from typing import Any

from ledgers.calc import words
from ledgers.calc.chain import published_link
from ledgers.calc.frame import Body, Content, Previous, frame
from ledgers.calc.rows import by_edition, group_name, rubric_of, task_names

ITEMS = "items"


def items_body(content: Content, organisation_code: str, previous: Previous) -> Body:
    """A table an edition with a line a community: what counts for each task; `organisation_code` is the district's."""
    return {
        **frame(content, ITEMS, organisation_code, previous),
        "title": f"{words.month_words(content['month'])}{content['title']}考评全区逐项得分表",
        "label": content["label"],
        "organisation": {"code": organisation_code, "name": words.WHOLE_DISTRICT},
        "tables": [_table(content, group) for group in by_edition(content["assessments"])],
        "signatures": [published_link(content)],
    }


def _table(content: Content, group: list[dict[str, Any]]) -> dict[str, Any]:
    tasks = task_names(rubric_of(content, group[0]["rubric"]))
    decimals = content["rules"]["total_decimals"]
    return {
        "name": group_name(content, group),
        "count": len(group),
        "tasks": tasks,
        "rows": [_row(one, [task["number"] for task in tasks], decimals) for one in group],
    }


def _row(assessment: dict[str, Any], numbers: list[int], decimals: int) -> dict[str, Any]:
    items = {item["number"]: item for item in assessment["items"]}
    return {
        "organisation": assessment["organisation"],
        "name": assessment["name"],
        "street_name": assessment["street"]["name"],
        "finals": [words.final_words(items[number]) for number in numbers],
        "total": words.total_words(assessment["total"], decimals),
    }
