"""Many communities in one act, all or nothing: drafts a street types or pastes, reviews from a department's sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from branches.acting import Officer
from core import clock
from core.errors import Conflict, Invalid, PortalError
from core.immutability import row_digests
from core.services import audit
from scoring.choices import Axis, Outcome, ReviewBasis
from scoring.models import Assessment, AssessmentItem, Review
from scoring.permissions import can_review
from scoring.selectors.current import CurrentItem, current_items
from scoring.services.drafts import TypedRow, save_drafts
from scoring.services.entries import clean_reason
from scoring.services.locking import bump_versions, expect_version, lock_assessments
from scoring.services.rating import recompute_assessments
from scoring.services.review import given_points, new_review

MAX_SOURCE = 60


@transaction.atomic
def save_drafts_of_many(*, actor: Officer, rows: Mapping[int, Mapping[int, TypedRow]]) -> int:
    """Keep drafts of several communities, by assessment and item id; how many items changed.

    The first refusal takes everything back: Invalid or Conflict names the item under its id.
    """
    lock_assessments(rows)
    saved = 0
    for assessment in Assessment.objects.select_related("period").filter(pk__in=list(rows)).order_by("pk"):
        result = save_drafts(actor=actor, assessment=assessment, rows=rows[assessment.pk])
        if result.errors:
            errors = {str(pk): [message] for pk, message in result.errors.items()}
            if result.is_conflict:
                raise Conflict("都没有保存：" + "".join(result.errors.values()))
            raise Invalid("都没有保存，请看下面的说明。", errors)
        saved += len(result.saved)
    return saved


@dataclass(frozen=True, slots=True)
class Source:
    """A department's sheet: who made it, what it is called, of which day."""

    department: str
    title: str
    day: date

    @property
    def words(self) -> str:
        """据区司法局《十月普法台账》（2026年10月31日）"""
        return f"据{self.department}《{self.title}》（{self.day.year}年{self.day.month}月{self.day.day}日）"


def checked_source(department: Any, title: Any, day: date | None) -> Source:
    """A source as typed; Invalid by field."""
    made_by = clean_reason(department, field="department", label="部门", longest=MAX_SOURCE)
    called = clean_reason(title, field="title", label="表名", longest=MAX_SOURCE).strip("《》")
    if day is None:
        raise _invalid("day", "请填写表的日期。")
    if day > clock.today():
        raise _invalid("day", "表的日期不能晚于今天。")
    if day.year < clock.today().year - 1:
        raise _invalid("day", "表的日期太早，请核对年份。")
    return Source(made_by, called, day)


@dataclass(frozen=True, slots=True)
class Given:
    """What a sheet says of one item: agree, set or confirm 不涉及, with why; the version it was planned on."""

    outcome: str
    points: Decimal | None
    reason: str
    version: int | None = None


@transaction.atomic
def review_from_source(*, actor: Officer, source: Source, views: Mapping[int, Given]) -> int:
    """Reviews of a task force by a department's sheet, by item id, each naming its source; how many were written.

    The reasons of `views` say how the points came about. What one may not review (one's own entry, another star, an
    item not reported) refuses the whole sheet by name.
    """
    items = AssessmentItem.objects.filter(pk__in=list(views))
    lock_assessments(items.values_list("assessment_id", flat=True).order_by())
    found = current_items(items)
    if len({current.assessment.period_id for current in found}) > 1:
        raise Conflict("一次只能办理同一个月的事项。")
    reviews = [_sourced(actor, current, source, views[current.item.pk]) for current in found]
    if not reviews:
        return 0
    Review.objects.bulk_create(reviews)
    bump_versions(views)
    period = found[0].assessment.period
    recompute_assessments(period, {current.assessment.pk for current in found})
    payload = {
        "axis": Axis.TASK_FORCE.value,
        "basis": ReviewBasis.DEPARTMENT_DATA.value,
        "items": len(reviews),
        "row_digests": row_digests(reviews),
    }
    audit.record(actor=actor, verb="scoring.review.bulk", subject=period, payload=payload)
    return len(reviews)


def _sourced(actor: Officer, current: CurrentItem, source: Source, view: Given) -> Review:
    """One review of the sheet; a refusal is told under the community's name."""
    try:
        expect_version(current.item, view.version)
        can_review(actor, current, Axis.TASK_FORCE).require()
        if view.outcome == Outcome.RETURN:
            raise Conflict("退回须逐项办理。")
        points = given_points(current, view.outcome, view.points)
        reason = clean_reason(_with_source(source, view))
    except PortalError as error:
        raise Conflict(f"都没有写入。{current.assessment.placement.name}：{error.message}") from error
    return new_review(actor, current, Axis.TASK_FORCE, view.outcome, points, reason, ReviewBasis.DEPARTMENT_DATA)


def _with_source(source: Source, view: Given) -> str:
    said = f"：{view.reason}" if view.outcome == Outcome.SET and view.reason else ""
    return f"{source.words}{said}。"


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, {field: [message]})
