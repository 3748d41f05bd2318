"""Pieces that several kinds of ledger show alike: a star's verdict, the tasks of an edition, what was changed."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from ledgers.calc import words
from ledgers.calc.frame import Content
from scoring.calc.explain import plain


def rubric_of(content: Content, sha256: str) -> dict[str, Any]:
    """The edition with this digest."""
    return next(rubric for rubric in content["rubrics"] if rubric["sha256"] == sha256)


def group_name(content: Content, group: list[dict[str, Any]]) -> str:
    """Communities of one edition: the track, and the edition where a month has two of one track."""
    rubric = rubric_of(content, group[0]["rubric"])
    editions = sum(one["track"] == rubric["track"] for one in content["rubrics"])
    return f"{rubric['track_name']}（第{rubric['number']}版）" if editions > 1 else str(rubric["track_name"])


def by_edition(assessments: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Communities of one edition together, the urban ones first, by street and code in each."""
    return [list(group) for _, group in groupby(sorted(assessments, key=_by_track), key=lambda one: one["rubric"])]


def _by_track(assessment: dict[str, Any]) -> tuple[bool, str, str, str]:
    one = assessment
    return one["track"] != "urban", one["rubric"], one["street"]["code"], one["organisation"]


def standing_tables(content: Content) -> list[tuple[str, list[dict[str, Any]]]]:
    """The standings as they are printed, each table with its name: one a track, or one over both."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for standing in content["standings"]:
        name = "全区各类社区" if content["rules"]["is_ranked_across_tracks"] else standing["track_name"]
        groups.setdefault(name, []).append(standing)
    return list(groups.items())


def star_verdict(star: dict[str, Any]) -> str:
    """得星, 未得 or 不评."""
    if not star["is_rated"]:
        return words.NOT_RATED
    return words.WON if star["won"] else words.NOT_WON


def star_cell(star: dict[str, Any]) -> dict[str, str]:
    """A star in a table: points of applicable points, and the verdict in a word."""
    return {
        "points": star["points"],
        "applicable_points": star["applicable_points"],
        "verdict": star_verdict(star),
    }


def task_names(rubric: dict[str, Any]) -> list[dict[str, Any]]:
    """The tasks of an edition by number: number, title, star and full points."""
    stars = {star["code"]: star["name"] for star in rubric["stars"]}
    return [
        {
            "number": task["number"],
            "title": task["title"],
            "star_code": task["star"],
            "star": stars[task["star"]],
            "full_points": task["full_points"],
        }
        for task in sorted(rubric["tasks"], key=lambda task: int(task["number"]))
    ]


def item_voices(item: dict[str, Any]) -> str:
    """自评/街道/专班 beneath a result in a matrix; empty where all three say what counts, or nobody says anything."""
    said = (
        words.reported_words(item["reported"]),
        words.reviewed_words(item["street"]),
        words.reviewed_words(item["task_force"]),
    )
    alike = set(said) in ({words.final_words(item)}, {words.NOT_REPORTED, words.NOT_REVIEWED})
    return "" if alike else "/".join(_short(one) for one in said)


def _short(voice: str) -> str:
    """3.50 as 3.5; who is silent is a dash."""
    if voice in (words.NOT_REPORTED, words.NOT_REVIEWED):
        return words.NOTHING
    return plain(voice) if voice[0].isdigit() else voice


def changed_items(content: Content, group: list[dict[str, Any]], *, star_code: str = "") -> list[dict[str, Any]]:
    """Items whose result is not what was reported, with every voice and why; of one star or of all."""
    titles = {task["number"]: task["title"] for task in task_names(rubric_of(content, group[0]["rubric"]))}
    return [
        _changed(one, item, titles[item["number"]])
        for one in group
        for item in one["items"]
        if (not star_code or item["star"] == star_code) and _is_changed(item)
    ]


def _is_changed(item: dict[str, Any]) -> bool:
    return words.final_words(item) != words.reported_words(item["reported"])


def _changed(assessment: dict[str, Any], item: dict[str, Any], title: str) -> dict[str, Any]:
    return {
        "organisation": assessment["organisation"],
        "name": assessment["name"],
        "number": item["number"],
        "title": title,
        "full_points": item["full_points"],
        "reported": words.reported_words(item["reported"]),
        "street": words.reviewed_words(item["street"]),
        "task_force": words.reviewed_words(item["task_force"]),
        "final": words.final_words(item),
        "reason": _reason(item),
    }


def _reason(item: dict[str, Any]) -> str:
    """The reason of the view that counts."""
    deciding = item["ruling"] or item["task_force"] or item["street"]
    return str(deciding["reason"]).rstrip("。；，") if deciding else ""
