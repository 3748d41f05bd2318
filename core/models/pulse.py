from django.db import models

WORKER = "worker"


class Pulse(models.Model):
    """When a background process last said that it lives."""

    name = models.CharField("进程", max_length=40, unique=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "心跳"

    def __str__(self) -> str:
        return self.name
