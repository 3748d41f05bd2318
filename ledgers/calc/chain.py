"""The chain of signatures as data: who reported, reviewed, signed off and published, in which post, on which day.

Each link of a body's `signatures` is `{stage, people: [{who, on}], none, is_sealed}`; `none` says why nobody is in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ledgers.calc import words
from ledgers.calc.frame import Content

Act = dict[str, Any]
Link = dict[str, Any]


def community_chain(content: Content, assessment: dict[str, Any]) -> list[Link]:
    """Reported, reviewed by the street, signed off, reviewed by the task forces, published."""
    items = assessment["items"]
    return [
        _link("填报", [_sender(item["reported"]) for item in items if item["reported"]], "未报"),
        _link("街道审核", _views(items, "street"), "未审"),
        sign_off_link([assessment]),
        _link("专班核验", _views(items, "task_force"), "未审"),
        published_link(content),
    ]


def street_chain(content: Content, own: list[dict[str, Any]]) -> list[Link]:
    """Reviewed, signed off, published."""
    items = [item for one in own for item in one["items"]]
    return [_link("街道审核", _views(items, "street"), "未审"), sign_off_link(own), published_link(content)]


def task_force_chain(content: Content, items: list[dict[str, Any]]) -> list[Link]:
    """Reviewed, published."""
    return [_link("专班核验", _views(items, "task_force"), "未审"), published_link(content)]


def sign_off_link(own: list[dict[str, Any]]) -> Link:
    """The street's signature, if one and the same covers all of these communities."""
    signed = own[0]["sign_off"]
    covers = bool(signed) and all(one["sign_off"] == signed for one in own)
    return _link("街道审签", [signed] if covers else [], "未审签，或审签后又有变动")


def published_link(content: Content) -> Link:
    """The officers under the publication; a draft has none yet. The seal of the creation office belongs here."""
    published = content["published"]
    if not published or content["kind"] == "trial":
        return {**_link("公布", [], "未公布"), "is_sealed": True}
    second = {"by": published["second_by"], "position": "", "at": published["at"]}
    acts = [published, second] if published["second_by"] else [published]
    return {**_link("公布", acts, ""), "is_sealed": True}


def _link(stage: str, acts: Iterable[Act], none: str) -> Link:
    people = _people(acts)
    return {"stage": stage, "people": people, "none": "" if people else none, "is_sealed": False}


def _people(acts: Iterable[Act]) -> list[dict[str, str]]:
    """Everybody once, at the day of the last act; a line a day."""
    last: dict[str, str] = {}
    for act in acts:
        who = f"{act['position'] or ''} {act['by']}".strip()
        last[who] = max(last.get(who, ""), words.short_day(act["at"]))
    days: dict[str, list[str]] = {}
    for who, on in sorted(last.items()):
        days.setdefault(on, []).append(who)
    return [{"who": "、".join(days[on]), "on": _day(on)} for on in sorted(days)]


def _day(short: str) -> str:
    year, month, day = short.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


def _views(items: Iterable[dict[str, Any]], axis: str) -> list[Act]:
    return [item[axis] for item in items if item[axis]]


def _sender(report: Act) -> Act:
    """Who answers for a report: whoever sent what somebody else had entered."""
    return {**report, "by": report["confirmed_by"] or report["by"]}
