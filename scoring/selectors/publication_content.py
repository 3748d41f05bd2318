"""What a publication freezes: everything a reader or a ledger may need of a month. The trial has the same shape.

Amounts are text with two places, days and times ISO; see `docs/decisions` for the shape. Nothing downstream asks a
live row again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from branches.choices import PartyForm, Track
from branches.models import Organisation
from core.canonical import canonical_text
from scoring.calc.change_words import leader_sentence
from scoring.calc.changes import compare
from scoring.calc.counted import Counted
from scoring.calc.frozen import FrozenRubric
from scoring.calc.frozen_changes import freeze
from scoring.calc.standings import Entrant, standings
from scoring.models import Assessment, AssessmentItem, Period, ProgrammeYear, Publication, Rating, Rubric, SignOff
from scoring.selectors.changes import publication_before, snapshots, snapshots_of
from scoring.selectors.content_beside import beside_items, next_star_rows
from scoring.selectors.content_items import Positions, appointments_on, item_row, positions_of, sign_off_row
from scoring.selectors.current import CurrentItem, current_items
from scoring.selectors.facts import AssessmentFacts, Edition, counted_by_assessment, edition
from scoring.selectors.notice import default_notice, issuer_of, notice_draft
from scoring.selectors.ratings import ratings_from
from scoring.selectors.responsibilities import task_forces_of
from scoring.selectors.vetoes import vetoed_stars

Content = dict[str, Any]


NOW = "now"


@dataclass(frozen=True)
class Fixed:
    """What the publishing officer decides: the text of the 通报 and who sees the ranking; None: as proposed.

    `against` is the digest of the publication that changes are measured against: NOW, the one of last month in force;
    None: there was none.
    """

    notice: Mapping[str, str] | None = None
    visibility: str | None = None
    against: str | None = NOW


@dataclass(frozen=True)
class Summary:
    """A content without the items' voices, and what all items count as: code, counted items, edition an assessment."""

    content: Content
    facts: list[tuple[str, AssessmentFacts, FrozenRubric]]

    @property
    def items(self) -> list[Counted]:
        return [one for _, facts, _ in self.facts for one in facts.counted.values()]


@dataclass(frozen=True)
class Supposed:
    """What a summary takes for granted beyond what is stored: items by assessment id and task number, stars withheld
    by assessment id."""

    items: Mapping[int, Mapping[int, Counted]]
    vetoes: Mapping[int, set[str]]


def trial_content(period: Period) -> Content:
    """The month as it would be published now, for the office's trial and for 送审稿."""
    content = {**_content(period, None, as_drafted(period)), "kind": "trial", "published": None}
    plain: Content = json.loads(canonical_text(content))
    return plain


def publication_content(
    period: Period,
    number: int,
    published: dict[str, Any],
    fixed: Fixed = Fixed(),  # noqa: B008 - frozen
) -> Content:
    """The content of publication `number`: rulings for later publications and what was recorded later are left out."""
    at = published["at"]
    until = at if isinstance(at, datetime) else datetime.fromisoformat(at)
    drafted = as_drafted(period)
    decided = replace(fixed, notice=fixed.notice or drafted.notice, visibility=fixed.visibility or drafted.visibility)
    return {**_content(period, number, decided, until), "kind": "publication", "published": published}


def as_drafted(period: Period) -> Fixed:
    """Text and visibility as the office has kept them so far."""
    draft = notice_draft(period)
    return Fixed(draft.text, draft.visibility) if draft else Fixed()


def trial_summary(period: Period, supposed: Supposed | None = None) -> Summary:
    """The trial without the items' voices, or the month as it would be with what is supposed."""
    year = _year_of(period)
    rows, facts = _bare_assessments(period, year, supposed or Supposed({}, {}))
    drafted = as_drafted(period)
    summary = _summary(year, rows, drafted)
    notice = _notice(period, year, summary, drafted.notice)
    content = {"month": period.code, "title": year.title, **summary, "notice": notice}
    plain: Content = json.loads(canonical_text(content))
    return Summary(plain, facts)


def _content(period: Period, number: int | None, fixed: Fixed, until: datetime | None = None) -> Content:
    year = _year_of(period)
    items = current_items(AssessmentItem.objects.filter(assessment__period=period), publication_number=number)
    summary = _summary(year, _assessments(period, items, year, until), fixed)
    before = _before(period, fixed.against)
    content = {
        "programme": {"code": period.programme.code, "name": period.programme.name},
        "title": year.title,
        "month": period.code,
        "number": number or 1,
        "previous": _previous(before),
        "rubrics": [_rubric(rubric) for rubric in _rubrics(period)],
        "task_forces": task_forces_of(period),
        **summary,
        "notice": _notice(period, year, summary, fixed.notice),
    }
    return {**content, **_moved(content, before)}


def _before(period: Period, against: str | None) -> Publication | None:
    """Last month's publication in force now, or the one with the digest that is asked for."""
    if against == NOW:
        return publication_before(period)
    rows = Publication.objects.filter(sha256=against).select_related("period") if against else ()
    return next(iter(rows), None)


def _previous(before: Publication | None) -> Content | None:
    """What changes of this month are measured against, for ever."""
    if before is None:
        return None
    return {"month": before.period.code, "number": before.number, "sha256": before.sha256}


def _moved(content: Content, before: Publication | None) -> Content:
    """What moved since, of complete communities, and the month in the one sentence a leader is told."""
    if before is None:
        return {"changes": [], "sentence": leader_sentence(content, None, ())}
    moved = compare(snapshots_of(before.sha256), snapshots(content))
    changes = [change for change in moved if change.is_complete]
    return {"changes": freeze(changes), "sentence": leader_sentence(content, before.data, changes)}


def _notice(period: Period, year: ProgrammeYear, summary: Content, notice: Mapping[str, str] | None) -> Content:
    return dict(notice) if notice else default_notice(summary, year.title, period.code, year.issuer or "")  # type: ignore[attr-defined]


def _year_of(period: Period) -> ProgrammeYear:
    years = ProgrammeYear.objects.annotate(issuer=issuer_of(period))
    return years.get(programme_id=period.programme_id, year=period.month.year)


def _summary(year: ProgrammeYear, assessments: list[Content], fixed: Fixed) -> Content:
    return {
        "schema": 1,
        "label": year.label,
        "rules": _rules(year, fixed.visibility or year.visibility),
        "assessments": assessments,
        "standings": _standings(assessments, year),
        "incomplete": [_incomplete(row) for row in assessments if not row["is_complete"]],
        "star_levels": _star_levels(assessments),
    }


def _rules(year: ProgrammeYear, visibility: str) -> Content:
    return {
        "gap_width": year.gap_width,
        "ranking_keys": year.ranking_keys,
        "total_decimals": year.total_decimals,
        "is_ranked_across_tracks": year.is_ranked_across_tracks,
        "visibility": visibility,
        "sentence": rules_sentence(year),
    }


def rules_sentence(year: ProgrammeYear) -> str:
    """The rule of the table in one sentence, printed under it."""
    keys = {"total": "总分", "exact_total": "未取整的得分率", "star_level": "星级"}
    order = "、".join(keys[key] for key in year.ranking_keys)
    scope = "两类合并排名" if year.is_ranked_across_tracks else "城市、涉农社区分类排名"
    return (
        f"总分＝得分÷适用满分×100，四舍五入保留{year.total_decimals}位小数；{scope}，依次比较{order}，"
        "相同的并列，下一名次顺延；有未完成事项的不排名。星级为测算，未定星。"
    )


def _rubrics(period: Period) -> Iterable[Rubric]:
    return Rubric.objects.filter(assessments__period=period).distinct().order_by("-track", "number")


def _rubric(rubric: Rubric) -> Content:
    frozen = rubric.frozen
    tasks = [_task(star["code"], task) for star in frozen["stars"] for task in star["tasks"]]
    return {
        "track": rubric.track,
        "track_name": Track(rubric.track).label,
        "number": rubric.number,
        "title": rubric.title,
        "label": rubric.label,
        "sha256": rubric.sha256,
        "stars": [
            {key: star[key] for key in ("code", "name", "colour", "order", "pass_percent")} for star in frozen["stars"]
        ],
        "tasks": sorted(tasks, key=lambda task: int(task["number"])),
    }


def _task(star: str, task: Content) -> Content:
    kept = ("number", "key", "title", "standard", "window", "may_not_apply", "full_points", "criterion_text")
    return {**{key: task[key] for key in kept}, "star": star}


def _assessments(
    period: Period, items: list[CurrentItem], year: ProgrammeYear, until: datetime | None
) -> list[Content]:
    """Every assessment with its items; it is rated from the very items that stand under it."""
    own = {pk: list(found) for pk, found in groupby(items, key=lambda current: current.item.assessment_id)}
    signed = {row.street_id: row for row in _sign_offs(period)}
    posts = [*appointments_on(items), *(row.appointment for row in signed.values())]
    held = {one.pk: one for one in posts}
    places = [found[0].assessment for found in own.values()]
    names = _names(period, {one.position.organisation_id for one in held.values()}, places)
    positions = positions_of(held.values(), names)
    facts = [AssessmentFacts(pk, {one.task.number: one.counted for one in found}) for pk, found in own.items()]
    editions = {row.pk: _edition(row, year) for row in places}
    withheld = _withheld(period, editions)
    beside, ways = beside_items(period, items, until), next_star_rows(facts, editions, withheld)
    return [
        {
            **row,
            "next_stars": ways[pk],
            "items": [{**item_row(current, positions), **beside[current.item.pk]} for current in own[pk]],
            "sign_off": _sign_off(own[pk], signed.get(own[pk][0].assessment.street_id), positions),
        }
        for pk, row in _rated(places, facts, names, editions, withheld)
    ]


def _bare_assessments(
    period: Period, year: ProgrammeYear, supposed: Supposed
) -> tuple[list[Content], list[tuple[str, AssessmentFacts, FrozenRubric]]]:
    rows = period.assessments.select_related("subject", "street", "placement", "rubric").defer("rubric__content")
    places = list(rows.order_by("subject__code"))
    editions = {row.pk: _edition(row, year) for row in places}
    stored = counted_by_assessment(AssessmentItem.objects.filter(assessment__period=period), editions)
    facts = [AssessmentFacts(pk, {**own, **supposed.items.get(pk, {})}) for pk, own in stored]
    kinds = {pk: [{"number": number, "kind": one.kind} for number, one in own.items()] for pk, own in facts}
    withheld = {**_withheld(period, editions), **supposed.vetoes}
    found = _rated(places, facts, _names(period, set(), places), editions, withheld)
    codes = {row.pk: row.subject.code for row in places}
    return (
        [{**row, "items": kinds[pk]} for pk, row in found],
        [(codes[one.assessment_id], one, editions[one.assessment_id].rubric) for one in facts],
    )


def _rated(
    places: list[Assessment],
    facts: list[AssessmentFacts],
    names: dict[int, str],
    editions: Mapping[int, Edition],
    withheld: Mapping[int, set[str]],
) -> list[tuple[int, Content]]:
    """What a publication says of each assessment beyond its items, with its id."""
    ratings = ratings_from(facts, editions, withheld)
    return [(row.pk, _assessment(row, ratings[row.pk], names)) for row in places]


def _withheld(period: Period, editions: Mapping[int, Edition]) -> dict[int, set[str]]:
    """Stars under a veto by assessment id; not asked where no edition knows one."""
    may_be_vetoed = any(one.rubric.may_be_vetoed for one in editions.values())
    return vetoed_stars(period.assessments.all()) if may_be_vetoed else {}


def _edition(row: Assessment, year: ProgrammeYear) -> Edition:
    return edition(row.rubric.sha256, year.gap_width, year.total_decimals)


def _sign_offs(period: Period) -> Iterable[SignOff]:
    """All signatures of the month, of each street the newest last."""
    rows = SignOff.objects.filter(period=period).select_related("signed_by", "appointment__position")
    return rows.order_by("number")


def _names(period: Period, ids: set[int], places: list[Assessment]) -> dict[int, str]:
    """What organisations and the streets of these assessments are called on the month's last day, by id."""
    found = Organisation.objects.as_of(period.last_day).in_bulk(ids | {row.street_id for row in places})
    return {pk: one.name or one.code for pk, one in found.items()}


def _assessment(assessment: Assessment, rating: Rating, names: dict[int, str]) -> Content:
    placement = assessment.placement
    return {
        "organisation": assessment.subject.code,
        "name": placement.name,
        "form_name": PartyForm(placement.form).label if placement.form else "",
        "street": {"code": assessment.street.code, "name": names[assessment.street_id]},
        "track": assessment.track,
        "track_name": Track(assessment.track).label,
        "rubric": assessment.rubric.sha256,
        "points": rating.points,
        "applicable_points": rating.applicable_points,
        "total": rating.total,
        "star_level": rating.star_level,
        "is_complete": rating.is_complete,
        "provisional_items": rating.provisional_items,
        "empty_items": rating.empty_items,
        "stars": rating.stars,
    }


def _sign_off(items: list[CurrentItem], signed: SignOff | None, positions: Positions) -> Content | None:
    """The street's signature if it covers every view of the street that stands here; a later view is unsigned."""
    if signed is None or any(one.street is not None and one.street.pk > signed.last_review_id for one in items):
        return None
    return sign_off_row(signed, positions)


def _standings(assessments: list[Content], year: ProgrammeYear) -> list[Content]:
    by_code = {row["organisation"]: row for row in assessments}
    entrants = [_entrant(row) for row in assessments if row["is_complete"] and row["total"] is not None]
    return [
        {
            "organisation": place.code,
            "name": by_code[place.code]["name"],
            "street_name": by_code[place.code]["street"]["name"],
            "track": place.track,
            "track_name": by_code[place.code]["track_name"],
            "place": place.place,
            "is_tied": place.is_tied,
            "out_of": place.out_of,
            "total": by_code[place.code]["total"],
            "star_level": by_code[place.code]["star_level"],
        }
        for place in standings(entrants, year.ranking_keys, across_tracks=year.is_ranked_across_tracks)
    ]


def _entrant(row: Content) -> Entrant:
    return Entrant(
        code=row["organisation"],
        track=row["track"],
        total=int(row["total"].scaleb(2)),
        points=int(row["points"].scaleb(2)),
        applicable=int(row["applicable_points"].scaleb(2)),
        star_level=row["star_level"],
    )


def _incomplete(row: Content) -> Content:
    return {
        "organisation": row["organisation"],
        "name": row["name"],
        "street_name": row["street"]["name"],
        "track": row["track"],
        "track_name": row["track_name"],
        "empty_items": row["empty_items"],
        "tasks": [item["number"] for item in row["items"] if item["kind"] in ("empty", "claimed")],
    }


def _star_levels(assessments: list[Content]) -> dict[str, int]:
    found = Counter(row["star_level"] for row in assessments)
    return {str(level): found[level] for level in range(5, -1, -1)}
