"""Assessments over the API: which communities a month assesses, where they stood at opening."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from scoring.api.parts import PK, Month
from scoring.choices import PeriodState
from scoring.filters import AssessmentFilter
from scoring.models import Assessment


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    """One organisation in one month; name, street, track and rubric are those frozen at opening."""

    programme = serializers.CharField(source="period.programme.code", read_only=True)
    month = Month(source="period.month")
    state = serializers.ChoiceField(source="period.state", choices=PeriodState.choices, read_only=True)
    organisation = serializers.CharField(source="subject.code", read_only=True)
    organisation_name = serializers.CharField(source="placement.name", read_only=True)
    street = serializers.CharField(source="street.code", read_only=True)
    rubric = serializers.IntegerField(source="rubric_id", read_only=True)
    rubric_sha256 = serializers.CharField(source="rubric.sha256", read_only=True)

    class Meta:
        model = Assessment
        fields = (
            *("id", "programme", "month", "state", "organisation", "organisation_name", "street", "track"),
            *("rubric", "rubric_sha256"),
        )


class AssessmentViewSet(ReadOnlyModelViewSet[Assessment]):
    """Assessments in scope, newest month first: the own chain, the street of that month, the stars one reviews."""

    policy = "visible_to"
    serializer_class = AssessmentSerializer
    filterset_class = AssessmentFilter
    lookup_value_regex = PK
    queryset = Assessment.objects.none()

    def get_queryset(self) -> QuerySet[Assessment]:
        return (
            Assessment.objects.visible_to(self.request.user)  # type: ignore[arg-type]
            .select_related("period__programme", "subject", "placement", "street", "rubric")
            .defer("rubric__content")
            .order_by("-period__month", "period", "subject__code")
        )
