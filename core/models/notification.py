from django.conf import settings
from django.db import models

from core import clock


class Notification(models.Model):
    """A short text for one account, at most one a day of each kind; nobody but its recipient sees it."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notifications", verbose_name="收件账号"
    )
    kind = models.CharField("种类", max_length=20)
    day = models.DateField("日期")
    text = models.TextField("内容", max_length=2000)
    created_at = models.DateTimeField("写入时间", default=clock.now)
    read_at = models.DateTimeField("收起时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "提醒"
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind", "day"], name="one_notification_a_kind_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
