from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from branches.models import Organisation
from core import clock
from core.models import StoredFile
from scoring.models import Publication

if TYPE_CHECKING:
    from core.models import User


class BundleKind(models.TextChoices):
    ARCHIVE = "archive", "台账档案包"
    VOLUME = "volume", "台账合订本"


class BundleQuerySet(models.QuerySet["Bundle"]):
    def visible_to(self, user: User) -> BundleQuerySet:
        from ledgers.permissions import visible_bundles

        return visible_bundles(self, user)


class Bundle(models.Model):
    """The ledgers of a publication in one file, of the district or of a street; made again when what goes in changed.

    `inputs_sha256` is the digest over number, content and PDF of every ledger in it.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="bundles")
    kind = models.CharField("种类", max_length=16, choices=BundleKind.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("单位名称", max_length=120)
    inputs_sha256 = models.CharField("内容摘要", max_length=64)
    ledgers = models.PositiveSmallIntegerField("台账册数")
    pages = models.PositiveIntegerField("页数")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("生成时间", default=clock.now)

    objects = BundleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "台账成套文件"
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "kind", "organisation", "inputs_sha256"], name="one_bundle_of_the_same_content"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.publication} {self.get_kind_display()}"
