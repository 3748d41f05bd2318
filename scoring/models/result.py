from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q

from branches.choices import Track
from branches.models import Appointment, Organisation, Person
from core import clock
from core.fields import HundredthsField
from scoring.models.period import Assessment, Period
from scoring.models.rubric import Star

if TYPE_CHECKING:
    from core.models import User


class RatingQuerySet(models.QuerySet["Rating"]):
    def visible_to(self, user: User) -> RatingQuerySet:
        from scoring.permissions import visible_ratings

        return visible_ratings(self, user)


class Rating(models.Model):
    """The live result of an assessment; rebuildable, written by the rating service alone."""

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="rating")
    points = HundredthsField("得分")
    applicable_points = HundredthsField("适用满分")
    total = HundredthsField("总分", null=True, blank=True)
    star_level = models.PositiveSmallIntegerField("星级（测算）")
    stars = models.JSONField("各星")
    provisional_items = models.PositiveSmallIntegerField("未定事项")
    empty_items = models.PositiveSmallIntegerField("未报事项")
    gap_items = models.PositiveSmallIntegerField("差距事项")
    is_complete = models.BooleanField("完整")

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评星结果"


class Veto(models.Model):
    """A star withheld from (or given back to) an assessment under a published veto clause; append-only."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="vetoes")
    star = models.ForeignKey(Star, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("次序")
    is_lifted = models.BooleanField("解除", default=False)
    clause = models.CharField("条款", max_length=200)
    document_no = models.CharField("文号", max_length=80)
    reason = models.CharField("理由", max_length=300)
    publication_number = models.PositiveSmallIntegerField("自第几次公布起", default=1)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    second_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "一票否决"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "star", "number"], name="one_veto_a_number"),
            models.CheckConstraint(condition=~Q(document_no=""), name="a_veto_names_its_document"),
            models.CheckConstraint(
                condition=Q(publication_number=1) | (Q(second_by__isnull=False) & ~Q(by=F("second_by"))),
                name="a_later_veto_takes_two_persons",
            ),
        ]


class SignOff(models.Model):
    """A street signs its batch off (审签): another person than those who reviewed; append-only."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="sign_offs")
    street = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sign_offs")
    number = models.PositiveSmallIntegerField("次序")
    reviews = models.PositiveIntegerField("审核数")
    last_review_id = models.BigIntegerField("截至审核")
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "街道审签"
        constraints = [models.UniqueConstraint(fields=["period", "street", "number"], name="one_sign_off_a_number")]


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, user: User) -> PublicationQuerySet:
        from scoring.permissions import visible_publications

        return visible_publications(self, user)


class Publication(models.Model):
    """What was published of a month: everything a reader or a ledger may need, frozen; append-only."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveSmallIntegerField("第几次公布")
    content = models.TextField("内容（规范 JSON）")
    sha256 = models.CharField("摘要", max_length=64)
    reason = models.CharField("更正理由", max_length=500, blank=True, default="")
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    second_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    at = models.DateTimeField("时间", default=clock.now)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公布"
        ordering = ["-period__month", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["period", "number"], name="one_publication_a_number"),
            models.CheckConstraint(
                condition=Q(number=1, supersedes__isnull=True)
                | (Q(number__gt=1, supersedes__isnull=False, second_by__isnull=False) & ~Q(reason="")),
                name="a_later_publication_supersedes_with_a_reason_and_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("published_by")),
                name="two_persons_publish_a_correction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} 第{self.number}次公布"

    @cached_property
    def data(self) -> dict[str, Any]:
        """The content, parsed; decimals are text in it."""
        return json.loads(self.content)


class Standing(models.Model):
    """Place of an assessment in a publication: an index over its content; incomplete ones have none."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="standings")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="standings")
    track = models.CharField("类别", max_length=12, choices=Track.choices)
    place = models.PositiveSmallIntegerField("名次", null=True, blank=True)
    is_tied = models.BooleanField("并列", default=False)
    total = HundredthsField("总分", null=True, blank=True)
    star_level = models.PositiveSmallIntegerField("星级（测算）")

    class Meta:
        verbose_name = verbose_name_plural = "名次"
        ordering = ["publication", "track", F("place").asc(nulls_last=True)]
        constraints = [models.UniqueConstraint(fields=["publication", "assessment"], name="one_standing_a_publication")]
