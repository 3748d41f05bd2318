from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from branches.models import Organisation
from grids.choices import CourtyardKind, Management
from grids.models.base import Dated, GroundRow, State, at_most
from grids.models.grid import Grid, Standing


class Courtyard(Standing):
    """A residential compound; a large one spans several grids, small ones share one."""

    class Meta(Standing.Meta):
        verbose_name = verbose_name_plural = "庭院（小区）"
        ordering = ["code"]


class CourtyardState(State):
    """What a courtyard is from a day on. Append-only."""

    SUBJECT = "courtyard"

    courtyard = models.ForeignKey(Courtyard, on_delete=models.PROTECT, related_name="states")
    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="社区")
    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类型", max_length=16, choices=CourtyardKind.choices)
    buildings = models.PositiveIntegerField("楼栋数", null=True, blank=True, validators=at_most(1_000))
    units = models.PositiveIntegerField("单元数", null=True, blank=True, validators=at_most(10_000))
    households = models.PositiveIntegerField("户数", null=True, blank=True, validators=at_most(100_000))
    built_in = models.PositiveSmallIntegerField(
        "建成年份",
        null=True,
        blank=True,
        validators=[MinValueValidator(1900, "年份不早于 1900 年。"), MaxValueValidator(2100, "年份不晚于 2100 年。")],
    )
    former_owner = models.CharField("原产权单位", max_length=80, blank=True, default="")
    handed_over_on = models.DateField("移交社区日期", null=True, blank=True)
    management = models.CharField(
        "无物业合同时的管理方式", max_length=16, choices=Management.choices, default=Management.NONE
    )

    class Meta:
        verbose_name = verbose_name_plural = "庭院登记"
        ordering = ["courtyard", "starts_on", "revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["courtyard", "starts_on", "revision"], name="one_state_a_courtyard_day_and_revision"
            )
        ]
        indexes = [models.Index(fields=["community", "courtyard"], name="courtyards_of_a_community")]

    def __str__(self) -> str:
        return self.name


class CourtyardGrid(Dated, GroundRow):
    """A courtyard lies in a grid from when to when; both directions are many."""

    courtyard = models.ForeignKey(
        Courtyard, on_delete=models.PROTECT, related_name="grid_links", verbose_name="庭院（小区）"
    )
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="courtyard_links", verbose_name="网格")

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "庭院与网格"
        ordering = ["courtyard", "grid", "starts_on"]
