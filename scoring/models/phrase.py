from __future__ import annotations

from django.db import models
from django.db.models import Q

from scoring.models.programme import Programme, StarKind


class ReturnPhrase(models.Model):
    """A ready-made reason for sending an item back: of the whole programme, or of one star. Reviews keep their own
    copy of the words, so changing or retiring a phrase changes nothing that was said."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="return_phrases")
    star_kind = models.ForeignKey(StarKind, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    order = models.PositiveSmallIntegerField("次序", default=10)
    text = models.CharField("用语", max_length=100)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "退回用语"
        ordering = ["order", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_return_phrase_has_words")]

    def __str__(self) -> str:
        return self.text
