from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core import clock
from grids.models.base import Dated, GroundRow, KeptRow
from grids.models.courtyard import Courtyard


class PropertyCompany(KeptRow):
    """A property company; it serves courtyards of several communities, so it belongs to none."""

    name = models.CharField("企业名称", max_length=80)
    has_party_branch = models.BooleanField("已建党组织", default=False)
    is_red = models.BooleanField("“红色物业”企业", default=False)
    opened_on = models.DateField("登记入册日期", default=clock.today)
    closed_on = models.DateField("退出日期", null=True, blank=True, help_text="当日起不再服务")

    class Meta:
        verbose_name = verbose_name_plural = "物业服务企业"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(voided_at__isnull=True),
                name="a_company_is_kept_once",
                violation_error_message="这家企业已经登记过，请用原来那一行。",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gt=F("opened_on")),
                name="a_company_leaves_after_it_came",
                violation_error_message="退出日期须晚于登记入册日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ServiceContract(Dated, GroundRow):
    """Which company manages which courtyard, from when to when; two never overlap on one courtyard."""

    courtyard = models.ForeignKey(
        Courtyard, on_delete=models.PROTECT, related_name="contracts", verbose_name="庭院（小区）"
    )
    company = models.ForeignKey(
        PropertyCompany, on_delete=models.PROTECT, related_name="contracts", verbose_name="物业服务企业"
    )
    contract_no = models.CharField("合同编号", max_length=60, blank=True, default="")
    note = models.CharField("说明", max_length=200, blank=True, default="")

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "物业服务合同"
        ordering = ["courtyard", "starts_on"]
