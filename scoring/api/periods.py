"""Months of the programme over the API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from branches.choices import Right
from branches.permissions import has_right
from scoring.api.parts import PK, Month
from scoring.filters import PeriodFilter
from scoring.models import Period
from scoring.selectors.checklist import ClosingCounts, closing_counts


class PeriodSerializer(serializers.ModelSerializer[Period]):
    """One month with its deadlines, which remind and lock nothing."""

    programme = serializers.CharField(source="programme.code", read_only=True)
    month = Month()
    title = serializers.CharField(source="__str__", read_only=True)

    class Meta:
        model = Period
        fields: tuple[str, ...] = (
            *("id", "programme", "month", "title", "state"),
            *("report_due_on", "street_due_on", "task_force_due_on", "opened_at", "closed_at"),
        )


class CountsSerializer(serializers.Serializer[ClosingCounts]):
    """Every item of the month at one of four steps; gaps, claims and provisional ones are part of theirs."""

    total = serializers.IntegerField()
    not_reported = serializers.IntegerField()
    at_street = serializers.IntegerField()
    at_task_force = serializers.IntegerField()
    settled = serializers.IntegerField()
    gaps = serializers.IntegerField()
    claims = serializers.IntegerField()
    provisional = serializers.IntegerField()


class PeriodDetailSerializer(PeriodSerializer):
    """One month; to the creation office with its closing checklist's counts."""

    counts = serializers.SerializerMethodField(help_text="null outside the creation office")

    class Meta(PeriodSerializer.Meta):
        fields = (*PeriodSerializer.Meta.fields, "counts")

    @extend_schema_field(CountsSerializer(allow_null=True))
    def get_counts(self, period: Period) -> Any:
        directs = has_right(self.context["request"].user, Right.DIRECT)
        return CountsSerializer(closing_counts(period)).data if directs else None


class PeriodViewSet(ReadOnlyModelViewSet[Period]):
    """Months that are open, closed or published, newest first."""

    policy = "visible_to"
    serializer_class = PeriodSerializer
    filterset_class = PeriodFilter
    lookup_value_regex = PK
    queryset = Period.objects.none()

    def get_serializer_class(self) -> type[PeriodSerializer]:
        return PeriodDetailSerializer if self.action == "retrieve" else PeriodSerializer

    def get_queryset(self) -> QuerySet[Period]:
        periods = Period.objects.visible_to(self.request.user)  # type: ignore[arg-type]
        return periods.select_related("programme").order_by("-month", "programme__code")
