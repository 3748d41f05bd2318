from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from branches.choices import Level, OrganisationKind, SuccessionKind

if TYPE_CHECKING:
    from core.models import User


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Words that chain: `.standing_on(day)`, `.as_of(day)`, `.below(organisation, day)`, `.visible_to(user)`."""

    def standing_on(self, day: date) -> OrganisationQuerySet:
        """Those founded by that day and not closed before it."""
        return self.filter(Q(opened_on__lte=day), Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def as_of(self, day: date) -> OrganisationQuerySet:
        """With the placement in force on that day: `.name`, `.track`, `.parent_id`, `.form`, `.display_order`."""
        from branches.models.placement import Placement

        placement = Placement.objects.filter(organisation=OuterRef("pk"), starts_on__lte=day).order_by(
            "-starts_on", "-revision"
        )
        return self.annotate(
            placement_id=Subquery(placement.values("pk")[:1]),
            name=Subquery(placement.values("name")[:1]),
            track=Subquery(placement.values("track")[:1]),
            form=Subquery(placement.values("form")[:1]),
            parent_id=Subquery(placement.values("parent_id")[:1]),
            display_order=Subquery(placement.values("display_order")[:1]),
        )

    def with_parent_code(self) -> OrganisationQuerySet:
        """After `as_of`: also `.parent_code`, None at the top."""
        return self.annotate(parent_code=Subquery(Organisation.objects.filter(pk=OuterRef("parent_id")).values("code")))

    def below(self, organisation: Organisation, day: date) -> OrganisationQuerySet:
        """The organisation itself and everything under it on that day."""
        from branches.models.placement import Ancestry

        return self.filter(pk__in=Ancestry.objects.in_force(day).filter(ancestor=organisation).values("descendant"))

    def visible_to(self, user: User) -> OrganisationQuerySet:
        """The chain of command is public inside the portal: every account with an appointment sees all of it."""
        from branches.permissions import holds_any_appointment

        return self if holds_any_appointment(user) else self.none()


class Organisation(models.Model):
    """One Party organisation: its identity for ever; name, place and track are dated placements."""

    if TYPE_CHECKING:  # what `.as_of(day)` adds
        placement_id: int
        name: str
        track: str
        form: str
        parent_id: int | None
        display_order: int

    code = models.CharField("代码", max_length=30, unique=True)
    kind = models.CharField("类别", max_length=20, choices=OrganisationKind.choices, default=OrganisationKind.CHAIN)
    level = models.PositiveSmallIntegerField("层级", choices=Level.choices, null=True, blank=True)
    opened_on = models.DateField("成立日期")
    closed_on = models.DateField("撤销日期", null=True, blank=True, help_text="当日起不再存在")
    closing_document_no = models.CharField("撤销文号", max_length=80, blank=True, default="")
    closing_reason = models.CharField("撤销原因", max_length=200, blank=True, default="")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党组织"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gt=F("opened_on")),
                name="an_organisation_closes_after_it_opened",
                violation_error_message="撤销日期须晚于成立日期。",
            ),
            models.CheckConstraint(
                condition=Q(kind="chain", level__isnull=False) | (~Q(kind="chain") & Q(level__isnull=True)),
                name="only_the_chain_has_levels",
                violation_error_message="只有层级党组织有层级。",
            ),
        ]

    def __str__(self) -> str:
        return getattr(self, "name", None) or self.code

    def stands_on(self, day: date) -> bool:
        """Founded by that day and not closed before it."""
        return self.opened_on <= day and (self.closed_on is None or self.closed_on > day)


class Succession(models.Model):
    """Which organisation followed which, from when, by which document; nothing is inherited silently."""

    predecessor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="preceded_by")
    effective_on = models.DateField("生效日期")
    kind = models.CharField("方式", max_length=12, choices=SuccessionKind.choices)
    document_no = models.CharField("文号", max_length=80)

    class Meta:
        verbose_name = verbose_name_plural = "沿革"
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="one_succession_between_two"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="nobody_succeeds_herself"),
        ]


class Alias(models.Model):
    """Another name people search by: 西大街街道 for 西大街道."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField("别名", max_length=80)
    search_keys = models.CharField(max_length=400, default="", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "别名"
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="an_alias_is_given_once")]
