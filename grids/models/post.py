"""People on the ground: how many of the 5+3 posts are filled, and the few whose work contact is kept."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from branches.models import Organisation
from grids.choices import PostKind
from grids.models.base import Dated, GroundRow, State
from grids.models.courtyard import Courtyard
from grids.models.grid import Grid


class PostCount(State):
    """How many posts of a kind a community should have and has, from a day on; counts, no names. Append-only."""

    SUBJECT = "series"

    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="社区")
    kind = models.CharField("岗位", max_length=16, choices=PostKind.choices)
    series = models.CharField(max_length=50, editable=False, help_text="社区代码和岗位：同一岗位的登记前后相续")
    required = models.PositiveIntegerField("应配备")
    filled = models.PositiveIntegerField("已配备")
    party_members = models.PositiveIntegerField("其中党员", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "“5+3”岗位配备"
        ordering = ["community", "kind", "starts_on", "revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "starts_on", "revision"], name="one_count_a_post_day_and_revision"
            ),
            models.CheckConstraint(
                condition=Q(filled__lte=F("required")),
                name="no_more_posts_filled_than_required",
                violation_error_message="已配备不能多于应配备。",
            ),
            models.CheckConstraint(
                condition=Q(party_members__isnull=True) | Q(party_members__lte=F("filled")),
                name="no_more_party_members_than_post_holders",
                violation_error_message="其中党员不能多于已配备。",
            ),
        ]


class GroundContact(Dated, GroundRow):
    """The name and work phone of a post-holder on the ground, for as long as she holds the post."""

    kind = models.CharField("岗位", max_length=16, choices=PostKind.choices)
    name = models.CharField("姓名", max_length=40)
    work_phone = models.CharField("工作电话", max_length=30, blank=True, default="")
    grid = models.ForeignKey(
        Grid, on_delete=models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name="网格"
    )
    courtyard = models.ForeignKey(
        Courtyard, on_delete=models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name="庭院（小区）"
    )

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "岗位联系人"
        ordering = ["community", "kind", "name"]

    def __str__(self) -> str:
        return self.name
