from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from branches.models import Appointment, Person
from core import clock
from core.fields import HundredthsField
from scoring.choices import (
    Axis,
    ItemState,
    Outcome,
    ReportBasis,
    ReportKind,
    ReviewBasis,
    RulingPurpose,
)
from scoring.models.period import Assessment
from scoring.models.rubric import Task

if TYPE_CHECKING:
    from core.models import User


class AssessmentItemQuerySet(models.QuerySet["AssessmentItem"]):
    def visible_to(self, user: User) -> AssessmentItemQuerySet:
        from scoring.permissions import visible_items

        return visible_items(self, user)


class AssessmentItem(models.Model):
    """One task of one assessment: where it stands in the workflow, and the draft that nobody else relies on."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="items")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="items")
    state = models.CharField("状态", max_length=10, choices=ItemState.choices, default=ItemState.OPEN)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    version = models.PositiveIntegerField(default=0)
    draft = models.JSONField("草稿", null=True, blank=True)
    draft_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    draft_at = models.DateTimeField("草稿时间", null=True, blank=True)
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    prefilled_from = models.ForeignKey(
        "scoring.Report", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    look_reason = models.CharField("须看一眼的原因", max_length=100, blank=True, default="")

    objects = AssessmentItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "考评事项"
        ordering = ["assessment", "task__number"]
        constraints = [models.UniqueConstraint(fields=["assessment", "task"], name="one_item_a_task")]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.task_id}"


def _points_within_full(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(points__isnull=True) | Q(points__gte=0, points__lte=F("full_points")),
        name=name,
        violation_error_message="分值须在 0 和满分之间。",
    )


class Report(models.Model):
    """What the community states of an item in a round; append-only."""

    item = models.ForeignKey(AssessmentItem, on_delete=models.PROTECT, related_name="reports")
    round = models.PositiveSmallIntegerField("轮次")
    kind = models.CharField("性质", max_length=16, choices=ReportKind.choices)
    value = models.JSONField("填报内容", default=dict)
    points = HundredthsField("自评分", null=True, blank=True)
    full_points = HundredthsField("满分")
    derivation = models.CharField("得分依据", max_length=300, blank=True, default="")
    note = models.CharField("说明", max_length=500, blank=True, default="")
    form_number = models.CharField("纸质表编号", max_length=40, blank=True, default="")
    filled_on = models.DateField("纸质表填写日期", null=True, blank=True)
    basis = models.CharField("方式", max_length=10, choices=ReportBasis.choices, default=ReportBasis.ENTERED)
    ground = models.JSONField("底数推出的建议", null=True, blank=True)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "自评"
        constraints = [
            models.UniqueConstraint(fields=["item", "round"], name="one_report_a_round"),
            models.CheckConstraint(
                condition=Q(kind="points", points__isnull=False) | Q(kind="not_applicable", points__isnull=True),
                name="a_report_has_points_or_does_not_apply",
            ),
            _points_within_full("reported_points_within_full"),
        ]


class GroundBasis(models.Model):
    """The rows of the ground that stood behind a report when it was sent, counted or not; append-only."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="ground_basis")
    rows = models.JSONField("底数", default=list)
    sha256 = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "自评所据底数"


class Confirmation(models.Model):
    """The community stands by a report that somebody else sent for it; append-only."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="confirmation")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "代填确认"


class ReviewQuerySet(models.QuerySet["Review"]):
    def in_force(self) -> ReviewQuerySet:
        """The newest revision of each axis and round, unless it takes the view back: what an axis says."""
        newer = Review.objects.filter(
            item=OuterRef("item"), round=OuterRef("round"), axis=OuterRef("axis"), revision__gt=OuterRef("revision")
        )
        return self.exclude(outcome=Outcome.WITHDRAWN).filter(~Exists(newer))


class Review(models.Model):
    """One axis' view of an item in a round; append-only, changed or taken back by the next revision.

    `batch` joins the views of one bulk act, which may be taken back together.
    """

    item = models.ForeignKey(AssessmentItem, on_delete=models.PROTECT, related_name="reviews")
    round = models.PositiveSmallIntegerField("轮次")
    axis = models.CharField("审核线", max_length=10, choices=Axis.choices)
    revision = models.PositiveSmallIntegerField("次序")
    outcome = models.CharField("意见", max_length=16, choices=Outcome.choices)
    points = HundredthsField("认定分", null=True, blank=True)
    full_points = HundredthsField("满分")
    reason = models.CharField("理由", max_length=500, blank=True, default="")
    basis = models.CharField("方式", max_length=16, choices=ReviewBasis.choices, default=ReviewBasis.CHECKED)
    batch = models.CharField("批次", max_length=32, blank=True, default="", db_index=True)
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reported_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", default=clock.now)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审核"
        ordering = ["item", "round", "axis", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["item", "round", "axis", "revision"], name="one_review_a_revision"),
            models.CheckConstraint(
                condition=~Q(reviewer=F("reported_by")),
                name="nobody_reviews_her_own_entry",
                violation_error_message="不能审核本人填报的事项。",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["agree", "set"], points__isnull=False)
                | Q(outcome__in=["return", "not_applicable", "withdrawn"], points__isnull=True),
                name="a_review_gives_points_only_when_it_settles_them",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["set", "return"]) | ~Q(reason=""),
                name="setting_points_or_returning_needs_a_reason",
                violation_error_message="改分或退回须写明理由。",
            ),
            _points_within_full("reviewed_points_within_full"),
        ]


class Ruling(models.Model):
    """The creation office's decision on an item, before publication or as a correction after it; append-only."""

    item = models.ForeignKey(AssessmentItem, on_delete=models.PROTECT, related_name="rulings")
    number = models.PositiveSmallIntegerField("次序")
    purpose = models.CharField("性质", max_length=12, choices=RulingPurpose.choices)
    kind = models.CharField("结论", max_length=16, choices=ReportKind.choices)
    points = HundredthsField("认定分", null=True, blank=True)
    full_points = HundredthsField("满分")
    reason = models.CharField("理由", max_length=500)
    document_no = models.CharField("文号", max_length=80, blank=True, default="")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    second_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    publication_number = models.PositiveSmallIntegerField("自第几次公布起", default=1)
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "最终认定"
        ordering = ["item", "number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="one_ruling_a_number"),
            models.CheckConstraint(
                condition=Q(kind="points", points__isnull=False) | Q(kind="not_applicable", points__isnull=True),
                name="a_ruling_has_points_or_does_not_apply",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_ruling_has_a_reason"),
            models.CheckConstraint(
                condition=Q(publication_number=1, second_by__isnull=True)
                | (Q(publication_number__gt=1, second_by__isnull=False) & ~Q(by=F("second_by"))),
                name="a_correction_takes_two_persons",
                violation_error_message="更正须由两人办理。",
            ),
            _points_within_full("ruled_points_within_full"),
        ]


class Appeal(models.Model):
    """A community's one objection to an item that a review lowered; the office answers with a ruling."""

    item = models.OneToOneField(AssessmentItem, on_delete=models.PROTECT, related_name="appeal")
    round = models.PositiveSmallIntegerField("轮次")
    reason = models.CharField("理由", max_length=500)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "复核申请"


class ItemUnlock(models.Model):
    """One item of a closed, unpublished month opened again until a moment, with a reason."""

    item = models.ForeignKey(AssessmentItem, on_delete=models.PROTECT, related_name="unlocks")
    expires_at = models.DateTimeField("到期")
    reason = models.CharField("理由", max_length=200)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "限时解锁"
