from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from branches.models import Appointment, Organisation, Person
from core import clock
from scoring.choices import DrawnBy, Finding
from scoring.models.item import AssessmentItem
from scoring.models.period import Period

if TYPE_CHECKING:
    from core.models import User


class SpotCheckQuerySet(models.QuerySet["SpotCheck"]):
    def visible_to(self, user: User) -> SpotCheckQuerySet:
        from scoring.permissions import visible_spot_checks

        return visible_spot_checks(self, user)


class SpotCheck(models.Model):
    """A sample of a month's items drawn by a task force, a street or the creation office, to be checked on site.

    `seed` and the three sizes draw the same sample again from the same items; append-only.
    """

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="spot_checks")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="spot_checks")
    number = models.PositiveSmallIntegerField("次序")
    seed = models.CharField("随机种子", max_length=32)
    communities = models.PositiveSmallIntegerField("社区数")
    items_each = models.PositiveSmallIntegerField("每个社区项数")
    doubtful_percent = models.PositiveSmallIntegerField("疑点占比（%）")
    drawn_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", default=clock.now)

    objects = SpotCheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "抽查核验"
        ordering = ["period", "organisation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["period", "organisation", "number"], name="one_spot_check_a_number"),
            models.UniqueConstraint(fields=["period", "organisation", "seed"], name="one_spot_check_a_seed"),
            models.CheckConstraint(
                condition=Q(communities__gte=1, items_each__gte=1, doubtful_percent__lte=100),
                name="a_spot_check_draws_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} 第{self.number}次抽查"


class SpotCheckItem(models.Model):
    """One item of a sample and why it was drawn; append-only."""

    spot_check = models.ForeignKey(SpotCheck, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(AssessmentItem, on_delete=models.PROTECT, related_name="spot_checks")
    why = models.CharField("抽取原因", max_length=8, choices=DrawnBy.choices)
    doubts = models.CharField("疑点", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "抽查事项"
        constraints = [models.UniqueConstraint(fields=["spot_check", "item"], name="an_item_is_drawn_once_a_sample")]


class SpotCheckResult(models.Model):
    """What somebody found of a drawn item; the newest revision counts; append-only."""

    drawn = models.ForeignKey(SpotCheckItem, on_delete=models.PROTECT, related_name="results")
    revision = models.PositiveSmallIntegerField("次序")
    round = models.PositiveSmallIntegerField("轮次")
    result = models.CharField("结果", max_length=12, choices=Finding.choices)
    text = models.CharField("核验情况", max_length=500, blank=True, default="")
    checked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "抽查结果"
        ordering = ["drawn", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["drawn", "revision"], name="one_result_a_revision"),
            models.CheckConstraint(
                condition=~Q(result="differs") | ~Q(text=""),
                name="what_differs_says_how",
                violation_error_message="不符的须写明核验情况。",
            ),
        ]
