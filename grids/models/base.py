"""What ground rows have in common: who recorded them when, from when to when they hold, and whether they stand."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.apps import apps
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from branches.models import Appointment, Organisation
from core import clock

if TYPE_CHECKING:
    from core.models import User

Row = TypeVar("Row", bound=models.Model)


def at_most(number: int) -> list[MaxValueValidator]:
    """No place of ours has more: a slip of the keyboard is told at once."""
    return [MaxValueValidator(number, f"不能大于 {number}。")]


class GroundQuerySet(models.QuerySet[Row]):
    """Words that chain: `.standing()`, `.in_force(day)`, `.visible_to(user)`."""

    def standing(self) -> Self:
        """Without rows that were voided as mistaken."""
        return self.filter(voided_at__isnull=True)

    def in_force(self, day: date) -> Self:
        """Those that hold on that day (rows with `starts_on` and `ends_on`), without voided ones."""
        return self.standing().filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gt=day))

    def visible_to(self, user: User) -> Self:
        from grids.permissions import visible_rows

        return visible_rows(self, user)


class Recorded(models.Model):
    """When it was entered and in which appointment; the day of entry is not the day of the event."""

    recorded_at = models.DateTimeField("登记时间", default=clock.now, editable=False)
    recorded_by = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="登记人岗位"
    )

    class Meta:
        abstract = True


class KeptRow(Recorded):
    """A row of a register: changed with before and after in the audit, voided, never deleted."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="同一张表单重复提交只算一次")
    version = models.PositiveIntegerField(default=0, editable=False)
    confirmed_on = models.DateField("最近确认日期", null=True, editable=False)
    voided_at = models.DateTimeField("作废时间", null=True, editable=False)
    void_reason = models.CharField("作废原因", max_length=200, default="", editable=False)

    objects: Any = GroundQuerySet.as_manager()

    class Meta:
        abstract = True


class GroundRow(KeptRow):
    """A row that its community keeps."""

    community = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="社区", editable=False
    )

    class Meta:
        abstract = True


class Dated(models.Model):
    """From when to when: half-open, the last included day is the one before `ends_on`."""

    starts_on = models.DateField("起始日期")
    ends_on = models.DateField("终止日期", null=True, blank=True, help_text="当日起不再有效")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_it_starts",
                violation_error_message="终止日期须晚于起始日期。",
            )
        ]


class StateQuerySet(models.QuerySet[Row]):
    """States of a standing thing, found by day."""

    def in_force(self, day: date) -> Self:
        """The one state of each thing that holds on that day."""
        subject = self.model.SUBJECT  # type: ignore[attr-defined]
        newer = self.model._default_manager.filter(
            Q(starts_on__gt=OuterRef("starts_on"))
            | Q(starts_on=OuterRef("starts_on"), revision__gt=OuterRef("revision")),
            starts_on__lte=day,
            **{subject: OuterRef(subject)},
        )
        return self.filter(~Exists(newer), starts_on__lte=day)

    def latest_ones(self) -> Self:
        """The newest state of each thing, be it of a day to come."""
        subject = self.model.SUBJECT  # type: ignore[attr-defined]
        newer = self.model._default_manager.filter(
            Q(starts_on__gt=OuterRef("starts_on"))
            | Q(starts_on=OuterRef("starts_on"), revision__gt=OuterRef("revision")),
            **{subject: OuterRef(subject)},
        )
        return self.filter(~Exists(newer))

    def current(self) -> Self:
        """Without those that a later revision of the same day replaced."""
        subject = self.model.SUBJECT  # type: ignore[attr-defined]
        newer = self.model._default_manager.filter(
            starts_on=OuterRef("starts_on"), revision__gt=OuterRef("revision"), **{subject: OuterRef(subject)}
        )
        return self.filter(~Exists(newer))


class State(Recorded):
    """What is true of a standing thing from a day on; append-only, the next state ends it.

    A mistake is mended by another revision of the same day: then it never was otherwise, and yet nothing is lost.
    """

    SUBJECT = ""

    starts_on = models.DateField("自何日起")
    revision = models.PositiveSmallIntegerField("第几次登记", default=1, editable=False)
    reason = models.CharField("变更说明", max_length=200, blank=True, default="")

    objects: Any = StateQuerySet.as_manager()

    class Meta:
        abstract = True


def dated_models(column: str) -> list[Any]:
    """Registers whose rows hold from a day to a day and name a place or an organisation in `column`."""
    return [
        model
        for model in apps.get_app_config("grids").get_models()
        if issubclass(model, GroundRow) and issubclass(model, Dated) and hasattr(model, column)
    ]
