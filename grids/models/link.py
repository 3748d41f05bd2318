"""Units beside the ground, honours and the documents everything refers to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import StoredFile
from grids.choices import PartnerKind
from grids.models.base import Dated, GroundRow, KeptRow
from grids.models.courtyard import Courtyard
from grids.models.grid import Grid


class PartnerUnit(Dated, GroundRow):
    """A unit that works with a community, a grid or a courtyard, from when to when."""

    name = models.CharField("单位名称", max_length=80)
    kind = models.CharField("方式", max_length=12, choices=PartnerKind.choices)
    grid = models.ForeignKey(
        Grid, on_delete=models.PROTECT, null=True, blank=True, related_name="partners", verbose_name="网格"
    )
    courtyard = models.ForeignKey(
        Courtyard, on_delete=models.PROTECT, null=True, blank=True, related_name="partners", verbose_name="庭院（小区）"
    )
    note = models.CharField("说明", max_length=200, blank=True, default="")

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "共建（帮扶、分包）单位"
        ordering = ["name", "starts_on"]

    def __str__(self) -> str:
        return self.name


class Honour(GroundRow):
    """An honour of a community or grid, by which document."""

    title = models.CharField("荣誉名称", max_length=80)
    awarded_on = models.DateField("授予日期")
    awarded_by = models.CharField("授予单位", max_length=80)
    document_no = models.CharField("文号", max_length=80, blank=True, default="")
    grid = models.ForeignKey(
        Grid, on_delete=models.PROTECT, null=True, blank=True, related_name="honours", verbose_name="网格"
    )

    class Meta:
        verbose_name = verbose_name_plural = "荣誉"
        ordering = ["-awarded_on", "title"]

    def __str__(self) -> str:
        return self.title


class Document(KeptRow):
    """依据文件: what a rubric, a veto or a placement rests on."""

    title = models.CharField("标题", max_length=160)
    document_no = models.CharField("文号", max_length=80)
    issued_on = models.DateField("印发日期")
    issued_by = models.CharField("印发单位", max_length=80, blank=True, default="")
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文件"
    )

    class Meta:
        verbose_name = verbose_name_plural = "依据文件"
        ordering = ["-issued_on", "document_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["document_no"],
                condition=Q(voided_at__isnull=True),
                name="a_document_number_is_given_once",
                violation_error_message="这个文号已经登记过，请用原来那一行。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.document_no}）"
