from __future__ import annotations

from django.db import models

from branches.models import Person
from core import clock
from scoring.choices import Visibility
from scoring.models.period import Period


class NoticeDraft(models.Model):
    """The 通报 of a month while the creation office still writes it; used up by publishing, may be discarded.

    `text` holds the parts of `selectors.notice.PARTS`; what is published stands in the publication's content.
    """

    period = models.OneToOneField(Period, on_delete=models.PROTECT, related_name="notice_draft")
    text = models.JSONField("通报文字", default=dict)
    visibility = models.CharField("公开范围", max_length=12, choices=Visibility.choices)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("保存时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "通报草稿"
