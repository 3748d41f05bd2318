"""A street's month: her communities side by side, the items that were changed on the way, her signature."""

from __future__ import annotations

from typing import Any

from ledgers.calc import words
from ledgers.calc.chain import street_chain
from ledgers.calc.frame import Body, Content, NotInContent, Previous, frame, places_shown
from ledgers.calc.rows import by_edition, changed_items, group_name, item_voices, rubric_of, star_cell, task_names

STREET = "street"


def street_body(content: Content, street_code: str, previous: Previous) -> Body:
    """What a street's ledger prints: a table a track with stars and totals, the points task by task, what was changed
    between report and result. Raises NotInContent for a street without communities in this content.
    """
    own = [one for one in content["assessments"] if one["street"]["code"] == street_code]
    if not own:
        raise NotInContent(street_code)
    groups = by_edition(own)
    changes = [change for group in groups for change in changed_items(content, group)]
    return {
        **frame(content, STREET, street_code, previous),
        "title": f"{words.month_words(content['month'])}{content['title']}街道月度考评台账",
        "label": content["label"],
        "organisation": {"code": street_code, "name": own[0]["street"]["name"]},
        "summary": _summary(own, len(changes)),
        "tables": [_table(content, group) for group in groups],
        "matrices": [_matrix(content, group) for group in groups],
        "changes": changes,
        "sign_off": _sign_off(own),
        "rule": content["rules"]["sentence"],
        "signatures": street_chain(content, own),
    }


def _summary(own: list[dict[str, Any]], changes: int) -> dict[str, int]:
    items = [item for one in own for item in one["items"]]
    return {
        "communities": len(own),
        "complete": sum(one["is_complete"] for one in own),
        "items": len(items),
        "late": sum(bool(item["reported"] and item["reported"]["is_late"]) for item in items),
        "empty": sum(one["empty_items"] for one in own),
        "changed": changes,
    }


def _table(content: Content, group: list[dict[str, Any]]) -> dict[str, Any]:
    places = places_shown(content)
    return {
        "name": group_name(content, group),
        "stars": [star["name"] for star in group[0]["stars"]],
        "shows_places": bool(places),
        "rows": [_row(content, one, places.get(one["organisation"])) for one in group],
    }


def _row(content: Content, assessment: dict[str, Any], place: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "organisation": assessment["organisation"],
        "name": assessment["name"],
        "stars": [star_cell(star) for star in assessment["stars"]],
        "total": words.total_words(assessment["total"], content["rules"]["total_decimals"]),
        "level_words": words.level_words(assessment["star_level"]),
        "place": words.place_words(place, is_complete=assessment["is_complete"]),
    }


def _matrix(content: Content, group: list[dict[str, Any]]) -> dict[str, Any]:
    """One line a task, one column a community: every item with what counts and who said otherwise."""
    items = [{item["number"]: item for item in one["items"]} for one in group]
    return {
        "name": group_name(content, group),
        "communities": [one["name"] for one in group],
        "rows": [
            {
                **task,
                "finals": [words.final_words(own[task["number"]]) for own in items],
                "voices": [item_voices(own[task["number"]]) for own in items],
            }
            for task in task_names(rubric_of(content, group[0]["rubric"]))
        ],
    }


def _sign_off(own: list[dict[str, Any]]) -> dict[str, str] | None:
    signed = own[0]["sign_off"]
    if not signed or any(one["sign_off"] != signed for one in own):
        return None
    return {"who": f"{signed['position']} {signed['by']}".strip(), "on": words.day_words(signed["at"])}
