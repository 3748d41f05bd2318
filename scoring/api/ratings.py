"""Live results over the API: points, stars and what is missing, before and after publication."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from scoring.api.parts import PK, Month, amount
from scoring.filters import RatingFilter
from scoring.models import Rating


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

    class Meta:
        model = Rating
        fields = (
            *("id", "assessment", "programme", "month", "organisation", "organisation_name", "street", "track"),
            *("points", "applicable", "total", "star_level", "stars"),
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
                "assessment__street",
            )
            .order_by("-assessment__period__month", "assessment__period", "assessment__subject__code")
        )
