from django.db import models

from core import clock


class StoredFile(models.Model):
    """A file kept once by its content; the path follows from the digest."""

    sha256 = models.CharField("摘要", max_length=64, unique=True)
    size = models.PositiveBigIntegerField("字节数")
    media_type = models.CharField("类型", max_length=100)
    created_at = models.DateTimeField("存入时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "文件"

    def __str__(self) -> str:
        return self.sha256
