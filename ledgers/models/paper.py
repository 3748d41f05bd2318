from __future__ import annotations

from django.db import models

from branches.models import Organisation
from core import clock
from core.models import Job, StoredFile
from scoring.models import Period


class PaperKind(models.TextChoices):
    WEEKLY = "weekly", "创建工作会单"
    BLANK_FORM = "blank_form", "空白填报表"
    FILLED_FORM = "filled_form", "预填填报表"


class WorkingPaper(models.Model):
    """A paper for the work of a month, drawn for one requester: no number, no standing, may be deleted.

    `organisation` is a community, or a street with all its communities in one file.
    """

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="working_paper")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=16, choices=PaperKind.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("绘制时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "工作用纸"
