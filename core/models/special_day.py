from django.db import models

from core import clock


class SpecialDay(models.Model):
    """A day that is not what its weekday says: a holiday on a weekday, or a weekend day worked in exchange (调休)."""

    day = models.DateField("日期", unique=True)
    is_working = models.BooleanField("上班")
    name = models.CharField("名称", max_length=40, help_text="如：国庆节、国庆节调休")
    changed_at = models.DateTimeField("登记时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "节假日和调休"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
