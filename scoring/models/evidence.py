from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from branches.models import Appointment, Organisation, Person
from core import clock
from core.models import StoredFile
from scoring.choices import EvidenceKind
from scoring.models.item import AssessmentItem

if TYPE_CHECKING:
    from core.models import User


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User) -> EvidenceQuerySet:
        from scoring.permissions import visible_evidence

        return visible_evidence(self, user)


class Evidence(models.Model):
    """A file or a note of one community, recorded once and linked to what it supports; append-only.

    `sha256` is the digest of the file as it was handed in; what is kept of a picture is drawn anew (`file`).
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField("种类", max_length=4, choices=EvidenceKind.choices)
    title = models.CharField("标题", max_length=60)
    text = models.CharField("说明", max_length=500, blank=True, default="")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sha256 = models.CharField("原文件摘要", max_length=64, blank=True, default="", db_index=True)
    file_name = models.CharField("文件名", max_length=100, blank=True, default="")
    happened_on = models.DateField("发生日期")
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("登记时间", default=clock.now)
    form_key = models.CharField("表单编号", max_length=36, unique=True, help_text="同一张表单只登记一次")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "佐证材料"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="file", file__isnull=False) & ~Q(sha256="") & ~Q(file_name="")
                | Q(kind="note", file__isnull=True, sha256="", file_name="") & ~Q(text=""),
                name="evidence_is_a_file_or_a_note",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EvidenceLinkQuerySet(models.QuerySet["EvidenceLink"]):
    def in_force(self) -> EvidenceLinkQuerySet:
        """Those that were not taken away."""
        return self.filter(removal__isnull=True)


class EvidenceLink(models.Model):
    """A piece of evidence put beside an item; append-only, taken away by a row of its own."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="links")
    item = models.ForeignKey(AssessmentItem, on_delete=models.PROTECT, related_name="evidence_links")
    number = models.PositiveSmallIntegerField("次序", help_text="同一材料第几次放到同一事项")
    linked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", default=clock.now)

    objects = EvidenceLinkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "佐证关联"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["evidence", "item", "number"], name="one_link_a_number")]


class EvidenceRemoval(models.Model):
    """A link taken away; the link and the piece of evidence stay."""

    link = models.OneToOneField(EvidenceLink, on_delete=models.PROTECT, related_name="removal")
    removed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "佐证移除"
