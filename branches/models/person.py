from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from branches.choices import Role
from branches.models.organisation import Organisation
from branches.models.placement import Placement


class Person(models.Model):
    """A holder of appointments: name and work phone, nothing else; a log-in account if she has one."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="person"
    )
    name = models.CharField("姓名", max_length=40)
    work_phone = models.CharField("工作电话", max_length=30, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "人员"

    def __str__(self) -> str:
        return self.name


class Position(models.Model):
    """A role at an organisation; duties point at it, whoever holds it.

    A post that carries duties only has a title of its own (组织委员, 网格员); given up, it is closed, not deleted.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="positions")
    role = models.CharField("岗位", max_length=24, choices=Role.choices)
    title = models.CharField("岗位名称", max_length=20, blank=True, default="")
    closed_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "岗位"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "role", "title"], name="one_position_a_role"),
            models.CheckConstraint(
                condition=(Q(role="duty") & ~Q(title="")) | (~Q(role="duty") & Q(title="")),
                name="a_post_for_duties_has_a_title",
                violation_error_message="分工岗位须有名称。",
            ),
        ]

    @property
    def label(self) -> str:
        """What the post is called at its organisation."""
        return self.title or self.get_role_display()


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def in_force(self, day: date) -> AppointmentQuerySet:
        """Those that hold on that day."""
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gt=day))

    def with_organisation_name(self, day: date) -> AppointmentQuerySet:
        """With `.organisation_name`: what the organisation is called on that day, None before its first placement."""
        placements = Placement.objects.filter(organisation=OuterRef("position__organisation"), starts_on__lte=day)
        newest = placements.order_by("-starts_on", "-revision")
        return self.annotate(organisation_name=Subquery(newest.values("name")[:1]))


class Appointment(models.Model):
    """A person in a position from when to when; rights come from it, provenance points at it."""

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="appointments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    starts_on = models.DateField("任职日期")
    ends_on = models.DateField("离任日期", null=True, blank=True)
    sent_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="选派单位"
    )

    objects = AppointmentQuerySet.as_manager()

    if TYPE_CHECKING:  # what `.with_organisation_name(day)` adds
        organisation_name: str | None

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        constraints = [
            models.UniqueConstraint(fields=["position", "person", "starts_on"], name="one_appointment_a_start"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="an_appointment_ends_after_it_starts",
                violation_error_message="离任日期须晚于任职日期。",
            ),
        ]
