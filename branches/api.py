"""Organisations over the API: the rows of the tree page, read only."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from branches.choices import Level, OrganisationKind, Track
from branches.models import Organisation
from branches.selectors.chain import search_organisations
from core import clock


class OrganisationSerializer(serializers.ModelSerializer):
    """One organisation as it stands on the day asked for."""

    name = serializers.CharField(read_only=True)
    form = serializers.CharField(read_only=True)
    track = serializers.CharField(read_only=True)
    parent = serializers.CharField(source="parent_code", read_only=True, allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Organisation
        fields = ["code", "kind", "level", "name", "form", "track", "parent", "opened_on", "closed_on"]


class OrganisationFilter(django_filters.FilterSet):
    """`?level=3&track=urban&parent=411002001&as_of=2026-10-31&search=fh`; without `as_of` today counts."""

    level = django_filters.ChoiceFilter(choices=Level.choices)
    kind = django_filters.ChoiceFilter(choices=OrganisationKind.choices)
    track = django_filters.ChoiceFilter(choices=Track.choices)
    parent = django_filters.CharFilter(field_name="parent_code", max_length=30)
    as_of = django_filters.DateFilter(method="on_day", label="YYYY-MM-DD")
    search = django_filters.CharFilter(method="search_text", max_length=60)

    class Meta:
        model = Organisation
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Organisation]) -> QuerySet[Organisation]:
        day = self.form.cleaned_data.get("as_of") or clock.today()
        return super().filter_queryset(standing_with_parents(queryset, day)).order_by("code")

    def on_day(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return queryset

    def search_text(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        day = self.form.cleaned_data.get("as_of") or clock.today()
        return queryset.filter(code__in=[found.code for found in search_organisations(value, day)])


def standing_with_parents(queryset: Any, day: date) -> QuerySet[Organisation]:
    """Those standing on `day`, with that day's placement and the code of the parent."""
    return queryset.standing_on(day).as_of(day).with_parent_code()


class OrganisationViewSet(ReadOnlyModelViewSet):
    """Organisations of the chain and beside it, as they stand today or on any day (`as_of`)."""

    policy = "visible_to"
    queryset = Organisation.objects.none()
    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilter
    lookup_field = "code"
    lookup_value_regex = "[0-9A-Za-z-]+"

    def get_queryset(self) -> QuerySet[Organisation]:
        if getattr(self, "swagger_fake_view", False):
            return Organisation.objects.none()
        return Organisation.objects.visible_to(self.request.user)
