"""The report form of one community and month: rows in the order they should be looked at.

Returned items first, then what is to fill (past its day, doubtful, the rest), what the ground yields, unchanged states
in one block, what is sent at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from branches.acting import Officer
from core import clock
from core.fields import to_hundredths
from core.models import User
from core.permit import Permit
from core.templatetags.portal import moment
from scoring.calc.counted import CLAIMED, POINTS, Counted
from scoring.calc.frozen import FrozenRubric, FrozenStar
from scoring.calc.stars import StarResult, missing_for, rate
from scoring.choices import Outcome
from scoring.models import Assessment, AssessmentItem, ProgrammeYear, Rating, Review
from scoring.permissions import can_confirm, can_report
from scoring.selectors.assignments import held_in
from scoring.selectors.current import CurrentItem, current_items, frozen_rubric
from scoring.selectors.drafts import is_same_entry, shown_entry
from scoring.selectors.explain import explain_rating
from scoring.selectors.next_star import Advice, advice_for
from scoring.selectors.on_behalf import attach_confirmations, awaits_confirmation
from scoring.selectors.proposals import propose_for_entry
from scoring.selectors.receipt import Receipt, receipt
from scoring.selectors.report_row import Fields, Row, derived_of, row_of, words
from scoring.selectors.vetoes import vetoed_stars

SECTIONS = (
    ("returned", "退回的事项", "按退回理由改好后再报；没有改动的不会重新报送。"),
    ("todo", "要填的事项", ""),
    ("proposed", "取自底数的事项", "看一遍，点“报送”一并确认。与实际不符的，先改底数；仍不同意的改这里，并写明原因。"),
    ("unchanged", "与上月一致的事项", ""),
    ("sent", "已报送的事项", ""),
)


@dataclass(frozen=True, slots=True)
class StarLine:
    """A star's running points; `line` and `sum` in hundredths for the page's own arithmetic."""

    code: str
    name: str
    colour: str
    points: str
    full: str
    missing: str
    line: int
    sum: int
    reasons: list[str]
    is_rated: bool


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    hint: str
    rows: list[Row]


@dataclass(slots=True)
class ReportForm:
    """Everything of the page; `rows` in the order of the numbers."""

    rows: list[Row]
    sections: list[Section]
    unchanged: list[Row]
    stars: list[StarLine]
    next_stars: list[Advice]
    filled: int
    points: str
    full: str
    can_report: Permit
    is_on_behalf: bool
    is_editable: bool
    receipt: Receipt | None
    to_confirm: list[CurrentItem]
    explanation: str
    as_of: str = ""

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def proposed(self) -> list[Row]:
        """Rows that say what the ground yields, to be confirmed as they are."""
        return [row for row in self.rows if row.section == "proposed"]

    @property
    def against(self) -> list[Row]:
        """Rows that say otherwise than the ground, before they are sent."""
        return [row for row in self.rows if row.is_editable and row.is_against]

    @property
    def ready_ids(self) -> list[int]:
        """Items with a draft to send; returned ones only once something was changed."""
        return [row.pk for row in self.rows if row.is_editable and row.saved and not row.is_untouched]


def report_form(
    assessment: Assessment,
    officer: Officer,
    user: User,
    *,
    typed: Mapping[int, Fields] | None = None,
    errors: Mapping[int, str] | None = None,
) -> ReportForm:
    """The form as this officer sees it; `typed` and `errors` by item id bring back what could not be taken."""
    permit = can_report(officer, assessment)
    items = AssessmentItem.objects.filter(assessment=assessment)
    found = current_items(_beside_last_month(items if permit else items.visible_to(user)), assessment=assessment)
    attach_confirmations(found)
    if permit:
        propose_for_entry(found)
    rubric = frozen_rubric(assessment.rubric.sha256)
    rows = [row_of(one, officer, permit, typed or {}, errors or {}) for one in found]
    _look_at_returned(rows, found)
    _name_duties(rows, found, assessment)
    sees_stars = bool(permit) or Rating.objects.visible_to(user).filter(assessment=assessment).exists()
    is_editable = any(row.is_editable for row in rows)
    filled = sum(_is_filled(row) for row in rows)
    stars, next_stars = _stars(assessment, rubric, _counted(rows, found), filled) if sees_stars else ([], [])
    return ReportForm(
        rows=rows,
        sections=[section for section in _sections(rows, rubric) if section.key != "unchanged"],
        as_of=next((one.proposal.as_of for one in found if one.proposal is not None), ""),
        unchanged=[row for row in rows if row.section == "unchanged"],
        stars=stars,
        next_stars=next_stars,
        filled=filled,
        points=words(sum(row.hundredths or 0 for row in rows)),
        full=words(sum(one.task.full for one in found)),
        can_report=permit,
        is_on_behalf=bool(permit) and officer.organisation.pk != assessment.subject_id,
        is_editable=is_editable,
        receipt=receipt(found) if permit else None,
        to_confirm=[one for one in found if awaits_confirmation(one)] if can_confirm(officer, assessment) else [],
        explanation=_explanation(assessment, found, is_editable) if sees_stars else "",
    )


def _beside_last_month(items: Any) -> Any:
    """The items with last month's report of the same task beside them."""
    return (
        items.select_related("prefilled_from", "draft_by")
        .annotate(
            last_report=FilteredRelation(
                "previous__reports", condition=Q(previous__reports__round=F("previous__round"))
            )
        )
        .annotate(
            last_kind=F("last_report__kind"),
            last_points=Cast(F("last_report__points"), CharField()),
            last_derivation=F("last_report__derivation"),
            total_decimals=Subquery(_year_of_item().values("total_decimals")[:1]),
        )
    )


def _year_of_item() -> QuerySet[ProgrammeYear]:
    return ProgrammeYear.objects.filter(
        programme=OuterRef("assessment__period__programme"), year=OuterRef("assessment__period__month__year")
    )


def _explanation(assessment: Assessment, found: list[Any], is_editable: bool) -> str:
    """How total and stars came about, once nothing more is to be entered."""
    if is_editable or not found or not hasattr(assessment, "rating"):
        return ""
    return explain_rating(assessment.rating, found[0].item.total_decimals)


def _is_filled(row: Row) -> bool:
    return row.section in ("sent", "unchanged", "proposed") or (bool(row.saved) and not row.is_untouched)


# -- sections


def _sections(rows: list[Row], rubric: FrozenRubric) -> list[Section]:
    stars = {star.code: star for star in rubric.stars}
    found = []
    for key, title, hint in SECTIONS:
        own = sorted((row for row in rows if row.section == key), key=lambda row: _order(row, stars))
        _name_stars(own, stars)
        if own:
            found.append(Section(key, title, hint, own))
    return found


def _order(row: Row, stars: Mapping[str, FrozenStar]) -> tuple[bool, bool, int, int]:
    """What is past its day first, then what asks for a look, then by star and number."""
    return not row.is_duty_past, not row.look_reason, stars[row.star].order, row.number


def _name_stars(rows: list[Row], stars: Mapping[str, FrozenStar]) -> None:
    before = None
    for row in rows:
        row.starts_star = row.star != before
        row.star_name, row.star_colour = stars[row.star].name, stars[row.star].colour
        before = row.star


def _name_duties(rows: list[Row], found: list[CurrentItem], assessment: Assessment) -> None:
    """Who answers for each row and by when, as it is in force for the month; a day gone by is said until it is sent."""
    held = held_in(assessment.subject_id, assessment.period.month)
    today = clock.today()
    for row, one in zip(rows, found, strict=True):
        duty = held.get(one.task.key)
        if duty is not None:
            row.duty = duty.words
            row.is_duty_past = row.section != "sent" and duty.is_past(today)


def _look_at_returned(rows: list[Row], found: list[CurrentItem]) -> None:
    """Give returned rows the reasons of their return, and mark those that still say what was returned."""
    returned = {row.pk: row for row in rows if row.section == "returned"}
    if not returned:
        return
    drafts = {one.item.pk: one.item.draft for one in found}
    for review in _returns(list(returned)):
        row = returned[review.item_id]
        row.returned.append(f"{review.get_axis_display()}退回（{moment(review.at)}）：{review.reason}")
        before = {"kind": review.was_kind, "value": review.was_value, "note": review.was_note}
        row.is_untouched = is_same_entry(drafts[row.pk], before)


def _returns(ids: list[int]) -> Any:
    """The returns of the round before the present one, each with what was reported then."""
    return (
        Review.objects.filter(item__in=ids, outcome=Outcome.RETURN, round=F("item__round") - 1)
        .in_force()
        .annotate(was=FilteredRelation("item__reports", condition=Q(item__reports__round=F("round"))))
        .annotate(was_kind=F("was__kind"), was_value=F("was__value"), was_note=F("was__note"))
        .order_by("pk")
    )


# -- stars


def _counted(rows: list[Row], found: list[CurrentItem]) -> dict[int, Counted]:
    """By task number: who may still enter sees her drafts as if they were sent, everybody else what counts."""
    return {
        one.task.number: _as_if_sent(one) if row.is_editable else one.counted
        for row, one in zip(rows, found, strict=True)
    }


def _stars(
    assessment: Assessment, rubric: FrozenRubric, counted: Mapping[int, Counted], filled: int
) -> tuple[list[StarLine], list[Advice]]:
    """Stars as they would be if everything filled in so far were sent: 测算 only. Once nothing is left to fill in, the
    way to those not won."""
    vetoed = _vetoed(assessment) if rubric.may_be_vetoed else set()
    result = rate(rubric, counted, vetoed, 2)
    names = {star.code: star.name for star in rubric.stars}
    lines = [_star_line(star, rule, names) for star, rule in zip(result.stars, rubric.stars, strict=True)]
    not_won = {star.code for star in result.stars if star.won is False}
    asked = not_won if filled == len(counted) else set()
    return lines, advice_for(assessment, rubric, counted, vetoed, asked)


def _vetoed(assessment: Assessment) -> set[str]:
    return vetoed_stars(Assessment.objects.filter(pk=assessment.pk)).get(assessment.pk, set())


def _star_line(star: StarResult, rule: FrozenStar, names: Mapping[str, str]) -> StarLine:
    reasons = [f"前置的{names[code]}未达标" for code in star.barred_by]
    if star.is_vetoed:
        reasons.append("一票否决")
    return StarLine(
        code=star.code,
        name=rule.name,
        colour=rule.colour,
        points=words(star.points),
        full=words(star.applicable),
        missing=words(star.missing) if star.missing else "",
        line=missing_for(0, star.applicable, rule.pass_percent),
        sum=star.points,
        reasons=reasons,
        is_rated=star.won is not None,
    )


def _as_if_sent(current: CurrentItem) -> Counted:
    """The counted points, of unsent items what is filled in or stands unchanged."""
    shown = shown_entry(current)
    if current.report is not None or current.ruling is not None or shown is None:
        return current.counted
    derived = derived_of(current.task, shown)
    if derived is None:
        return Counted(CLAIMED, None, "report", None, False, True)
    return Counted(POINTS, to_hundredths(derived.points), "report", None, False, True)
