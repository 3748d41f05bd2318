"""What lists of the month may be asked for; the same words mean the same everywhere. Anything unusable is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.db.models.functions import Abs, Cast, Coalesce

from branches.choices import Track
from scoring.choices import Axis, ItemState, PeriodState, ReportKind
from scoring.models import (
    Assessment,
    AssessmentItem,
    Period,
    ProgrammeYear,
    Publication,
    Rating,
    Report,
    Review,
    Ruling,
)

CODE = 40


class MonthField(forms.RegexField):
    """A month written as 2026-10; cleaned to its first day."""

    default_error_messages = {"invalid": "月份须写成 2026-10 的样式。"}

    def __init__(self, **kwargs: Any):
        super().__init__(r"\A[1-9][0-9]{3}-(0[1-9]|1[0-2])\Z", **kwargs)

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        return date.fromisoformat(f"{text}-01") if text else None


class MonthFilter(django_filters.Filter):
    field_class = MonthField


class StatedKind(TextChoices):
    """What stands in the report of the present round; empty: nothing yet."""

    POINTS = ReportKind.POINTS.value, ReportKind.POINTS.label
    NOT_APPLICABLE = ReportKind.NOT_APPLICABLE.value, ReportKind.NOT_APPLICABLE.label
    EMPTY = "empty", "未报"


def code_filter(path: str, label: str) -> django_filters.CharFilter:
    return django_filters.CharFilter(field_name=path, label=label, max_length=CODE)


class PeriodFilter(django_filters.FilterSet):
    """`?month=2026-10&state=open&programme=weidu-five-star`."""

    month = MonthFilter(field_name="month", label="月份")
    state = django_filters.ChoiceFilter(choices=PeriodState.choices, label="状态")
    programme = code_filter("programme__code", "项目代码")

    class Meta:
        model = Period
        fields: list[str] = []


class AssessmentFilter(django_filters.FilterSet):
    """By month, programme, organisation, street, track and the state of the month."""

    month = MonthFilter(field_name="period__month", label="月份")
    programme = code_filter("period__programme__code", "项目代码")
    organisation = code_filter("subject__code", "单位代码")
    street = code_filter("street__code", "街道代码")
    track = django_filters.ChoiceFilter(choices=Track.choices, label="类别")
    state = django_filters.ChoiceFilter(field_name="period__state", choices=PeriodState.choices, label="月份状态")

    class Meta:
        model = Assessment
        fields: list[str] = []


class _UnderAssessment(django_filters.FilterSet):
    """What items and ratings have in common."""

    month = MonthFilter(field_name="assessment__period__month", label="月份")
    programme = code_filter("assessment__period__programme__code", "项目代码")
    organisation = code_filter("assessment__subject__code", "单位代码")
    street = code_filter("assessment__street__code", "街道代码")
    track = django_filters.ChoiceFilter(field_name="assessment__track", choices=Track.choices, label="类别")


class ItemFilter(_UnderAssessment):
    """By month, organisation, street, track, star, task, state, what is reported and whether it is settled."""

    assessment = django_filters.NumberFilter(
        field_name="assessment_id", decimal_places=0, min_value=1, max_value=2**31, label="考评编号"
    )
    star = code_filter("task__star__kind__code", "星（代码）")
    task_key = code_filter("task__key__code", "任务代码")
    task_number = django_filters.NumberFilter(
        field_name="task__number", decimal_places=0, min_value=1, max_value=999, label="任务序号"
    )
    state = django_filters.ChoiceFilter(choices=ItemState.choices, label="状态")
    reported_kind = django_filters.ChoiceFilter(choices=StatedKind.choices, method="by_reported_kind", label="自评性质")
    gap = django_filters.BooleanFilter(method="by_gap", label="有差距")
    provisional = django_filters.BooleanFilter(method="by_provisional", label="未定")

    class Meta:
        model = AssessmentItem
        fields: list[str] = []

    def by_reported_kind(self, items: QuerySet[AssessmentItem], name: str, value: str) -> QuerySet[AssessmentItem]:
        reports = _of_this_round(Report)
        return items.filter(~Exists(reports) if value == StatedKind.EMPTY else Exists(reports.filter(kind=value)))

    def by_gap(self, items: QuerySet[AssessmentItem], name: str, value: bool) -> QuerySet[AssessmentItem]:
        return _those_or_others(items, in_gap(items), value)

    def by_provisional(self, items: QuerySet[AssessmentItem], name: str, value: bool) -> QuerySet[AssessmentItem]:
        return _those_or_others(items, provisional(items), value)


def _those_or_others(items: QuerySet[Any], those: QuerySet[Any], value: bool) -> QuerySet[Any]:
    ids = those.values("pk")
    return items.filter(pk__in=ids) if value else items.exclude(pk__in=ids)


class RatingFilter(_UnderAssessment):
    """By month, organisation, street, track, number of stars, and whether all is reported and settled."""

    star_level = django_filters.NumberFilter(decimal_places=0, min_value=0, max_value=9, label="星级（测算）")
    complete = django_filters.BooleanFilter(field_name="is_complete", label="完整")
    provisional = django_filters.BooleanFilter(method="by_provisional", label="有未定事项")

    class Meta:
        model = Rating
        fields: list[str] = []

    def by_provisional(self, ratings: QuerySet[Rating], name: str, value: bool) -> QuerySet[Rating]:
        return ratings.filter(provisional_items__gt=0) if value else ratings.filter(provisional_items=0)


class PublicationFilter(django_filters.FilterSet):
    """`?month=2026-10&number=1&superseded=false&programme=weidu-five-star`."""

    month = MonthFilter(field_name="period__month", label="月份")
    programme = code_filter("period__programme__code", "项目代码")
    number = django_filters.NumberFilter(decimal_places=0, min_value=1, max_value=999, label="第几次公布")
    superseded = django_filters.BooleanFilter(
        field_name="superseded_by", lookup_expr="isnull", exclude=True, label="已被更正取代"
    )

    class Meta:
        model = Publication
        fields: list[str] = []


# -- what is not settled, in the words of the database; `calc.counted` says the same of one item (rules 4 to 6)

_DOES_NOT_APPLY = -1


def in_gap(items: QuerySet[AssessmentItem]) -> QuerySet[AssessmentItem]:
    """Those of the items where both axes have spoken, lie apart further than allowed, and nothing is ruled."""
    apart = items.annotate(
        street_view=_newest_view(Axis.STREET), force_view=_newest_view(Axis.TASK_FORCE), allowed_gap=_allowed_gap()
    ).annotate(distance=Abs(F("street_view") - F("force_view")))
    is_wide = Q(street_view=_DOES_NOT_APPLY) | Q(force_view=_DOES_NOT_APPLY) | Q(distance__gt=F("allowed_gap"))
    return apart.filter(is_wide, _reported(), ~_ruled(), distance__gt=0)


def provisional(items: QuerySet[AssessmentItem]) -> QuerySet[AssessmentItem]:
    """Those reported and not ruled that the task force has not seen or that lie in a gap."""
    unseen = ~Exists(_of_this_round(Review).filter(axis=Axis.TASK_FORCE).in_force())
    return items.filter(_reported(), ~_ruled()).filter(unseen | Q(pk__in=in_gap(items).values("pk")))


def _reported() -> Exists:
    return Exists(_of_this_round(Report))


def _ruled() -> Exists:
    return Exists(Ruling.objects.filter(item=OuterRef("pk")))


def _of_this_round(acts: Any) -> Any:
    return acts.objects.filter(item=OuterRef("pk"), round=OuterRef("round"))


def _newest_view(axis: str) -> Subquery:
    """Hundredths of the newest review of the round, -1 for 不涉及, nothing where the axis has not spoken."""
    points = Coalesce(Cast("points", IntegerField()), _DOES_NOT_APPLY)
    newest = _of_this_round(Review).filter(axis=axis).in_force()
    return Subquery(newest.annotate(view=points).values("view")[:1], output_field=IntegerField())


def _allowed_gap() -> Subquery:
    years = ProgrammeYear.objects.filter(
        programme=OuterRef("assessment__period__programme"), year=OuterRef("assessment__period__month__year")
    )
    width = years.annotate(width=Cast("gap_width", IntegerField())).values("width")
    return Subquery(width[:1], output_field=IntegerField())
