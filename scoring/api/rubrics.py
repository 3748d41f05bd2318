"""Published editions of the rubric, as they were frozen."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from branches.choices import Track
from scoring.api.parts import PK, Month
from scoring.filters import code_filter
from scoring.models import Rubric


class RubricTaskSerializer(serializers.Serializer[dict[str, Any]]):
    number = serializers.IntegerField()
    key = serializers.CharField()
    title = serializers.CharField()
    standard = serializers.CharField()
    window = serializers.CharField()
    may_not_apply = serializers.BooleanField()
    full_points = serializers.CharField(help_text="exact, two places")
    criterion_text = serializers.CharField()
    criterion_digest = serializers.CharField()


class RubricStarSerializer(serializers.Serializer[dict[str, Any]]):
    code = serializers.CharField()
    name = serializers.CharField()
    order = serializers.IntegerField()
    pass_percent = serializers.CharField(help_text="exact, two places")
    prerequisites = serializers.ListField(child=serializers.CharField())
    tasks = RubricTaskSerializer(many=True)


class RubricSerializer(serializers.ModelSerializer[Rubric]):
    programme = serializers.CharField(source="programme.code")
    first_month = Month()
    stars = RubricStarSerializer(many=True, source="frozen.stars")

    class Meta:
        model = Rubric
        fields = (
            *("id", "programme", "track", "number", "title", "label", "document_no", "first_month", "published_at"),
            *("sha256", "stars"),
        )


class RubricFilter(django_filters.FilterSet):
    track = django_filters.ChoiceFilter(choices=Track.choices)
    programme = code_filter("programme__code", "项目代码")


class RubricViewSet(ReadOnlyModelViewSet[Rubric]):
    """Editions anybody taking part may read; drafts are not here."""

    policy = "visible_to"
    serializer_class = RubricSerializer
    filterset_class = RubricFilter
    lookup_value_regex = PK
    queryset = Rubric.objects.none()

    def get_queryset(self) -> QuerySet[Rubric]:
        editions = Rubric.objects.visible_to(self.request.user).published()  # type: ignore[arg-type]
        return editions.select_related("programme").order_by("programme", "track", "-number")
