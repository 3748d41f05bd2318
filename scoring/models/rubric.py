from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from branches.choices import Track
from core.fields import HundredthsField
from scoring.choices import RubricState, Window
from scoring.models.programme import Programme, StarKind, TaskKey

if TYPE_CHECKING:
    from core.models import User


class RubricQuerySet(models.QuerySet["Rubric"]):
    def published(self) -> RubricQuerySet:
        return self.filter(state=RubricState.PUBLISHED)

    def visible_to(self, user: User) -> RubricQuerySet:
        """Published editions for everybody with an appointment, drafts for the creation office."""
        from scoring.permissions import visible_rubrics

        return visible_rubrics(self, user)


class Rubric(models.Model):
    """One numbered edition of the standard for one track, valid from a month; frozen once published."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="rubrics")
    track = models.CharField("类别", max_length=12, choices=Track.choices)
    number = models.PositiveSmallIntegerField("版次")
    title = models.CharField("标题", max_length=120)
    label = models.CharField("标注", max_length=80, blank=True, default="")
    document_no = models.CharField("文号", max_length=80, blank=True, default="")
    first_month = models.DateField("起始月份")
    state = models.CharField("状态", max_length=12, choices=RubricState.choices, default=RubricState.DRAFT)
    content = models.TextField("发布内容（规范 JSON）", blank=True, default="")
    sha256 = models.CharField("摘要", max_length=64, blank=True, default="")
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    objects = RubricQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评星标准"
        ordering = ["programme", "track", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "track", "number"], name="one_edition_a_track_and_number"),
            models.UniqueConstraint(
                fields=["programme", "track", "first_month"],
                condition=Q(state="published"),
                name="one_published_edition_a_first_month",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | (~Q(content="") & ~Q(sha256="")), name="a_published_rubric_is_frozen"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} 第{self.number}版"

    @cached_property
    def frozen(self) -> dict[str, Any]:
        """The published content; empty for a draft."""
        return json.loads(self.content) if self.content else {}


class Star(models.Model):
    """A star within an edition: its order, pass line, prerequisites and vetoes."""

    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="stars")
    kind = models.ForeignKey(StarKind, on_delete=models.PROTECT)
    order = models.PositiveSmallIntegerField("次序")
    pass_percent = HundredthsField("达标线（%）")
    prerequisites = models.JSONField("前置的星（代码）", default=list, blank=True)
    veto = models.JSONField("一票否决（条款和文号）", default=list, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "细则中的星"
        ordering = ["rubric", "order"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "kind"], name="a_star_stands_once_in_a_rubric"),
            models.CheckConstraint(
                condition=Q(pass_percent__gte=0, pass_percent__lte=100), name="a_pass_line_is_a_percentage"
            ),
        ]


class Task(models.Model):
    """One task of a star: what is expected, how points are given, which window it looks at."""

    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="tasks")
    star = models.ForeignKey(Star, on_delete=models.PROTECT, related_name="tasks")
    key = models.ForeignKey(TaskKey, on_delete=models.PROTECT, related_name="tasks")
    number = models.PositiveSmallIntegerField("序号")
    title = models.CharField("任务", max_length=60)
    standard = models.CharField("标准", max_length=300)
    criterion = models.JSONField("计分办法")
    criterion_digest = models.CharField(max_length=64)
    window = models.CharField("时段", max_length=8, choices=Window.choices)
    may_not_apply = models.BooleanField("可不涉及", default=False)
    full_points = HundredthsField("分值")
    evidence_hint = models.CharField("佐证提示", max_length=200, blank=True, default="")
    indicator = models.CharField("底数指标", max_length=60, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "任务"
        ordering = ["rubric", "number"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "number"], name="a_task_number_stands_once_in_a_rubric"),
            models.UniqueConstraint(fields=["rubric", "key"], name="a_task_key_stands_once_in_a_rubric"),
            models.CheckConstraint(condition=Q(full_points__gt=0), name="a_task_is_worth_something"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"
