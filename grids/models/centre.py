from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from branches.models import Organisation
from core.fields import HundredthsField
from grids.choices import CentreForm, CentreLevel
from grids.models.base import State
from grids.models.grid import Grid, Standing


class ServiceCentre(Standing):
    """A Party and masses service centre, station or workstation at one of four levels."""

    level = models.CharField("层级", max_length=12, choices=CentreLevel.choices)

    class Meta(Standing.Meta):
        verbose_name = verbose_name_plural = "党群服务中心（站）"
        ordering = ["code"]


class CentreState(State):
    """六有, floor area and zones of a centre from a day on. Append-only."""

    SUBJECT = "centre"
    SIX = ("has_flag", "has_sign", "has_furniture", "has_rules", "has_display", "has_archive")

    centre = models.ForeignKey(ServiceCentre, on_delete=models.PROTECT, related_name="states")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="所属党组织"
    )
    grid = models.ForeignKey(
        Grid, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="网格"
    )
    name = models.CharField("名称", max_length=80)
    form = models.CharField("形式", max_length=12, choices=CentreForm.choices)
    has_flag = models.BooleanField("党旗", default=False)
    has_sign = models.BooleanField("牌子", default=False)
    has_furniture = models.BooleanField("桌椅", default=False)
    has_rules = models.BooleanField("制度", default=False)
    has_display = models.BooleanField("版面", default=False)
    has_archive = models.BooleanField("档案", default=False)
    area = HundredthsField(
        "使用面积（平方米）", null=True, blank=True, validators=[MinValueValidator(0, "面积不能小于 0。")]
    )
    zones = models.CharField(
        "功能区", max_length=200, blank=True, default="", help_text="用顿号分开，例如 综合服务区、红色治理会客厅"
    )

    class Meta:
        verbose_name = verbose_name_plural = "党群服务中心登记"
        ordering = ["centre", "starts_on", "revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "starts_on", "revision"], name="one_state_a_centre_day_and_revision"
            )
        ]
        indexes = [models.Index(fields=["organisation", "centre"], name="centres_of_an_organisation")]

    def __str__(self) -> str:
        return self.name

    def lacking(self, min_area: Decimal | None) -> list[str]:
        """The columns it falls short in: the six things and floor area (unknown is short; None: no norm)."""
        short = [name for name in self.SIX if not getattr(self, name)]
        if min_area is not None and (self.area is None or self.area < min_area):
            short.append("area")
        return short

    @classmethod
    def lacking_anything(cls, min_area: Decimal | None) -> Q:
        """States for which `lacking` names something."""
        short = Q()
        for name in cls.SIX:
            short |= Q(**{name: False})
        return short if min_area is None else short | Q(area__isnull=True) | Q(area__lt=min_area)
