"""Ratings computed afresh: what the rating service stores, the nightly proof compares and a trial shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from scoring.calc.frozen import FrozenRubric
from scoring.calc.stars import KnownStars, StarResult, rate
from scoring.models import Assessment, AssessmentItem, Period, Rating
from scoring.selectors.facts import AssessmentFacts, Edition, counted_by_assessment, editions_of
from scoring.selectors.vetoes import vetoed_stars

RATED_FIELDS = (
    "points",
    "applicable_points",
    "total",
    "star_level",
    "stars",
    "provisional_items",
    "empty_items",
    "gap_items",
    "is_complete",
)


def rated(period: Period) -> dict[int, Rating]:
    """Fresh, unsaved ratings of the period by assessment id."""
    return {row.assessment_id: _rating(row) for row in rated_rows(period)}


def rated_rows(period: Period, assessment_ids: Collection[int] | None = None) -> Iterator[RatedRow]:
    """Fresh ratings of the period, or of some of its assessments, by assessment id; one after the other."""
    assessments = Assessment.objects.filter(period=period)
    items = AssessmentItem.objects.filter(assessment__period=period)
    if assessment_ids is not None:
        assessments = assessments.filter(pk__in=assessment_ids)
        items = AssessmentItem.objects.filter(assessment__in=assessment_ids)
    editions = editions_of(assessments)
    return _rows_from(counted_by_assessment(items, editions), editions, vetoed_stars(assessments))


def ratings_from(
    facts: Iterable[AssessmentFacts], editions: Mapping[int, Edition], vetoes: Mapping[int, Collection[str]]
) -> dict[int, Rating]:
    """Unsaved ratings of assessments whose items have been counted, by id."""
    return {row.assessment_id: _rating(row) for row in _rows_from(facts, editions, vetoes)}


def differences(period: Period) -> list[str]:
    """Where stored ratings differ from recomputed ones, a line each; empty when all is well."""
    fresh = rated(period)
    stored = {rating.assessment_id: rating for rating in Rating.objects.filter(assessment__period=period)}
    names = dict(Assessment.objects.filter(period=period).values_list("pk", "subject__code"))
    lines = [f"{names[pk]}：缺少评星结果" for pk in fresh.keys() - stored.keys()]
    lines += [f"{names[pk]}：多出评星结果" for pk in stored.keys() - fresh.keys()]
    for pk in fresh.keys() & stored.keys():
        changed = [name for name in RATED_FIELDS if getattr(fresh[pk], name) != getattr(stored[pk], name)]
        if changed:
            lines.append(f"{names[pk]}：{'、'.join(changed)} 与重算不一致")
    return sorted(lines)


class RatedRow(NamedTuple):
    """A rating as it is stored: amounts in hundredths, `stars` as rows of text. Rows share what is equal in them."""

    assessment_id: int
    points: int
    applicable_points: int
    total: int | None
    star_level: int
    stars: list[dict[str, Any]]
    provisional_items: int
    empty_items: int
    gap_items: int
    is_complete: bool


def _rows_from(
    facts: Iterable[AssessmentFacts], editions: Mapping[int, Edition], vetoes: Mapping[int, Collection[str]]
) -> Iterator[RatedRow]:
    known: KnownStars = {}
    texts: dict[tuple[int, StarResult], dict[str, Any]] = {}
    for assessment_id, counted in facts:
        rubric, _, decimals = editions[assessment_id]
        result = rate(rubric, counted, vetoes.get(assessment_id, ()), decimals, known)
        yield RatedRow(
            assessment_id,
            result.points,
            result.applicable,
            result.total,
            result.star_level,
            [_star_row(rubric, place, star, texts) for place, star in enumerate(result.stars)],
            result.provisional_items,
            result.empty_items,
            result.gap_items,
            result.is_complete,
        )


def _rating(row: RatedRow) -> Rating:
    amounts = {
        "points": _decimal(row.points),
        "applicable_points": _decimal(row.applicable_points),
        "total": None if row.total is None else _decimal(row.total),
    }
    return Rating(**row._asdict() | amounts)


def _star_row(
    rubric: FrozenRubric, place: int, star: StarResult, texts: dict[tuple[int, StarResult], dict[str, Any]]
) -> dict[str, Any]:
    """A star as stored, shown, served and published: amounts as text, reasons as sentences."""
    rule = rubric.stars[place]
    found = texts.get((id(rule), star))
    if found is not None:
        return found
    row = texts[id(rule), star] = {
        "code": star.code,
        "name": rule.name,
        "colour": rule.colour,
        "points": _text(star.points),
        "applicable_points": _text(star.applicable),
        "full_points": _text(star.full),
        "pass_percent": _text(rule.pass_percent),
        "is_rated": star.won is not None,
        "won": star.won,
        "missing": _text(star.missing),
        "reasons": list(_reasons(star, rule.pass_percent, {one.code: one.name for one in rubric.stars})),
    }
    return row


def _reasons(star: StarResult, pass_percent: int, names: Mapping[str, str]) -> Iterable[str]:
    if star.won is None:
        yield "全部任务不涉及，不评此星"
        return
    if star.missing:
        share = f"{_plain(star.points)}/{_plain(star.applicable)}"
        yield f"得{share}分，达标线{_plain(pass_percent)}%，还差{_plain(star.missing)}分"
    for code in star.barred_by:
        yield f"前置的{names[code]}未得"
    if star.is_vetoed:
        yield "一票否决"


def _decimal(amount: int) -> Decimal:
    return Decimal(amount).scaleb(-2)


def _text(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}"


def _plain(amount: int) -> str:
    return _text(amount).rstrip("0").rstrip(".")
