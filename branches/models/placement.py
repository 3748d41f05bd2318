from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from branches.choices import PartyForm, Track
from branches.models.organisation import Organisation
from core import clock


class PlacementQuerySet(models.QuerySet["Placement"]):
    def current(self) -> PlacementQuerySet:
        """Without those that a later revision of the same day replaced."""
        newer = Placement.objects.filter(
            organisation=OuterRef("organisation"), starts_on=OuterRef("starts_on"), revision__gt=OuterRef("revision")
        )
        return self.filter(~Exists(newer))

    def in_force(self, day: date) -> PlacementQuerySet:
        """The one placement of each organisation that holds on that day."""
        newer = Placement.objects.filter(
            Q(starts_on__gt=OuterRef("starts_on"))
            | Q(starts_on=OuterRef("starts_on"), revision__gt=OuterRef("revision")),
            organisation=OuterRef("organisation"),
            starts_on__lte=day,
        )
        return self.filter(~Exists(newer), starts_on__lte=day)


class Placement(models.Model):
    """Where an organisation hangs, under what name and track, from a day on; the next placement ends it.

    Append-only: what was frozen from a placement stays true for ever. A change dated before another placement
    adds a revision of that later one, and the highest revision of a day counts.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="placements")
    starts_on = models.DateField("起始日期")
    revision = models.PositiveSmallIntegerField("第几次登记", default=1)
    parent = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="placements_below"
    )
    name = models.CharField("名称", max_length=80)
    form = models.CharField("组织形式", max_length=20, choices=PartyForm.choices, blank=True, default="")
    track = models.CharField("类别", max_length=12, choices=Track.choices, blank=True, default="")
    display_order = models.PositiveIntegerField("排列次序", default=0)
    document_no = models.CharField("文号", max_length=80, blank=True, default="")
    reason = models.CharField("原因", max_length=200)
    search_keys = models.CharField(max_length=400, default="", editable=False, help_text="拼音首字母，供检索")
    recorded_at = models.DateTimeField("登记时间", default=clock.now)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "隶属"
        ordering = ["organisation", "starts_on", "revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "starts_on", "revision"],
                name="one_placement_an_organisation_day_and_revision",
                violation_error_message="该党组织在这一天已有隶属记录。",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("organisation")),
                name="nobody_is_her_own_parent",
                violation_error_message="上级不能是自己。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.starts_on} 起）"


class AncestryQuerySet(models.QuerySet["Ancestry"]):
    def in_force(self, day: date) -> AncestryQuerySet:
        """Rows that hold on that day."""
        return self.filter(starts_on__lte=day).reaching(day)

    def reaching(self, day: date) -> AncestryQuerySet:
        """Rows that hold on that day or on some later one."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class Ancestry(models.Model):
    """Who stood under whom and when, itself at depth 0; derived from placements, rebuildable."""

    descendant = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="ancestry")
    ancestor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="descent")
    depth = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = AncestryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "上下级关系"
        constraints = [
            models.UniqueConstraint(fields=["descendant", "ancestor", "starts_on"], name="one_ancestry_a_pair_and_day")
        ]
        indexes = [models.Index(fields=["ancestor", "descendant", "starts_on", "ends_on"], name="ancestry_downwards")]
