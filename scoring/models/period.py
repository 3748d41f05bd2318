from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models

from branches.choices import Track
from branches.models import Organisation, Placement
from core import clock
from scoring.choices import PeriodState
from scoring.models.programme import Programme
from scoring.models.rubric import Rubric

if TYPE_CHECKING:
    from core.models import User


class PeriodQuerySet(models.QuerySet["Period"]):
    def visible_to(self, user: User) -> PeriodQuerySet:
        from scoring.permissions import visible_periods

        return visible_periods(self, user)


class Period(models.Model):
    """One month of the programme with its deadlines, which remind and lock nothing."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="periods")
    month = models.DateField("月份", help_text="当月第一天")
    state = models.CharField("状态", max_length=12, choices=PeriodState.choices, default=PeriodState.OPEN)
    version = models.PositiveIntegerField(default=0)
    report_due_on = models.DateField("填报截止")
    street_due_on = models.DateField("街道审核截止")
    task_force_due_on = models.DateField("专班核验截止")
    opened_at = models.DateTimeField("开启时间", null=True, blank=True)
    closed_at = models.DateTimeField("关闭时间", null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "月度考评"
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "month"],
                name="one_period_a_month",
                violation_error_message="这个月的考评已经建立。",
            ),
            models.CheckConstraint(condition=models.Q(month__day=1), name="a_period_is_named_by_its_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.month.year}年{self.month.month}月考评"

    @property
    def code(self) -> str:
        """The month as 2026-10."""
        return f"{self.month:%Y-%m}"

    @property
    def ends_on(self) -> date:
        """The first day after the month."""
        return date(self.month.year + self.month.month // 12, self.month.month % 12 + 1, 1)

    @property
    def last_day(self) -> date:
        """The day whose names the month's documents carry."""
        return self.ends_on - timedelta(days=1)

    @property
    def is_open(self) -> bool:
        return self.state == PeriodState.OPEN

    @property
    def is_published(self) -> bool:
        return self.state == PeriodState.PUBLISHED


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: User) -> AssessmentQuerySet:
        from scoring.permissions import visible_assessments

        return visible_assessments(self, user)


class Assessment(models.Model):
    """One organisation in one period; placement, street, track and rubric are frozen at opening."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="assessments")
    subject = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="assessments")
    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="+")
    street = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="street_assessments")
    track = models.CharField("类别", max_length=12, choices=Track.choices)
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="assessments")
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField("列入时间", default=clock.now)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "社区月度考评"
        ordering = ["period", "subject__code"]
        constraints = [models.UniqueConstraint(fields=["period", "subject"], name="one_assessment_a_period")]

    def __str__(self) -> str:
        return f"{self.placement.name} {self.period}"
