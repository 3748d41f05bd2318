from __future__ import annotations

from django.db import models

from branches.models import Appointment, Person
from core import clock
from core.models import Job
from ledgers.models.ledger import Ledger, LedgerKind
from scoring.models import Publication


class LedgerBatch(models.Model):
    """One press of the button: the ledgers of a publication, of all or of one kind or organisation.

    `job` issues the rows and asks for one job a document; until it is done there are no documents.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="batches")
    kind = models.CharField("种类", max_length=16, choices=LedgerKind.choices, blank=True, default="")
    organisation_code = models.CharField("单位代码", max_length=40, blank=True, default="")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    render_environment = models.CharField("绘制环境", max_length=64, blank=True, default="")
    issued = models.PositiveSmallIntegerField("新签发", default=0)
    opened_at = models.DateTimeField("签发时间", null=True)
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("申请时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "台账批次"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.publication}台账批次"


class BatchDocument(models.Model):
    """A ledger in a batch, with the job that draws it; without a job it was drawn before and is unchanged."""

    batch = models.ForeignKey(LedgerBatch, on_delete=models.PROTECT, related_name="documents")
    place = models.PositiveSmallIntegerField("次序")
    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "批次台账"
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["batch", "ledger"], name="a_ledger_stands_once_in_a_batch")]
