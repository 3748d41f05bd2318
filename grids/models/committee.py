from __future__ import annotations

from django.db import models
from django.db.models import Q

from grids.choices import CommitteeKind
from grids.models.base import Dated, GroundRow
from grids.models.courtyard import Courtyard
from grids.models.grid import Grid


class Committee(Dated, GroundRow):
    """One term of the owners' body of a courtyard or grid; the next term is another row."""

    kind = models.CharField("类别", max_length=12, choices=CommitteeKind.choices)
    name = models.CharField("名称", max_length=80)
    courtyard = models.ForeignKey(
        Courtyard,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="committees",
        verbose_name="庭院（小区）",
    )
    grid = models.ForeignKey(
        Grid, on_delete=models.PROTECT, null=True, blank=True, related_name="committees", verbose_name="网格"
    )
    election_due_on = models.DateField("任期届满（应换届）日期")
    members = models.PositiveSmallIntegerField("委员人数", null=True, blank=True)
    party_members = models.PositiveSmallIntegerField("其中党员", null=True, blank=True)

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "业委会（物管会、院委会）"
        ordering = ["community", "name", "starts_on"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(courtyard__isnull=False, grid__isnull=True) | Q(courtyard__isnull=True, grid__isnull=False),
                name="a_committee_is_of_a_courtyard_or_a_grid",
                violation_error_message="请选庭院或网格中的一个。",
            ),
        ]

    def __str__(self) -> str:
        return self.name
