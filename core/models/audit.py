from django.db import models


class AuditEntry(models.Model):
    """One act, chained to the one before it; never changed, never deleted, no foreign key out of core."""

    seq = models.BigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间")
    actor_id = models.BigIntegerField("账号编号", null=True)
    actor_label = models.CharField("操作人", max_length=200)
    verb = models.CharField("动作", max_length=60)
    object_type = models.CharField("对象类型", max_length=60)
    object_id = models.CharField("对象编号", max_length=120)
    payload = models.TextField("内容（规范 JSON）")
    prev_hash = models.CharField(max_length=64)
    row_hash = models.CharField(max_length=64)
    key_id = models.CharField(max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        ordering = ["seq"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_by_object")]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"


class ChainHead(models.Model):
    """The end of the audit chain: one row, locked last in a transaction."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="the_chain_has_one_head")]
