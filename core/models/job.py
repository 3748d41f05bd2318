from django.db import models
from django.db.models import Q

from core import clock


class Job(models.Model):
    """A long piece of work with an honest state; the queue only carries its id."""

    class State(models.TextChoices):
        QUEUED = "queued", "排队"
        RUNNING = "running", "处理中"
        DONE = "done", "完成"
        FAILED = "failed", "失败"
        CANCELLED = "cancelled", "已取消"

    ALIVE = (State.QUEUED, State.RUNNING)

    kind = models.CharField("种类", max_length=60)
    scope = models.CharField("范围", max_length=120)
    params = models.JSONField("参数", default=dict)
    input_digest = models.CharField("输入摘要", max_length=64)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField("已完成", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    message = models.TextField("说明", default="", blank=True)
    attempt = models.PositiveSmallIntegerField("第几次", default=0)
    lease_until = models.DateTimeField("租约到期", null=True, blank=True)
    requester = models.ForeignKey("core.User", on_delete=models.PROTECT, null=True, verbose_name="申请人")
    requester_label = models.CharField("申请人", max_length=200, default="")
    created_at = models.DateTimeField("申请时间", default=clock.now)
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "scope", "input_digest"],
                condition=Q(state__in=["queued", "running"]),
                name="one_live_job_of_a_kind_and_input",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.scope} {self.get_state_display()}"

    @property
    def is_alive(self) -> bool:
        return self.state in self.ALIVE

    @property
    def percent(self) -> int:
        """Progress in whole percent, 0 while the total is unknown."""
        return self.done * 100 // self.total if self.total else 0
