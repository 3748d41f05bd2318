"""The ground over the API: read only, the rows of the pages."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from grids.models import Statistic
from grids.selectors.statistics import figures


class StatisticSerializer(serializers.ModelSerializer):
    """A figure of a measure on a day; corrected ones are left out."""

    measure = serializers.CharField(source="measure.code", read_only=True)
    name = serializers.CharField(source="measure.name", read_only=True)
    definition = serializers.CharField(source="measure.definition", read_only=True)
    unit = serializers.CharField(source="measure.unit", read_only=True)
    organisation = serializers.CharField(source="organisation.code", read_only=True)
    value = serializers.CharField(read_only=True)

    class Meta:
        model = Statistic
        fields = ["id", "measure", "name", "definition", "unit", "organisation", "on", "value", "source"]


class StatisticFilter(django_filters.FilterSet):
    """`?measure=communities&organisation=411002&since=2023-01-01&until=2023-12-31`."""

    measure = django_filters.CharFilter(field_name="measure__code", max_length=60)
    organisation = django_filters.CharFilter(field_name="organisation__code", max_length=30)
    since = django_filters.DateFilter(field_name="on", lookup_expr="gte", label="YYYY-MM-DD")
    until = django_filters.DateFilter(field_name="on", lookup_expr="lte", label="YYYY-MM-DD")

    class Meta:
        model = Statistic
        fields: list[str] = []


class StatisticViewSet(ReadOnlyModelViewSet):
    """Dated figures of the district, each with its definition and source."""

    policy = "visible_to"
    queryset = Statistic.objects.none()
    serializer_class = StatisticSerializer
    filterset_class = StatisticFilter
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Statistic]:
        if getattr(self, "swagger_fake_view", False):
            return Statistic.objects.none()
        return figures(self.request.user).order_by("measure__code", "organisation__code", "on")
