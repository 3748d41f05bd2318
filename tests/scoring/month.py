"""A programme with two small editions, and the acts of a month through the real services, for tests that need one.

    period = open_month(town, "2026-09")
    report_all(town, period)              everybody reports full points (or `entries` by task number)
    review_all(town, period)              both axes agree in bulk
    close_month(town, period); publish_month(town, period)

Or in one word `play_month(town, "2026-09")`. The clock stands in the month that is
played. `item_of(period, town.fuhou, 3)` finds an item; `review(town, item, Axis.STREET, Outcome.SET, "2.00", "…")`
lets the person responsible speak.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from branches.acting import Officer
from branches.choices import Track
from branches.models import Organisation
from core import clock
from scoring.calc.criteria import reachable
from scoring.calc.edition import Edition, EditionStar, EditionTask
from scoring.calc.windows import month_after
from scoring.choices import Axis, ItemState, Outcome
from scoring.imports import read_rubrics
from scoring.models import (
    Assessment,
    AssessmentItem,
    Period,
    Programme,
    ProgrammeYear,
    Publication,
    Report,
    Review,
    StarKind,
    StarResponsibility,
)
from scoring.selectors.current import current_items
from scoring.services.period import close_period, open_period
from scoring.services.publication import publish_ranking
from scoring.services.report import submit_items
from scoring.services.review import review_item, review_items
from scoring.services.rubric import draft_edition, publish_rubric
from scoring.services.ruling import settle_remaining
from scoring.star_kinds import BY_CODE, KINDS
from tests.people import Town

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_MONTH = date(2026, 1, 1)
LABEL = "示例，待区委组织部确认"
SAMPLE_RUBRICS = Path(__file__).parents[2] / "data" / "sample-rubrics.yaml"

# Which task force (by number) serves which star; the agricultural half is a sample.
RESPONSIBILITIES = {
    Track.URBAN: ("branch_strength", "joint_sharing", "safety_law", "happiness_harmony", "business_prosperity"),
    Track.AGRICULTURAL: (
        "branch_strength",
        "ecology_livability",
        "safety_law",
        "civility_happiness",
        "industry_prosperity",
    ),
}


# -- the editions: 8 urban and 6 agricultural tasks, 100 points each, 20 a star, pass line 80 %


def _graded(*points: int) -> dict[str, Any]:
    labels = ("达到要求", "部分达到", "未开展")
    return {
        "kind": "graded",
        "levels": [{"label": labels[i], "points": f"{value}.00"} for i, value in enumerate(points)],
    }


def _judged(step: str = "0.50", *, needs_note: bool) -> dict[str, Any]:
    return {"kind": "judged", "step": step, "needs_note": needs_note}


# number, key, title, window, may_not_apply, full points, criterion
Row = tuple[int, str, str, str, bool, int, dict[str, Any]]
SECRETARY: Row = (1, "secretary", "争当好支书", "month", False, 10, _judged(needs_note=True))
CENTRE: Row = (2, "centre", "党群服务阵地“六有”", "state", False, 10, _graded(10, 6, 0))
PATROL: Row = (5, "patrol", "网格巡查和矛盾调解", "month", False, 20, _graded(20, 14, 0))
URBAN: dict[str, tuple[Row, ...]] = {
    "branch_strength": (SECRETARY, CENTRE),
    "joint_sharing": (
        (3, "property", "物业服务覆盖", "state", True, 12, _graded(12, 8, 0)),
        (4, "liaison", "共建联席会议", "quarter", False, 8, _judged("1.00", needs_note=False)),
    ),
    "safety_law": (PATROL,),
    "happiness_harmony": (
        (6, "elderly", "一老一小服务", "year", False, 10, _judged(needs_note=False)),
        (7, "culture", "文化活动场所", "state", False, 10, _graded(10, 5, 0)),
    ),
    "business_prosperity": ((8, "training", "技能培训基地", "state", True, 20, _graded(20, 16, 0)),),
}
AGRICULTURAL: dict[str, tuple[Row, ...]] = {
    "branch_strength": (SECRETARY, CENTRE),
    "industry_prosperity": ((3, "industry", "壮大集体经济", "year", False, 20, _judged(needs_note=False)),),
    "ecology_livability": ((4, "cleanup", "人居环境整治", "state", True, 20, _graded(20, 16, 0)),),
    "safety_law": (PATROL,),
    "civility_happiness": ((6, "civility", "移风易俗", "quarter", False, 20, _judged(needs_note=True)),),
}


def small_editions() -> tuple[Edition, ...]:
    return (
        _edition(Track.URBAN, "城市社区评星标准（测试）", URBAN),
        _edition(Track.AGRICULTURAL, "涉农社区评星标准（测试）", AGRICULTURAL),
    )


@cache
def sample_editions() -> tuple[Edition, ...]:
    """The two sample rubrics that ship: 29 tasks each."""
    return read_rubrics(SAMPLE_RUBRICS.read_text(encoding="utf-8")).editions


def _edition(track: str, title: str, stars: Mapping[str, tuple[Row, ...]]) -> Edition:
    return Edition(
        track=track,
        title=title,
        label=LABEL,
        document_no="",
        stars=tuple(_star(code, order, rows) for order, (code, rows) in enumerate(stars.items(), start=1)),
    )


def _star(code: str, order: int, rows: tuple[Row, ...]) -> EditionStar:
    kind = BY_CODE[code]
    tasks = tuple(_task(row) for row in rows)
    return EditionStar(kind.code, kind.name, kind.colour, order, Decimal(80), (), (), tasks)


def _task(row: Row) -> EditionTask:
    number, key, title, window, may_not_apply, full, criterion = row
    return EditionTask(
        number=number,
        key=key,
        title=title,
        standard=f"{title}达到要求。",
        window=window,
        may_not_apply=may_not_apply,
        full_points=Decimal(full),
        criterion=criterion,
        evidence_hint="",
        indicator="",
    )


# -- the programme


def set_up_programme(town: Town, editions: tuple[Edition, ...] | None = None) -> Programme:
    """Programme, year 2026, star kinds, responsibilities of the five task forces, published editions from January."""
    programme = Programme.objects.create(code="wuxing", name="“五星”支部创建", required_tasks=None)
    ProgrammeYear.objects.create(
        programme=programme, year=2026, title="“五星”支部创建", label=LABEL, gap_width=Decimal("1.00"), total_decimals=2
    )
    kinds = StarKind.objects.bulk_create([StarKind(code=k.code, name=k.name, colour=k.colour) for k in KINDS])
    by_code = {kind.code: kind for kind in kinds}
    StarResponsibility.objects.bulk_create(
        StarResponsibility(task_force=force, star_kind=by_code[code], track=track, from_month=FIRST_MONTH)
        for track, codes in RESPONSIBILITIES.items()
        for force, code in zip(town.task_forces, codes, strict=True)
    )
    for edition in editions or small_editions():
        rubric = draft_edition(actor=town.wang, programme=programme, edition=edition, first_month=FIRST_MONTH)
        publish_rubric(actor=town.wang, rubric=rubric)
    return programme


# -- the month


def at(month: date | str, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment counted from the first of the month in Shanghai: day 31 of September is 1 October."""
    first = _first(month)
    return datetime(first.year, first.month, 1, hour, minute, tzinfo=SHANGHAI) + timedelta(days=day - 1)


@contextmanager
def on(month: date | str, day: int, hour: int = 9, minute: int = 0) -> Iterator[None]:
    with clock.pinned_at(at(month, day, hour, minute)):
        yield


def open_month(town: Town, month: str = "2026-09", editions: tuple[Edition, ...] | None = None) -> Period:
    """Open a month on its 25th; the first call sets the programme up (with `editions`, else the small ones)."""
    with on(month, 25):
        programme = Programme.objects.first() or set_up_programme(town, editions)
        return open_period(actor=town.wang, programme=programme, month=_first(month))


def report_all(
    town: Town,
    period: Period,
    *,
    organisations: Collection[Organisation] | None = None,
    entries: Mapping[int, dict[str, Any]] | None = None,
    numbers: Collection[int] | None = None,
    confirm_unchanged: bool = True,
    day: int = 28,
) -> list[Report]:
    """Secretaries submit what is open: `entries` by task number, unchanged states confirmed, the rest full points."""
    rows = AssessmentItem.objects.filter(assessment__period=period).exclude(state=ItemState.SUBMITTED)
    if organisations is not None:
        rows = rows.filter(assessment__subject__in=organisations)
    if numbers is not None:
        rows = rows.filter(task__number__in=numbers)
    by_assessment: dict[int, list[Any]] = {}
    for current in current_items(rows):
        by_assessment.setdefault(current.assessment.pk, []).append(current)
    with on(period.month, day):
        return [
            report
            for found in by_assessment.values()
            for report in _report_one(town, found, entries or {}, confirm_unchanged)
        ]


def _report_one(town: Town, found: list[Any], entries: Mapping[int, Any], confirm_unchanged: bool) -> list[Report]:
    """Drafts are written at once (they leave no audit); submitting is the real service."""
    secretary = secretary_of(town, found[0].assessment.subject)
    unchanged = [one for one in found if confirm_unchanged and _is_unchanged(one) and one.task.number not in entries]
    typed = [one for one in found if one not in unchanged]
    for one in typed:
        one.item.draft = entries.get(one.task.number) or best_entry(one.task)
        one.item.draft_by, one.item.draft_at = secretary.person, clock.now()
    AssessmentItem.objects.bulk_update([one.item for one in typed], ["draft", "draft_by", "draft_at"])
    return submit_items(
        actor=secretary,
        assessment=found[0].assessment,
        item_ids=[one.item.pk for one in typed],
        confirm_unchanged_ids=[one.item.pk for one in unchanged],
    )


def _is_unchanged(current: Any) -> bool:
    return current.item.prefilled_from_id is not None and not current.item.look_reason


def best_entry(task: Any) -> dict[str, Any]:
    """Full points for a frozen task, with a note."""
    best = reachable(task.criterion, task.full_points)[0]
    note = "按要求开展。" if task.criterion["kind"] == "judged" else ""
    return {"kind": "points", "value": best.value, "note": note}


def level(number: int, note: str = "") -> dict[str, Any]:
    return {"kind": "points", "value": {"level": number}, "note": note}


def points(text: str, note: str = "") -> dict[str, Any]:
    return {"kind": "points", "value": {"points": text}, "note": note}


def not_applicable(note: str = "本社区没有这类情况。") -> dict[str, Any]:
    return {"kind": "not_applicable", "note": note}


def review_all(
    town: Town,
    period: Period,
    *,
    axes: Collection[str] = (Axis.STREET, Axis.TASK_FORCE),
    organisations: Collection[Organisation] | None = None,
    numbers: Collection[int] | None = None,
    day: int = 33,
) -> int:
    """Everybody agrees in bulk with what is reported and not yet reviewed by her; the number of reviews."""
    rows = AssessmentItem.objects.filter(assessment__period=period, state=ItemState.SUBMITTED)
    if organisations is not None:
        rows = rows.filter(assessment__subject__in=organisations)
    if numbers is not None:
        rows = rows.filter(task__number__in=numbers)
    found = current_items(rows)
    with on(period.month, day):
        return sum(_review_axis(town, found, axis) for axis in axes)


def _review_axis(town: Town, found: list[Any], axis: str) -> int:
    batches: dict[int, tuple[Officer, list[AssessmentItem]]] = {}
    for current in found:
        reviewer = reviewer_of(town, current, axis)
        batches.setdefault(reviewer.person.pk, (reviewer, []))[1].append(current.item)
    return sum(review_items(actor=actor, axis=axis, items=items).done for actor, items in batches.values())


def review(
    town: Town,
    item: AssessmentItem,
    axis: str,
    outcome: str = Outcome.AGREE,
    given: str | None = None,
    reason: str = "",
) -> Review:
    """One review by the street's secretary or the leader of the task force responsible."""
    current = current_items(AssessmentItem.objects.filter(pk=item.pk))[0]
    with on(current.assessment.period.month, 33):
        actor = reviewer_of(town, current, axis)
        return review_item(actor=actor, item=item, axis=axis, outcome=outcome, points=given, reason=reason)


def settle_month(town: Town, period: Period, reason: str = "无异议，按已有意见认定。") -> int:
    with on(period.month, 40):
        return settle_remaining(actor=town.wang, period=period, reason=reason)


def close_month(town: Town, period: Period) -> Period:
    with on(period.month, 41):
        return close_period(actor=town.wang, period=period)


def publish_month(town: Town, period: Period) -> Publication:
    with on(period.month, 42):
        return publish_ranking(actor=town.wang, period=period)


def play_month(
    town: Town, month: str = "2026-09", *, entries: Mapping[int, dict[str, Any]] | None = None
) -> Publication:
    """A whole month from opening to publication, everything agreed."""
    period = open_month(town, month)
    report_all(town, period, entries=entries)
    review_all(town, period)
    settle_month(town, period)
    close_month(town, period)
    publication = publish_month(town, period)
    period.refresh_from_db()
    return publication


# -- who and what


def secretary_of(town: Town, organisation: Organisation) -> Officer:
    """Who reports for a community; the office where the town has nobody there (光明)."""
    own = {town.fuhou.pk: town.lin, town.jindi.pk: town.chen, town.fangou.pk: town.fan}
    return own.get(organisation.pk, town.wang)


def reviewer_of(town: Town, current: Any, axis: str) -> Officer:
    """The street's secretary or the leader of the task force that serves the star."""
    if axis == Axis.STREET:
        return {town.xida.pk: town.zhou, town.wuyi.pk: town.wu}[current.assessment.street_id]
    return next(officer for officer in town.zheng if officer.organisation.pk == current.task_force_id)


def assessment_of(period: Period, organisation: Organisation) -> Assessment:
    return Assessment.objects.select_related("period", "subject", "placement").get(period=period, subject=organisation)


def item_of(period: Period, organisation: Organisation, number: int) -> AssessmentItem:
    return AssessmentItem.objects.get(assessment__period=period, assessment__subject=organisation, task__number=number)


def _first(month: date | str) -> date:
    return date.fromisoformat(f"{month}-01") if isinstance(month, str) else month.replace(day=1)


# -- fixtures


@dataclass
class Month:
    """An open month of the town with short ways to what is in it."""

    town: Town
    period: Period

    def assessment(self, organisation: Organisation | None = None) -> Assessment:
        return assessment_of(self.period, organisation or self.town.fuhou)

    def item(self, number: int, organisation: Organisation | None = None) -> AssessmentItem:
        return item_of(self.period, organisation or self.town.fuhou, number)

    def next(self) -> Month:
        """The following month, opened; nothing is done to this one."""
        return Month(self.town, open_month(self.town, f"{month_after(self.period.month):%Y-%m}"))


@pytest.fixture
def month(town: Town) -> Month:
    """September 2026, open, nothing reported yet."""
    return Month(town, open_month(town, "2026-09"))
