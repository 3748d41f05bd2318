"""The ground over the API: read only, the rows of the pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet, ViewSet

from core import clock
from grids.calc.indicators import WINDOWS, Measured
from grids.models import Statistic
from grids.permissions import get_community_for
from grids.selectors.indicators import all_of
from grids.selectors.statistics import figures


class IndicatorQuery(forms.Form):
    """`?organisation=411002001006&on=2026-10-31`; without a day today counts."""

    organisation = forms.CharField(max_length=30)
    on = forms.DateField(required=False)


class RowBehindSerializer(serializers.Serializer[Any]):
    """A row an indicator looked at, and in a Chinese word why it counts or does not."""

    model = serializers.CharField()
    id = serializers.IntegerField()
    code = serializers.CharField(help_text="of a grid, courtyard or centre; empty for rows of registers")
    words = serializers.CharField()
    counted = serializers.BooleanField()
    why = serializers.CharField()


class IndicatorSerializer(serializers.Serializer[Measured]):
    """What an indicator yields; null where the register says nothing (`lack`), which is not zero."""

    name = serializers.CharField(source="indicator.name")
    label = serializers.CharField(source="indicator.label")  # type: ignore[assignment]
    window = serializers.ChoiceField(choices=[*WINDOWS.items()])
    on = serializers.DateField()
    numerator = serializers.CharField(allow_null=True, help_text="exact, as text")
    denominator = serializers.CharField(allow_null=True, help_text="exact, as text; null for a count")
    value = serializers.CharField(allow_null=True, help_text="a count, a percentage cut to two places, or a word")
    lack = serializers.CharField()
    rows = serializers.SerializerMethodField()

    @extend_schema_field(RowBehindSerializer(many=True))
    def get_rows(self, measured: Measured) -> list[dict[str, Any]]:
        return [row.as_row() for row in measured.rows]


@extend_schema(
    parameters=[
        OpenApiParameter("organisation", str, required=True, description="code of a community in scope"),
        OpenApiParameter("on", date, description="YYYY-MM-DD; today without it"),
    ],
    responses=IndicatorSerializer(many=True),
)
class IndicatorViewSet(ViewSet):
    """Every indicator of one community as of a day, in each of its windows, with the ids of the rows behind it."""

    policy = "visible_to"

    def list(self, request: Request) -> Response:
        """Every indicator of one community as of a day, in each of its windows, with the ids of the rows behind it."""
        form = IndicatorQuery(request.query_params)
        if not form.is_valid():
            raise ValidationError({name: list(messages) for name, messages in form.errors.items()})
        community = get_community_for(request.user, form.cleaned_data["organisation"])  # type: ignore[arg-type]
        found = all_of(community.pk, form.cleaned_data["on"] or clock.today())
        return Response(IndicatorSerializer(found, many=True).data)


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
