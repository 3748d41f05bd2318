from __future__ import annotations

from calendar import monthrange
from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from branches.models import Appointment, Organisation, Person, Position
from core import clock
from scoring.models.programme import TaskKey


class TaskAssignmentQuerySet(models.QuerySet["TaskAssignment"]):
    def in_force(self, month: date) -> TaskAssignmentQuerySet:
        """The one row of each organisation and task that holds in that month."""
        newer = TaskAssignment.objects.filter(
            Q(from_month__gt=OuterRef("from_month"))
            | Q(from_month=OuterRef("from_month"), revision__gt=OuterRef("revision")),
            organisation=OuterRef("organisation"),
            key=OuterRef("key"),
            from_month__lte=month,
        )
        return self.filter(~Exists(newer), from_month__lte=month)


class TaskAssignment(models.Model):
    """Which post of a community answers for a task, and by which day of the month; from a month on, until the next row.

    Append-only and without an end: the next row ends it, so two can never hold at once. Nothing of it is frozen with a
    month, for it decides no points; its day reminds and locks nothing (rule 7).
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="task_assignments")
    key = models.ForeignKey(TaskKey, on_delete=models.PROTECT, related_name="assignments")
    from_month = models.DateField("起始月份")
    revision = models.PositiveSmallIntegerField("第几次登记", default=1)
    position = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_due_next_month = models.BooleanField("次月", default=False)
    due_day = models.PositiveSmallIntegerField("完成日", null=True, blank=True, help_text="31 即月末")
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("登记时间", default=clock.now)

    objects = TaskAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任务分工"
        ordering = ["organisation", "key", "from_month", "revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "key", "from_month", "revision"], name="one_assignment_a_month_and_revision"
            ),
            models.CheckConstraint(condition=Q(from_month__day=1), name="an_assignment_starts_with_a_month"),
            models.CheckConstraint(
                condition=Q(due_day__isnull=True) | Q(due_day__gte=1, due_day__lte=31),
                name="work_is_due_on_a_day_of_a_month",
                violation_error_message="完成日须在 1 至 31 之间。",
            ),
            models.CheckConstraint(
                condition=Q(due_day__isnull=False) | Q(is_due_next_month=False), name="a_due_month_has_a_due_day"
            ),
        ]

    def due_on(self, month: date) -> date | None:
        """The last day for this month's work; a day that the month has not is its last one."""
        if self.due_day is None:
            return None
        year, number = divmod(month.year * 12 + month.month - 1 + self.is_due_next_month, 12)
        return date(year, number + 1, min(self.due_day, monthrange(year, number + 1)[1]))
