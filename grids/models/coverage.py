from __future__ import annotations

from django.db import models
from django.db.models import Q

from branches.models import Organisation
from grids.choices import CoverageKind
from grids.models.base import Dated, GroundRow
from grids.models.courtyard import Courtyard
from grids.models.grid import Grid
from grids.models.property import PropertyCompany


class Coverage(Dated, GroundRow):
    """A Party organisation covers a grid or a courtyard from when to when; one may cover several."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="coverages", verbose_name="党组织"
    )
    grid = models.ForeignKey(
        Grid, on_delete=models.PROTECT, null=True, blank=True, related_name="coverages", verbose_name="网格"
    )
    courtyard = models.ForeignKey(
        Courtyard,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="coverages",
        verbose_name="庭院（小区）",
    )
    kind = models.CharField("组建方式", max_length=12, choices=CoverageKind.choices, default=CoverageKind.OWN)
    company = models.ForeignKey(
        PropertyCompany,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="联合的物业企业",
    )

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "党组织覆盖"
        ordering = ["organisation", "starts_on"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(courtyard__isnull=False, grid__isnull=True) | Q(courtyard__isnull=True, grid__isnull=False),
                name="a_coverage_is_of_a_grid_or_a_courtyard",
                violation_error_message="请选网格或庭院中的一个。",
            ),
            models.CheckConstraint(
                condition=Q(kind="company", company__isnull=False) | (~Q(kind="company") & Q(company__isnull=True)),
                name="only_a_joint_branch_with_a_company_names_it",
                violation_error_message="与物业企业联合组建的须选企业，其他方式不选。",
            ),
        ]
