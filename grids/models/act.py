from __future__ import annotations

from django.db import models


class ActRow(models.Model):
    """Which row a bulk act touched: the way from a row to an audit entry that names many. Append-only."""

    model = models.CharField("登记簿", max_length=60)
    row_id = models.BigIntegerField("行")
    entry_seq = models.BigIntegerField("审计序号")

    class Meta:
        verbose_name = verbose_name_plural = "批量办理的行"
        constraints = [
            models.UniqueConstraint(fields=["model", "row_id", "entry_seq"], name="an_act_names_a_row_once"),
        ]
