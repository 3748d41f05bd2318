"""Live results over the API: points, stars and what is missing, before and after publication."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from scoring.api.parts import PK, Hundredths, Month, amount
from scoring.calc.explain import explain_star
from scoring.filters import RatingFilter
from scoring.models import ProgrammeYear, Rating
from scoring.selectors.explain import explain_rating
from scoring.selectors.next_star import Advice, RaisedTask, advices_of

_YEAR = ProgrammeYear.objects.filter(
    programme=OuterRef("assessment__period__programme"), year=OuterRef("assessment__period__month__year")
)
TOTAL_DECIMALS = Subquery(_YEAR.values("total_decimals")[:1])


class StarSerializer(serializers.Serializer[dict[str, Any]]):
    """One star of a rating. `won` is null when no task of the star applies: then it is not rated."""

    code = serializers.CharField()
    name = serializers.CharField()
    points = serializers.CharField(help_text="exact, two places")
    applicable = serializers.CharField(source="applicable_points", help_text="full points of the tasks that apply")
    full_points = serializers.CharField()
    pass_percent = serializers.CharField()
    won = serializers.BooleanField(allow_null=True)
    missing = serializers.CharField(help_text="points missing to the pass line")
    reasons = serializers.ListField(child=serializers.CharField(), help_text="Chinese sentences: why not won")
    explanation = serializers.SerializerMethodField(help_text="the star in one Chinese sentence")

    def get_explanation(self, star: dict[str, Any]) -> str:
        return explain_star(star)


class RaisedTaskSerializer(serializers.Serializer[RaisedTask]):
    """One task to raise: from the points it counts now to points that its criterion can give."""

    number = serializers.IntegerField()
    title = serializers.CharField()
    now = Hundredths()
    to = Hundredths()


class NextStarSerializer(serializers.Serializer[Advice]):
    """The cheapest way to a star not won: fewest tasks, then fewest extra points; `text` says it in a sentence."""

    code = serializers.CharField()
    name = serializers.CharField()
    is_reachable = serializers.BooleanField(help_text="false: no way this month, `text` says why")
    missing = Hundredths(help_text="points short of the pass line, claims of 不涉及 taken for confirmed")
    gain = Hundredths(help_text="extra points of all tasks together")
    tasks = RaisedTaskSerializer(many=True)
    text = serializers.CharField()


class RatingSerializer(serializers.ModelSerializer[Rating]):
    """The live result of one assessment. `star_level` is computed month by month and is no award (测算，未定星)."""

    programme = serializers.CharField(source="assessment.period.programme.code", read_only=True)
    month = Month(source="assessment.period.month")
    organisation = serializers.CharField(source="assessment.subject.code", read_only=True)
    organisation_name = serializers.CharField(source="assessment.placement.name", read_only=True)
    street = serializers.CharField(source="assessment.street.code", read_only=True)
    track = serializers.CharField(source="assessment.track", read_only=True)
    points = amount()
    applicable = amount(source="applicable_points")
    total = amount(null=True)
    stars = StarSerializer(many=True, read_only=True)
    explanation = serializers.SerializerMethodField(help_text="how total and stars came about, in one Chinese sentence")
    next_stars = serializers.SerializerMethodField(help_text="null once the month is closed")

    def get_explanation(self, rating: Rating) -> str:
        return explain_rating(rating, rating.total_decimals)  # type: ignore[attr-defined]

    @extend_schema_field(NextStarSerializer(many=True, allow_null=True))
    def get_next_stars(self, rating: Rating) -> Any:
        found = self.context["next_stars"].get(rating.assessment_id)
        return None if found is None else NextStarSerializer(found, many=True).data

    class Meta:
        model = Rating
        fields = (
            *("id", "assessment", "programme", "month", "organisation", "organisation_name", "street", "track"),
            *("points", "applicable", "total", "star_level", "stars", "explanation", "next_stars"),
            *("provisional_items", "empty_items", "gap_items", "is_complete"),
        )


class RatingViewSet(ReadOnlyModelViewSet[Rating]):
    """Live results in scope, newest month first. They move until the month is published; what was published stays in
    `publications`. A task force sees items, not totals."""

    policy = "visible_to"
    serializer_class = RatingSerializer
    filterset_class = RatingFilter
    lookup_value_regex = PK
    queryset = Rating.objects.none()

    def get_queryset(self) -> QuerySet[Rating]:
        return (
            Rating.objects.visible_to(self.request.user)  # type: ignore[arg-type]
            .select_related(
                *("assessment__period__programme", "assessment__subject", "assessment__placement"),
                *("assessment__street", "assessment__rubric"),
            )
            .defer("assessment__rubric__content")
            .annotate(total_decimals=TOTAL_DECIMALS)
            .order_by("-assessment__period__month", "assessment__period", "assessment__subject__code")
        )

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(self._seen(rows))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self._seen([self.get_object()])[0])

    def _seen(self, rows: Sequence[Rating]) -> Any:
        context = {**self.get_serializer_context(), "next_stars": advices_of(rows)}
        return RatingSerializer(rows, many=True, context=context).data
