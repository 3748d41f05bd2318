"""Items over the API, as they stand now: the same look as the pages take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from branches.choices import Role, Track
from scoring.api.parts import PK, Hundredths, Month, amount
from scoring.calc.counted import CLAIMED, EMPTY, NOT_APPLICABLE, POINTS, Counted
from scoring.choices import Axis, ItemState, Outcome, ReportKind, ReviewBasis, Window
from scoring.filters import ItemFilter
from scoring.models import AssessmentItem, Review
from scoring.selectors.current import CurrentItem, look_at_page, page_rows
from scoring.selectors.explain import explain_item
from scoring.selectors.last_month import LAST_MONTH, is_as_settled, last_month

KINDS = [(POINTS, "得分"), (NOT_APPLICABLE, "不涉及"), (CLAIMED, "报不涉及，未确认"), (EMPTY, "未报")]
SOURCES = [
    ("ruling", "最终认定"),
    ("task_force", "专班核验"),
    ("street", "街道审核"),
    ("report", "自评"),
    ("none", "无"),
]


class ReviewSerializer(serializers.Serializer[Any]):
    """One view of one axis, the present one or an earlier; who gave it is told by post, never by person."""

    round = serializers.IntegerField(help_text="the round of the item it was given in")
    revision = serializers.IntegerField(
        help_text="counts the axis' views of that round; a later one replaces an earlier"
    )
    in_force = serializers.BooleanField(help_text="whether it is what the axis says now")
    axis = serializers.ChoiceField(choices=Axis.choices)
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    points = amount(null=True)
    reason = serializers.CharField()
    basis = serializers.ChoiceField(choices=ReviewBasis.choices)
    organisation = serializers.CharField(source="appointment.position.organisation.code")
    role = serializers.ChoiceField(source="appointment.position.role", choices=Role.choices)
    at = serializers.DateTimeField()


class ItemSerializer(serializers.Serializer[CurrentItem]):
    """One task of one assessment. Empty (null), zero and 不涉及 are three different things: see `kind`."""

    id = serializers.IntegerField(source="item.pk")
    assessment = serializers.IntegerField(source="item.assessment_id")
    programme = serializers.CharField(source="assessment.period.programme.code")
    month = Month(source="assessment.period.month")
    organisation = serializers.CharField(source="assessment.subject.code")
    organisation_name = serializers.CharField(source="assessment.placement.name")
    street = serializers.CharField(source="assessment.street.code")
    track = serializers.ChoiceField(source="assessment.track", choices=Track.choices)
    star = serializers.CharField(source="task.star")
    task_number = serializers.IntegerField(source="task.number")
    task_key = serializers.CharField(source="task.key")
    title = serializers.CharField(source="item.task.title")
    window = serializers.ChoiceField(source="item.task.window", choices=Window.choices)
    full_points = amount(source="item.task.full_points")
    state = serializers.ChoiceField(source="item.state", choices=ItemState.choices)
    round = serializers.IntegerField(source="item.round")
    reported_kind = serializers.ChoiceField(source="report.kind", choices=ReportKind.choices, allow_null=True)
    reported_points = amount(null=True, source="report.points")
    reported_at = serializers.DateTimeField(source="report.at", allow_null=True)
    form_number = serializers.CharField(
        source="report.form_number", allow_null=True, help_text="of the paper form it was typed from, empty for none"
    )
    filled_on = serializers.DateField(
        source="report.filled_on", allow_null=True, help_text="the day on that form, not the day of entry"
    )
    street_points = amount(null=True, source="street.points")
    taskforce_points = amount(null=True, source="task_force.points")
    ruled_points = amount(null=True, source="ruling.points")
    counted_points = Hundredths(source="counted.points")
    kind = serializers.ChoiceField(source="counted.kind", choices=KINDS, help_text="what counts, not what was reported")
    counted_from = serializers.ChoiceField(source="counted.source", choices=SOURCES)
    gap = Hundredths(source="counted.gap")
    is_gap = serializers.BooleanField(source="counted.is_gap")
    provisional = serializers.BooleanField(source="counted.is_provisional")
    differs_from_last_period = serializers.SerializerMethodField()
    reviews = serializers.SerializerMethodField()
    explanation = serializers.SerializerMethodField(help_text="why it counts as it does, in one Chinese sentence")

    @extend_schema_field(serializers.CharField())
    def get_explanation(self, current: CurrentItem) -> str:
        return explain_item(current)

    @extend_schema_field(serializers.BooleanField(allow_null=True))
    def get_differs_from_last_period(self, current: CurrentItem) -> bool | None:
        return differs(current, last_month(current))

    @extend_schema_field(ReviewSerializer(many=True))
    def get_reviews(self, current: CurrentItem) -> list[dict[str, Any]]:
        in_force = {review.pk for review in (current.street, current.task_force) if review is not None}
        given: list[Any] = self.context["reviews"].get(current.item.pk, [])
        for review in given:
            review.in_force = review.pk in in_force
        return ReviewSerializer(given, many=True).data  # type: ignore[return-value]


def differs(current: CurrentItem, last: Counted | None) -> bool | None:
    """Whether the report says something else than what counted last month; None while one of the two is missing."""
    if current.report is None or last is None:
        return None
    return not is_as_settled(current.report, last)


def _reviews_of(rows: Iterable[AssessmentItem]) -> list[Review]:
    """All reviews of some items in the order they were given, with the posts of the reviewers."""
    reviews = Review.objects.filter(item__in=[row.pk for row in rows])
    return list(reviews.select_related("appointment__position__organisation").order_by("pk"))


class ItemViewSet(ReadOnlyModelViewSet[AssessmentItem]):
    """Items in scope as they stand now, newest month first, then by organisation and task."""

    policy = "visible_to"
    serializer_class = ItemSerializer  # type: ignore[assignment]
    filterset_class = ItemFilter
    lookup_value_regex = PK
    queryset = AssessmentItem.objects.none()

    def get_queryset(self) -> QuerySet[AssessmentItem]:
        items = AssessmentItem.objects.visible_to(self.request.user)  # type: ignore[arg-type]
        return page_rows(items.annotate(**LAST_MONTH)).order_by(
            "-assessment__period__month", "assessment__period", "assessment__subject__code", "task__number"
        )

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self._seen(rows or []))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self._seen([self.get_object()])[0])

    def _seen(self, rows: Iterable[AssessmentItem]) -> Any:
        rows = list(rows)
        reviews = _reviews_of(rows)
        given: dict[int, list[Review]] = defaultdict(list)
        for review in reviews:
            given[review.item_id].append(review)
        found = look_at_page(rows, reviews=reviews)
        return ItemSerializer(found, many=True, context={"reviews": given}).data  # type: ignore[arg-type]
