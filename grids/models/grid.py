from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q

from branches.choices import SuccessionKind
from branches.models import Organisation
from grids.choices import GridKind
from grids.models.base import Recorded, State, at_most

if TYPE_CHECKING:
    from core.models import User


class StandingQuerySet(models.QuerySet["Any"]):
    def standing_on(self, day: date) -> Any:
        """Those set up by that day and not closed before it."""
        return self.filter(Q(opened_on__lte=day), Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def visible_to(self, user: User) -> Any:
        from grids.permissions import visible_places

        return visible_places(self, user)


class Standing(Recorded):
    """A place with a life: set up, closed, known by a code that never changes."""

    code = models.CharField("编号", max_length=30, unique=True, help_text="留空则按社区代码顺次编号")
    opened_on = models.DateField("设立日期")
    closed_on = models.DateField("撤销日期", null=True, blank=True, help_text="当日起不再存在")
    closing_document_no = models.CharField("撤销文号", max_length=80, blank=True, default="")
    closing_reason = models.CharField("撤销原因", max_length=200, blank=True, default="")
    confirmed_on = models.DateField("最近确认日期", null=True, editable=False)

    objects: Any = StandingQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gt=F("opened_on")),
                name="%(app_label)s_%(class)s_closes_after_it_opened",
                violation_error_message="撤销日期须晚于设立日期。",
            )
        ]

    def stands_on(self, day: date) -> bool:
        """Set up by that day and not closed before it."""
        return self.opened_on <= day and (self.closed_on is None or self.closed_on > day)

    @property
    def state_on_day(self) -> Any:
        """The state that was fetched with the place as `on_day`."""
        return self.on_day[0]  # type: ignore[attr-defined]

    def __str__(self) -> str:
        name = getattr(self, "name", None)
        return f"{name}（{self.code}）" if name else self.code


class Grid(Standing):
    """A ground unit of about 300 households; what it is called and where it lies are dated states."""

    class Meta(Standing.Meta):
        verbose_name = verbose_name_plural = "网格"
        ordering = ["code"]


class GridState(State):
    """Name, community, kind and households of a grid from a day on. Append-only."""

    SUBJECT = "grid"

    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="states")
    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="社区")
    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类别", max_length=16, choices=GridKind.choices, default=GridKind.COURTYARD)
    households = models.PositiveIntegerField("户数", null=True, blank=True, validators=at_most(100_000))
    document_no = models.CharField("文号", max_length=80, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "网格登记"
        ordering = ["grid", "starts_on", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["grid", "starts_on", "revision"], name="one_state_a_grid_day_and_revision")
        ]
        indexes = [models.Index(fields=["community", "grid"], name="grids_of_a_community")]

    def __str__(self) -> str:
        return self.name


class GridSuccession(models.Model):
    """Which grid followed which, from when, by which document (620 merged to 539). Append-only."""

    predecessor = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="preceded_by")
    effective_on = models.DateField("生效日期")
    kind = models.CharField("方式", max_length=12, choices=SuccessionKind.choices)
    document_no = models.CharField("文号", max_length=80)

    class Meta:
        verbose_name = verbose_name_plural = "网格沿革"
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="one_succession_between_two_grids"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="no_grid_succeeds_itself"),
        ]
