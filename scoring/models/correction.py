from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from branches.models import Appointment, Person
from core import clock
from scoring.choices import CorrectionState
from scoring.models.period import Period
from scoring.models.result import Publication

OPEN = (CorrectionState.DRAFT, CorrectionState.PROPOSED)


class CorrectionProposal(models.Model):
    """A 更正 as one officer of the office proposes it and another one decides; once decided it stays as it is.

    `items`: `[{item, kind, points, reason, document_no}]`, points as text or null. `vetoes`: `[{assessment, star,
    clause, is_lifted, reason}]`. `base` is the publication its consequences were shown against.
    """

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="corrections")
    base = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        "状态", max_length=10, choices=CorrectionState.choices, default=CorrectionState.DRAFT.value
    )
    items: Any = models.JSONField("更正的事项", default=list)
    vetoes: Any = models.JSONField("一票否决的变动", default=list)
    reason = models.CharField("更正理由", max_length=500, blank=True, default="")
    version = models.PositiveIntegerField(default=0)
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    drafted_in = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField("起草时间", default=clock.now)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_in = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("办结时间", null=True, blank=True)
    decision_reason = models.CharField("不同意的理由", max_length=500, blank=True, default="")
    result = models.OneToOneField(Publication, on_delete=models.PROTECT, null=True, blank=True, related_name="proposal")

    class Meta:
        verbose_name = verbose_name_plural = "更正提议"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(state__in=["draft", "proposed"]),
                name="one_open_correction_a_period",
                violation_error_message="本月已有一件更正在办。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "declined"])
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("drafted_by"))),
                name="another_person_decides_a_correction",
                violation_error_message="更正须由两人办理。",
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", result__isnull=False) | (~Q(state="confirmed") & Q(result__isnull=True)),
                name="a_confirmed_correction_has_its_publication",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} 更正提议 {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN
