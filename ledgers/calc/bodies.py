"""The body of a ledger: a projection of a publication's content and nothing else.

No clock, no sequence, no audit head: the same content gives the same body, and so the same digest, for ever (rule 9).
Of a trial the same projection gives the body of a 送审稿, which has no number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledgers.calc import words
from ledgers.calc.acts import acts_of
from ledgers.calc.brief_body import BRIEF, brief_body
from ledgers.calc.chain import community_chain, published_link
from ledgers.calc.frame import Body, Content, NotInContent, Previous, frame, places_shown
from ledgers.calc.items_body import ITEMS, items_body
from ledgers.calc.notice_body import NOTICE, notice_body
from ledgers.calc.rows import rubric_of, standing_tables, star_verdict
from ledgers.calc.street_body import STREET, street_body
from ledgers.calc.task_force_body import TASK_FORCE, task_force_body
from scoring.calc import explain

COMMUNITY = "community"
RANKING = "ranking"


def community_body(content: Content, organisation_code: str, previous: Previous) -> Body:
    """The month of one community, as printed. `previous` is last month's `{number, sha256}` or `{none: reason}`."""
    assessment = _assessment(content, organisation_code)
    rubric = rubric_of(content, assessment["rubric"])
    return {
        **frame(content, COMMUNITY, organisation_code, previous),
        "title": f"{words.month_words(content['month'])}{content['title']}社区月度考评台账",
        "label": content["label"] or rubric.get("label", ""),
        "organisation": _organisation(assessment),
        "rubric": {key: rubric[key] for key in ("title", "number", "sha256")},
        "result": _result(content, assessment),
        "place": _place(content, organisation_code),
        "explained": _explained(content, assessment),
        "stars": [_star(star) for star in assessment["stars"]],
        "next_stars": _next_stars(assessment),
        "rows": _rows(content, rubric, assessment),
        "acts": acts_of(assessment),
        "signatures": community_chain(content, assessment),
    }


def ranking_body(content: Content, organisation_code: str, previous: Previous) -> Body:
    """The district's ranking, as printed; `organisation_code` is the district's.

    A publication that shows everybody the order alone prints no points, since everybody may read its ledger.
    """
    return {
        **frame(content, RANKING, organisation_code, previous),
        "title": f"关于{words.month_words(content['month'])}{content['title']}考评排名",
        "label": content["label"],
        "organisation": {"code": organisation_code, "name": words.WHOLE_DISTRICT},
        "shows_points": _shows_points(content),
        "tables": _tables(content),
        "incomplete": [_incomplete(row) for row in content["incomplete"]],
        "rule": content["rules"]["sentence"],
        "star_levels": _star_levels(content["star_levels"]),
        "signatures": [published_link(content)],
    }


def body_of(kind: str, content: Content, organisation_code: str, previous: Previous) -> Body:
    """The body of any kind; NotInContent when the content knows no such organisation."""
    return _PROJECTIONS[kind](content, organisation_code, previous)


# -- one community


def _assessment(content: Content, organisation_code: str) -> dict[str, Any]:
    for assessment in content["assessments"]:
        if assessment["organisation"] == organisation_code:
            return assessment
    raise NotInContent(organisation_code)


def _organisation(assessment: dict[str, Any]) -> dict[str, str]:
    return {
        "code": assessment["organisation"],
        "name": assessment["name"],
        "form_name": assessment["form_name"],
        "street_code": assessment["street"]["code"],
        "street_name": assessment["street"]["name"],
        "track_name": assessment["track_name"],
    }


def _result(content: Content, assessment: dict[str, Any]) -> dict[str, Any]:
    return {
        "points": assessment["points"],
        "applicable_points": assessment["applicable_points"],
        "total": words.total_words(assessment["total"], content["rules"]["total_decimals"]),
        "star_level": assessment["star_level"],
        "level_words": words.level_words(assessment["star_level"]),
        "is_complete": assessment["is_complete"],
        "empty_items": assessment["empty_items"],
        "provisional_items": assessment["provisional_items"],
    }


def _place(content: Content, organisation_code: str) -> dict[str, Any] | None:
    """The own place, if places are shown at all; never before publishing."""
    standing = places_shown(content).get(organisation_code)
    return {key: standing[key] for key in ("place", "is_tied", "out_of")} if standing else None


def _explained(content: Content, assessment: dict[str, Any]) -> dict[str, str]:
    """Total and place in a sentence each; no place where none is shown."""
    standing = places_shown(content).get(assessment["organisation"])
    rules = content["rules"]
    taken = explain.places_taken(content["standings"], rules)
    return {
        "total": explain.explain_total(assessment, rules["total_decimals"]),
        "place": explain.explain_place(standing, taken, rules) if standing else "",
    }


def _star(star: dict[str, Any]) -> dict[str, Any]:
    is_won = star["is_rated"] and star["won"]
    return {
        "name": star["name"],
        "mark": "★" if is_won else "☆" if star["is_rated"] else words.NOTHING,
        "verdict": star_verdict(star),
        "points": star["points"],
        "applicable_points": star["applicable_points"],
        "pass_percent": star["pass_percent"],
        "share": words.share_words(star["points"], star["applicable_points"]),
        "missing": words.NOTHING if is_won or not star["is_rated"] else star["missing"],
        "reasons": list(star["reasons"]),
        "explanation": explain.explain_star(star),
    }


def _next_stars(assessment: dict[str, Any]) -> list[dict[str, Any]]:
    """What is missing for each star not won, and the cheapest way to it, as frozen."""
    names = {star["code"]: star["name"] for star in assessment["stars"]}
    return [
        {
            "name": names[way["star"]],
            "is_reachable": way["is_reachable"],
            "missing": way["missing"],
            "tasks": words.number_ranges(task["number"] for task in way["tasks"]),
            "text": way["text"],
        }
        for way in assessment["next_stars"]
    ]


def _rows(content: Content, rubric: dict[str, Any], assessment: dict[str, Any]) -> list[dict[str, Any]]:
    tasks = {task["number"]: task for task in rubric["tasks"]}
    stars = {star["code"]: star["name"] for star in rubric["stars"]}
    gap_width = content["rules"]["gap_width"]
    return [_row(item, tasks[item["number"]], stars[item["star"]], gap_width) for item in assessment["items"]]


def _row(item: dict[str, Any], task: dict[str, Any], star_name: str, gap_width: str) -> dict[str, Any]:
    return {
        "number": item["number"],
        "star": star_name,
        "title": task["title"],
        "standard": task["standard"],
        "window": words.window_words(task["window"]),
        "full_points": item["full_points"],
        "reported": words.reported_words(item["reported"]),
        "street": words.reviewed_words(item["street"]),
        "task_force": words.reviewed_words(item["task_force"]),
        "final": words.final_words(item),
        "gap": item["gap"] or words.NOTHING,
        "responsible": item["responsible"] or words.NOTHING,
        "due": words.day_of_month(item["due_on"]),
        "evidence": item["evidence"],
        "notes": _notes(item, gap_width),
        "explanation": explain.explain_item(item, task["title"], gap_width=gap_width),
        "is_told": _is_told(item),
    }


def _is_told(item: dict[str, Any]) -> bool:
    """Whether paper tells how the item came to count: not where all said the same as the community."""
    if item["kind"] != "points" or item["is_gap"] or item["round"] > 1:
        return True
    said = [voice for voice in (item["reported"], item["street"], item["task_force"], item["ruling"]) if voice]
    return any(voice["points"] != item["counted"] for voice in said)


def _notes(item: dict[str, Any], gap_width: str) -> list[str]:
    """What the community stated, why a review or ruling went another way, and how it was checked."""
    notes = [*_report_notes(item["reported"]), *_review_notes(item)]
    if item["is_gap"]:
        notes.append(f"两线差距超过{gap_width}分")
    if item["ruling"]:
        notes.append(_ruling_note(item["ruling"]))
    if item["is_provisional"]:
        notes.append("未定")
    return [note.rstrip("。；，") for note in notes]


def _report_notes(report: dict[str, Any] | None) -> list[str]:
    if report is None:
        return []
    stated = [f"自评：{report['note']}"] if report["note"] else []
    return [*stated, "迟报"] if report["is_late"] else stated


def _review_notes(item: dict[str, Any]) -> list[str]:
    reviews = [("街道", item["street"]), ("专班", item["task_force"])]
    notes = [f"{name}：{review['reason']}" for name, review in reviews if review and review["reason"]]
    for basis in ("as_last_month", "in_bulk"):
        unchecked = [name for name, review in reviews if review and review["basis"] == basis]
        if unchecked:
            notes.append(f"{'、'.join(unchecked)}{words.basis_words(basis)}")
    return notes


def _ruling_note(ruling: dict[str, Any]) -> str:
    document = f"（{ruling['document_no']}）" if ruling["document_no"] else ""
    return f"{words.ruling_words(ruling['purpose'])}：{ruling['reason']}{document}"


# -- the ranking


def _shows_points(content: Content) -> bool:
    """A draft is the office's own; a published ranking that shows the order only prints no points."""
    return content["kind"] == "trial" or content["rules"]["visibility"] != "order"


def _tables(content: Content) -> list[dict[str, Any]]:
    return [_table(content, name, standings) for name, standings in standing_tables(content)]


def _table(content: Content, name: str, standings: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": name, "count": len(standings), "rows": [_standing(content, one) for one in standings]}


def _standing(content: Content, standing: dict[str, Any]) -> dict[str, Any]:
    row = {
        "place": standing["place"],
        "is_tied": standing["is_tied"],
        "organisation": standing["organisation"],
        "name": standing["name"],
        "street_name": standing["street_name"],
        "level_words": words.level_words(standing["star_level"]),
    }
    if not _shows_points(content):
        return row
    return {**row, "total": words.total_words(standing["total"], content["rules"]["total_decimals"])}


def _incomplete(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "organisation": row["organisation"],
        "name": row["name"],
        "street_name": row["street_name"],
        "track_name": row["track_name"],
        "empty_items": row["empty_items"],
        "tasks": words.number_ranges(row["tasks"]),
    }


def _star_levels(counts: dict[str, int]) -> list[dict[str, Any]]:
    levels = sorted(counts.items(), key=lambda one: -int(one[0]))
    return [{"level_words": words.level_words(int(level)), "count": count} for level, count in levels]


_PROJECTIONS: dict[str, Callable[[Content, str, Previous], Body]] = {
    COMMUNITY: community_body,
    STREET: street_body,
    TASK_FORCE: task_force_body,
    RANKING: ranking_body,
    NOTICE: notice_body,
    BRIEF: brief_body,
    ITEMS: items_body,
}
