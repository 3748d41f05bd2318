from __future__ import annotations

import json
import secrets
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models

from branches.models import Organisation, Person
from core import clock
from core.models import Job, StoredFile
from scoring.models import Period, Publication

if TYPE_CHECKING:
    from core.models import User


class LedgerKind(models.TextChoices):
    COMMUNITY = "community", "社区月度考评台账"
    STREET = "street", "街道月度考评台账"
    TASK_FORCE = "task_force", "专班月度考评台账"
    RANKING = "ranking", "全区考评排名台账"
    NOTICE = "notice", "考评排名通报"
    BRIEF = "brief", "月度考评简报"
    ITEMS = "items", "全区逐项得分表"


# The papers of the whole district, in official order; their organisation is the district.
OF_THE_DISTRICT = (LedgerKind.NOTICE, LedgerKind.BRIEF, LedgerKind.RANKING, LedgerKind.ITEMS)


def new_verify_code() -> str:
    """Sixteen random characters, printed beside the QR picture: who has them holds the paper, or its copy."""
    return secrets.token_hex(8)


class LedgerQuerySet(models.QuerySet["Ledger"]):
    def visible_to(self, user: User) -> LedgerQuerySet:
        from ledgers.permissions import visible_ledgers

        return visible_ledgers(self, user)


class Ledger(models.Model):
    """An issued, numbered monthly record; its body is a projection of the publication's content. Append-only.

    `name`, `street` (frozen at opening) and `is_open_to_all` stand in the content too; as columns they name the row in
    lists and say who reads it.
    """

    number = models.CharField("编号", max_length=80, unique=True)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="ledgers")
    kind = models.CharField("种类", max_length=16, choices=LedgerKind.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="ledgers")
    name = models.CharField("单位名称", max_length=120)
    street = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="street_ledgers", verbose_name="街道"
    )
    is_open_to_all = models.BooleanField("对参评单位公开", default=False)
    revision = models.PositiveSmallIntegerField("版次")
    body = models.TextField("内容（规范 JSON）")
    body_sha256 = models.CharField("内容摘要", max_length=64)
    verify_code = models.CharField("验证码", max_length=16, unique=True, default=new_verify_code)
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("签发时间", default=clock.now)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "台账"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "kind", "organisation"], name="one_ledger_a_publication_kind_and_organisation"
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        return str(self.data["title"])

    @cached_property
    def data(self) -> dict[str, Any]:
        """The body, parsed; decimals are text in it."""
        return json.loads(self.body)


class Rendering(models.Model):
    """A drawn PDF of a ledger under one render environment; kept for ever."""

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="renderings")
    render_environment = models.CharField("绘制环境", max_length=64)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("绘制时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "台账文件"
        constraints = [
            models.UniqueConstraint(fields=["ledger", "render_environment"], name="one_rendering_an_environment")
        ]


class DraftPrint(models.Model):
    """A 送审稿 drawn for one requester from the trial's content: no number, no standing, may be deleted."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="draft_print")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=16, choices=LedgerKind.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    body_sha256 = models.CharField("内容摘要", max_length=64)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("绘制时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "送审稿"
