"""What was published: settled, unchanged, and what the rows still give for each number. Rules 8 to 10."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from core.canonical import canonical_text, text_digest
from scoring.choices import PeriodState
from scoring.models import Publication, Standing
from scoring.selectors.proof.rows import MonthRows, place_of
from scoring.selectors.proof.words import Violation
from scoring.selectors.publication_content import Fixed, publication_content

# Words that follow the chain of today (a street renamed back in time); what they stand for is compared by code.
CHAIN_WORDS = {"position", "street_name"}


def published_checks(rows: MonthRows) -> Iterator[Violation]:
    is_published = rows.period.state == PeriodState.PUBLISHED
    if is_published is not bool(rows.publications):
        yield Violation(8, "", f"月份状态为“{rows.period.get_state_display()}”，公布有{len(rows.publications)}次")
    if is_published:
        yield from _unsettled(rows)
    for place, publication in enumerate(rows.publications, start=1):
        before = rows.publications[place - 2] if place > 1 else None
        for rule, what in _publication(publication, place, before):
            yield Violation(rule, f"第{publication.number}次公布", what)


def _unsettled(rows: MonthRows) -> Iterator[Violation]:
    for current in rows.current:
        if current.counted.is_gap:
            yield Violation(6, place_of(current), "已公布，两线差距却没有裁定")
        elif current.counted.is_provisional:
            yield Violation(8, place_of(current), "已公布，却尚未认定")


def _publication(publication: Publication, place: int, before: Publication | None) -> Iterator[tuple[int, str]]:
    if (publication.number, publication.supersedes_id) != (place, before.pk if before else None):
        yield 8, "次序或所替代的公布不连续"
    if publication.number > 1 and publication.second_by_id in (None, publication.published_by_id):
        yield 8, "更正没有由两人办理"
    if text_digest(publication.content) != publication.sha256:
        yield 9, "内容与摘要不符"
        return
    stored = json.loads(publication.content)
    yield from _content(publication, stored)
    yield from _standings(publication, stored)


def _content(publication: Publication, stored: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """The content of this number, put together from the rows once more."""
    fresh = json.loads(
        canonical_text(publication_content(publication.period, publication.number, stored["published"], _fixed(stored)))
    )
    if _comparable(fresh) == _comparable(stored):
        return
    changed = [
        one["name"]
        for one, other in zip(stored["assessments"], fresh["assessments"], strict=False)
        if _comparable(one) != _comparable(other)
    ]
    named = "、".join(changed[:5]) or "、".join(
        key for key in stored if _comparable(stored[key]) != _comparable(fresh.get(key))
    )
    yield 9, f"与按现存记录重新生成的内容不同：{named}"


def _fixed(stored: dict[str, Any]) -> Fixed:
    """What was fixed when publishing: text, visibility, and what changes were measured against."""
    previous = stored["previous"]
    return Fixed(stored["notice"], stored["rules"]["visibility"], previous["sha256"] if previous else None)


def _comparable(value: Any) -> Any:
    if isinstance(value, list):
        return [_comparable(part) for part in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"code", "name"}:
        return value["code"]
    return {key: _comparable(part) for key, part in value.items() if key not in CHAIN_WORDS}


def _standings(publication: Publication, stored: dict[str, Any]) -> Iterator[tuple[int, str]]:
    places = {row["organisation"]: row for row in stored["standings"]}
    wanted = {row["organisation"]: _wanted(row, places.get(row["organisation"])) for row in stored["assessments"]}
    rows = Standing.objects.filter(publication=publication).select_related("assessment__subject")
    found = {
        row.assessment.subject.code: (row.track, row.place, row.is_tied, row.total, row.star_level) for row in rows
    }
    for code in sorted(wanted.keys() | found.keys()):
        if wanted.get(code) != found.get(code):
            yield 10, f"{code} 的名次与公布内容不符"


def _wanted(row: dict[str, Any], place: dict[str, Any] | None) -> tuple[Any, ...]:
    total = None if row["total"] is None else Decimal(row["total"])
    return row["track"], place and place["place"], bool(place and place["is_tied"]), total, row["star_level"]
