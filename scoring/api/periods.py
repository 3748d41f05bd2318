"""Months of the programme over the API."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from scoring.api.parts import PK, Month
from scoring.filters import PeriodFilter
from scoring.models import Period


class PeriodSerializer(serializers.ModelSerializer[Period]):
    """One month with its deadlines, which remind and lock nothing."""

    programme = serializers.CharField(source="programme.code", read_only=True)
    month = Month()
    title = serializers.CharField(source="__str__", read_only=True)

    class Meta:
        model = Period
        fields = (
            *("id", "programme", "month", "title", "state"),
            *("report_due_on", "street_due_on", "task_force_due_on", "opened_at", "closed_at"),
        )


class PeriodViewSet(ReadOnlyModelViewSet[Period]):
    """Months that are open, closed or published, newest first."""

    policy = "visible_to"
    serializer_class = PeriodSerializer
    filterset_class = PeriodFilter
    lookup_value_regex = PK
    queryset = Period.objects.none()

    def get_queryset(self) -> QuerySet[Period]:
        periods = Period.objects.visible_to(self.request.user)  # type: ignore[arg-type]
        return periods.select_related("programme").order_by("-month", "programme__code")
