"""Dated figures with their definition and source, the norms checks compare with, and exceptions that were accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef

from branches.models import Organisation
from core.fields import HundredthsField
from grids.choices import NormKey
from grids.models.base import GroundRow, Recorded

if TYPE_CHECKING:
    from core.models import User


class Measure(models.Model):
    """What is counted, by exactly one definition: another definition is another measure, never the same line."""

    code = models.SlugField("代码", max_length=60, unique=True)
    name = models.CharField("指标", max_length=60)
    definition = models.CharField("口径", max_length=200)
    unit = models.CharField("单位", max_length=12)

    class Meta:
        verbose_name = verbose_name_plural = "统计指标"
        ordering = ["name", "code"]

    def __str__(self) -> str:
        return self.name


class StatisticQuerySet(models.QuerySet["Statistic"]):
    def visible_to(self, user: User) -> StatisticQuerySet:
        from grids.permissions import visible_figures

        return visible_figures(self, user)

    def in_force(self) -> StatisticQuerySet:
        """Of each day the newest revision."""
        same = {name: OuterRef(name) for name in ("measure", "organisation", "on")}
        return self.filter(~Exists(Statistic.objects.filter(**same, revision__gt=OuterRef("revision"))))


class Statistic(Recorded):
    """A figure of a measure for an organisation on a day, with its source. Append-only; a newer revision corrects."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="statistics", verbose_name="指标")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="statistics", verbose_name="单位"
    )
    on = models.DateField("截止日期")
    revision = models.PositiveSmallIntegerField("第几次登记", default=1, editable=False)
    value = HundredthsField("数值")
    source = models.CharField("来源", max_length=200)

    objects = StatisticQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "统计数字"
        ordering = ["measure", "organisation", "on", "revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "organisation", "on", "revision"], name="one_figure_a_measure_place_day_and_revision"
            )
        ]


class Norm(Recorded):
    """The value of a norm from a day on; the newest row of a day counts. Append-only."""

    key = models.CharField("标准", max_length=24, choices=NormKey.choices)
    starts_on = models.DateField("自何日起")
    revision = models.PositiveSmallIntegerField(default=1, editable=False)
    value = HundredthsField("数值")
    basis = models.CharField("依据", max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = "底数标准"
        ordering = ["key", "starts_on", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["key", "starts_on", "revision"], name="one_norm_a_key_day_and_revision")
        ]


class AcceptedException(GroundRow):
    """A finding of the coverage check that the community explained and the street accepted."""

    check_name = models.CharField("检查项", max_length=40)
    subject = models.CharField("对象编号", max_length=40)
    reason = models.CharField("说明", max_length=200)
    until = models.DateField("有效至", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "核查例外"
        ordering = ["check_name", "subject"]
