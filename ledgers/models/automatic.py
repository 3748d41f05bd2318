from __future__ import annotations

from django.db import models

from branches.models import Appointment, Person
from core import clock
from scoring.models import ProgrammeYear


class AutomaticIssue(models.Model):
    """Whether the ledgers of a year's publications are issued without being asked for, and who answers for it.

    No row is off. `fault` says why the last attempt did nothing.
    """

    year = models.OneToOneField(ProgrammeYear, on_delete=models.PROTECT, related_name="automatic_issue")
    is_on = models.BooleanField("自动签发", default=False)
    switched_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("设定时间", default=clock.now)
    fault = models.TextField("未签发的原因", blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "台账自动签发"
