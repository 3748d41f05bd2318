"""One-line registers for staff who do things daily: what happened, what was built, what is found and mended."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from core.fields import HundredthsField
from grids.choices import ActivityKind, RectificationKind, TeamKind
from grids.models.base import Dated, GroundRow
from grids.models.courtyard import Courtyard
from grids.models.grid import Grid

YEAR = [MinValueValidator(2000, "年份不早于 2000 年。"), MaxValueValidator(2199, "年份不晚于 2199 年。")]
NOT_NEGATIVE = [MinValueValidator(0, "不能小于 0。")]


class Activity(GroundRow):
    """One thing done on one day; no photo and no head count is asked for."""

    on = models.DateField("日期")
    kind = models.CharField("类别", max_length=20, choices=ActivityKind.choices)
    title = models.CharField("做了什么", max_length=80)
    place = models.CharField("地点", max_length=60, blank=True, default="")
    partner = models.CharField("参与单位", max_length=80, blank=True, default="")
    grid = models.ForeignKey(
        Grid, on_delete=models.PROTECT, null=True, blank=True, related_name="activities", verbose_name="网格"
    )
    quantity = models.PositiveIntegerField("走访户数", null=True, blank=True, help_text="只在走访时填，不登记任何住户")

    class Meta:
        verbose_name = verbose_name_plural = "活动"
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["community", "on"], name="activities_of_a_community")]

    def __str__(self) -> str:
        return self.title


class Project(GroundRow):
    """民生实事: what was built, how much of it, from when to when."""

    name = models.CharField("项目名称", max_length=80)
    quantity = HundredthsField("数量", null=True, blank=True, validators=NOT_NEGATIVE)
    unit = models.CharField("单位", max_length=12, blank=True, default="")
    starts_on = models.DateField("开工日期")
    due_on = models.DateField("计划完成日期")
    finished_on = models.DateField("实际完成日期", null=True, blank=True)
    is_industry = models.BooleanField("产业项目", default=False)
    grid = models.ForeignKey(
        Grid, on_delete=models.PROTECT, null=True, blank=True, related_name="projects", verbose_name="网格"
    )

    class Meta:
        verbose_name = verbose_name_plural = "民生实事（项目）"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("starts_on")),
                name="a_project_is_due_after_it_starts",
                violation_error_message="计划完成日期不能早于开工日期。",
            ),
            models.CheckConstraint(
                condition=Q(finished_on__isnull=True) | Q(finished_on__gte=F("starts_on")),
                name="a_project_is_finished_after_it_starts",
                violation_error_message="实际完成日期不能早于开工日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Milestone(GroundRow):
    """A step of a project with its due day."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="milestones", verbose_name="项目")
    name = models.CharField("节点", max_length=60)
    due_on = models.DateField("应完成日期")
    done_on = models.DateField("完成日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "项目节点"
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.name


class CollectiveEconomy(GroundRow):
    """Collective income, assets and cooperative of one year; amounts in 万元."""

    year = models.PositiveSmallIntegerField("年度", validators=YEAR)
    income = HundredthsField("集体经济收入（万元）", null=True, blank=True, validators=NOT_NEGATIVE)
    assets = HundredthsField("集体资产（万元）", null=True, blank=True, validators=NOT_NEGATIVE)
    is_published = models.BooleanField("收支已公开", default=False)
    has_measures = models.BooleanField("收入下降已有增收措施", default=False)
    has_cooperative = models.BooleanField("已成立合作社", default=False)
    cooperative_works = models.BooleanField("合作社有实际经营", default=False)
    cooperative_is_open = models.BooleanField("合作社账目公开", default=False)
    cooperative_benefits = models.BooleanField("合作社收益惠及居民", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "集体经济"
        ordering = ["-year", "community"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "year"],
                condition=Q(voided_at__isnull=True),
                name="one_economy_a_community_and_year",
                violation_error_message="该社区这一年度已有登记，请修改原来那一行。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} 年"


class IdleAsset(GroundRow):
    """An idle place or asset and the day it was put to use again."""

    name = models.CharField("闲置资源", max_length=80)
    found_on = models.DateField("登记闲置日期")
    reused_on = models.DateField("盘活日期", null=True, blank=True)
    use = models.CharField("盘活用途", max_length=80, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "闲置资源"
        ordering = ["-found_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reused_on__isnull=True) | Q(reused_on__gte=F("found_on")),
                name="an_asset_is_reused_after_it_lay_idle",
                violation_error_message="盘活日期不能早于登记闲置日期。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Team(Dated, GroundRow):
    """A team by name, kind and number; no members are recorded."""

    name = models.CharField("队伍名称", max_length=80)
    kind = models.CharField("类别", max_length=16, choices=TeamKind.choices)
    number = models.PositiveIntegerField("人数", null=True, blank=True)

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "队伍"
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name


class Rectification(GroundRow):
    """A hazard or a dirty spot: found, due, mended, struck off."""

    kind = models.CharField("类别", max_length=12, choices=RectificationKind.choices)
    what = models.CharField("问题", max_length=120)
    found_on = models.DateField("发现日期")
    due_on = models.DateField("整改期限")
    mended_on = models.DateField("整改日期", null=True, blank=True)
    struck_off_on = models.DateField("销号日期", null=True, blank=True)
    is_own = models.BooleanField("责任在本社区", default=True)
    grid = models.ForeignKey(
        Grid, on_delete=models.PROTECT, null=True, blank=True, related_name="rectifications", verbose_name="网格"
    )
    courtyard = models.ForeignKey(
        Courtyard,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rectifications",
        verbose_name="庭院（小区）",
    )

    class Meta:
        verbose_name = verbose_name_plural = "隐患和环境问题整改"
        ordering = ["-found_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("found_on")),
                name="a_rectification_is_due_after_it_was_found",
                violation_error_message="整改期限不能早于发现日期。",
            ),
            models.CheckConstraint(
                condition=Q(struck_off_on__isnull=True) | Q(mended_on__isnull=False),
                name="only_what_is_mended_is_struck_off",
                violation_error_message="销号前须先填整改日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.what


class ServiceItem(Dated, GroundRow):
    """Something the community does for its people at the door (代办事项), from the published list."""

    name = models.CharField("代办事项", max_length=80)
    is_published = models.BooleanField("已公开", default=True)

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "代办事项"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
