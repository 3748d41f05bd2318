"""Samples as those who drew them work through them: by street and community, with what was found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import reverse

from branches.acting import Officer
from branches.choices import Level
from branches.models import Organisation
from branches.permissions import has_right
from core.models import User
from core.permit import Permit
from core.templatetags.portal import moment
from scoring.choices import Axis, DrawnBy, Finding, ReviewBasis
from scoring.models import AssessmentItem, Period, SpotCheck, SpotCheckItem, SpotCheckResult
from scoring.page_links import PageLink
from scoring.permissions import SPOT_CHECKING, can_record_finding, can_review
from scoring.selectors.current import CurrentItem, look_at_page, page_rows
from scoring.selectors.review_list import counted_words, plain, stated


@dataclass(frozen=True)
class CheckRow:
    """One drawn item with what was reported and found, in ready-made words."""

    pk: int
    item: int
    version: int
    revision: int
    task: str
    standard: str
    criterion: str
    evidence: str
    full: str
    reported: str
    derivation: str
    note: str
    counted: str
    why: DrawnBy
    doubts: str
    result: SpotCheckResult | None
    who: str
    view: str
    is_outdated: bool
    is_agreeable: bool
    may_record: Permit
    may_review: Permit

    @property
    def is_match(self) -> bool:
        return self.result is not None and self.result.result == Finding.MATCHES

    @property
    def is_difference(self) -> bool:
        return self.result is not None and self.result.result == Finding.DIFFERS

    @property
    def ticket(self) -> str:
        """The item with the picture of it that is on the screen."""
        return f"{self.item}:{self.version}"


@dataclass(frozen=True)
class Place:
    """One community of the tour; `label` marks a sample rubric."""

    code: str
    community: str
    street: str
    track: str
    label: str
    rows: list[CheckRow]

    @property
    def done(self) -> int:
        return sum(row.result is not None for row in self.rows)


@dataclass(frozen=True)
class Tour:
    """A whole sample in the order of the tour; `drawer`: the name of those who drew it."""

    drawer: str
    streets: list[tuple[str, list[Place]]]
    counts: dict[str, int]
    agreeable: list[CheckRow]

    @property
    def places(self) -> list[Place]:
        return [place for _, places in self.streets for place in places]


@dataclass(frozen=True)
class Line:
    """One sample in the list of a month."""

    spot_check: SpotCheck
    organisation: str
    items: int
    communities: int
    matches: int
    differs: int

    @property
    def done(self) -> int:
        return self.matches + self.differs


def spot_check_lines(period: Period, user: User) -> list[Line]:
    """The samples of a month that this account sees, newest first; five queries."""
    checks = SpotCheck.objects.visible_to(user).filter(period=period).select_related("drawn_by").order_by("-pk")
    drawn = list(
        SpotCheckItem.objects.filter(spot_check__in=checks).values_list("spot_check", "pk", "item__assessment")
    )
    found = results_in_force([pk for _, pk, _ in drawn])
    names = _names({row.organisation_id for row in checks}, period)
    return [_line(row, [one[1:] for one in drawn if one[0] == row.pk], found, names) for row in checks]


def link_to_spot_checks(user: User, period: Period, place: str) -> list[PageLink]:
    """The way from the page of a month for whoever may draw samples."""
    if place != "period" or not any(has_right(user, right) for right in SPOT_CHECKING):
        return []
    return [("抽查核验", reverse("scoring:spot_checks", args=[period.code]))]


def tour_of(spot_check: SpotCheck, officer: Officer | None, only: int | None = None) -> Tour:
    """A sample with what was found; with `only` a single drawn item of it. Without an officer nothing may be done."""
    drawn = SpotCheckItem.objects.filter(spot_check=spot_check)
    rows = {row.item_id: row for row in (drawn.filter(pk=only) if only else drawn)}
    wanted = page_rows(AssessmentItem.objects.filter(pk__in=rows))
    items = look_at_page(wanted.select_related("report_now__appointment__position"))  # type: ignore[misc]
    found = newest_results([row.pk for row in rows.values()])
    streets = {one.assessment.street_id for one in items}
    names = _names(streets | {spot_check.organisation_id}, spot_check.period)
    axis = axis_of(spot_check)
    may_record = can_record_finding(officer, spot_check) if officer else Permit(False, "")
    lines = [(one, _row(one, rows[one.item.pk], found, axis, officer, may_record)) for one in items]
    return _tour(names[spot_check.organisation_id], lines, names)


def results_in_force(drawn: Any) -> dict[int, SpotCheckResult]:
    """What counts of the results of drawn items, by their ids; none where it was taken back."""
    return {pk: row for pk, row in newest_results(drawn).items() if row.result != Finding.NOT_CHECKED}


def newest_results(drawn: Any) -> dict[int, SpotCheckResult]:
    """The newest result of each drawn item by its id, one that takes back as well."""
    rows = SpotCheckResult.objects.filter(drawn__in=drawn).select_related("checked_by").order_by("revision")
    return {row.drawn_id: row for row in rows}


def axis_of(spot_check: SpotCheck) -> Axis:
    """On which axis those who drew the sample review."""
    return Axis.STREET if spot_check.organisation.level == Level.STREET else Axis.TASK_FORCE


def is_match(result: SpotCheckResult | None, item: AssessmentItem) -> bool:
    """Whether the item as it is reported now was found to match."""
    return result is not None and result.result == Finding.MATCHES and result.round == item.round


def _line(
    row: SpotCheck, drawn: list[tuple[int, int]], found: dict[int, SpotCheckResult], names: dict[int, str]
) -> Line:
    results = Counter(found[pk].result for pk, _ in drawn if pk in found)
    return Line(
        spot_check=row,
        organisation=names[row.organisation_id],
        items=len(drawn),
        communities=len({assessment for _, assessment in drawn}),
        matches=results[Finding.MATCHES],
        differs=results[Finding.DIFFERS],
    )


def _names(ids: set[int], period: Period) -> dict[int, str]:
    """Names on the month's last day by id."""
    found = Organisation.objects.as_of(period.last_day).in_bulk(ids)
    return {pk: one.name or one.code for pk, one in found.items()}


def _tour(drawer: str, lines: list[tuple[CurrentItem, CheckRow]], names: dict[int, str]) -> Tour:
    ordered = sorted(lines, key=lambda line: line[0].assessment.street.code)
    streets = [
        (names[street], [_place(list(found), names[street]) for _, found in groupby(group, key=_community)])
        for street, group in groupby(ordered, key=lambda line: line[0].assessment.street_id)
    ]
    rows = [row for _, row in ordered]
    matches, differs = sum(row.is_match for row in rows), sum(row.is_difference for row in rows)
    counts = {"total": len(rows), "matches": matches, "differs": differs, "left": len(rows) - matches - differs}
    return Tour(drawer, streets, counts, [row for row in rows if row.is_agreeable])


def _community(line: tuple[CurrentItem, CheckRow]) -> int:
    return line[0].assessment.pk


def _place(lines: list[tuple[CurrentItem, CheckRow]], street: str) -> Place:
    assessment = lines[0][0].assessment
    return Place(
        code=assessment.subject.code,
        community=assessment.placement.name,
        street=street,
        track=assessment.get_track_display(),
        label=assessment.rubric.label,
        rows=[row for _, row in lines],
    )


def _row(
    current: CurrentItem,
    drawn: SpotCheckItem,
    found: dict[int, SpotCheckResult],
    axis: Axis,
    officer: Officer | None,
    may_record: Permit,
) -> CheckRow:
    task, report, newest = current.task, current.report, found.get(drawn.pk)
    result = newest if newest is not None and newest.result != Finding.NOT_CHECKED else None
    may_review = can_review(officer, current, axis) if officer else Permit(False, "")
    return CheckRow(
        pk=drawn.pk,
        item=current.item.pk,
        version=current.item.version,
        revision=newest.revision if newest else 0,
        task=f"第 {task.number} 项 {task.title}",
        standard=task.standard,
        criterion=task.criterion_text,
        evidence=task.evidence_hint,
        full=plain(task.full_points),
        reported=stated(report),
        derivation=report.derivation if report else "本轮尚未报送",
        note=report.note if report else "",
        counted=counted_words(current.counted),
        why=DrawnBy(drawn.why),
        doubts=drawn.doubts,
        result=result,
        who=f"{result.checked_by.name} {moment(result.at)}" if result else "",
        view=_view(current, axis),
        is_outdated=result is not None and result.round != current.item.round,
        is_agreeable=is_match(result, current.item) and bool(may_review) and current.review_on(axis) is None,
        may_record=may_record,
        may_review=may_review,
    )


def _view(current: CurrentItem, axis: Axis) -> str:
    """What those who check have said of the item as reviewers."""
    review = current.review_on(axis)
    if review is None:
        return ""
    by_check = f"（{ReviewBasis.SPOT_CHECK.label}）" if review.basis == ReviewBasis.SPOT_CHECK else ""
    return f"{review.get_outcome_display()} {stated(review)}{by_check}"
