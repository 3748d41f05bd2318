"""Grids, courtyards, centres and companies over the API: the rows of the pages, as on any day."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from core import clock
from grids.choices import CentreLevel, CourtyardKind, GridKind
from grids.models import (
    CentreState,
    Courtyard,
    CourtyardGrid,
    CourtyardState,
    Coverage,
    Grid,
    GridState,
    PropertyCompany,
    ServiceCentre,
    ServiceContract,
)

OF_PLACE = ["code", "name", "community", "opened_on", "closed_on", "confirmed_on"]


class _OfPlace(serializers.ModelSerializer):
    """What every place has, from the place and from its state of the day."""

    name = serializers.CharField(source="state_on_day.name", read_only=True)
    community = serializers.CharField(source="state_on_day.community.code", read_only=True)


class GridSerializer(_OfPlace):
    """One grid as it stands on the day asked for; `organisations` cover it."""

    kind = serializers.CharField(source="state_on_day.kind", read_only=True)
    households = serializers.IntegerField(source="state_on_day.households", read_only=True, allow_null=True)
    courtyards = serializers.SerializerMethodField()
    organisations = serializers.SerializerMethodField()

    class Meta:
        model = Grid
        fields = [*OF_PLACE, "kind", "households", "courtyards", "organisations"]

    def get_courtyards(self, place: Any) -> list[str]:
        return sorted({link.courtyard.code for link in place.links_on_day})

    def get_organisations(self, place: Any) -> list[str]:
        return sorted({one.organisation.code for one in place.coverage_on_day})


class CourtyardSerializer(_OfPlace):
    """One courtyard as it stands on the day asked for; `company` manages it, by id, null for none."""

    kind = serializers.CharField(source="state_on_day.kind", read_only=True)
    buildings = serializers.IntegerField(source="state_on_day.buildings", read_only=True, allow_null=True)
    units = serializers.IntegerField(source="state_on_day.units", read_only=True, allow_null=True)
    households = serializers.IntegerField(source="state_on_day.households", read_only=True, allow_null=True)
    built_in = serializers.IntegerField(source="state_on_day.built_in", read_only=True, allow_null=True)
    former_owner = serializers.CharField(source="state_on_day.former_owner", read_only=True)
    handed_over_on = serializers.DateField(source="state_on_day.handed_over_on", read_only=True, allow_null=True)
    management = serializers.CharField(source="state_on_day.management", read_only=True)
    company = serializers.SerializerMethodField()
    grids = serializers.SerializerMethodField()

    class Meta:
        model = Courtyard
        fields = [
            *OF_PLACE,
            *("kind", "buildings", "units", "households", "built_in", "former_owner", "handed_over_on"),
            *("management", "company", "grids"),
        ]

    def get_company(self, place: Any) -> int | None:
        return place.contracts_on_day[0].company_id if place.contracts_on_day else None

    def get_grids(self, place: Any) -> list[str]:
        return sorted({link.grid.code for link in place.links_on_day})


class CentreSerializer(serializers.ModelSerializer):
    """One centre as it stands on the day asked for, with its six things and its area as text."""

    name = serializers.CharField(source="state_on_day.name", read_only=True)
    organisation = serializers.CharField(source="state_on_day.organisation.code", read_only=True)
    grid = serializers.CharField(source="state_on_day.grid.code", read_only=True, default=None)
    form = serializers.CharField(source="state_on_day.form", read_only=True)
    area = serializers.CharField(source="state_on_day.area", read_only=True, allow_null=True)
    zones = serializers.CharField(source="state_on_day.zones", read_only=True)
    has_flag = serializers.BooleanField(source="state_on_day.has_flag", read_only=True)
    has_sign = serializers.BooleanField(source="state_on_day.has_sign", read_only=True)
    has_furniture = serializers.BooleanField(source="state_on_day.has_furniture", read_only=True)
    has_rules = serializers.BooleanField(source="state_on_day.has_rules", read_only=True)
    has_display = serializers.BooleanField(source="state_on_day.has_display", read_only=True)
    has_archive = serializers.BooleanField(source="state_on_day.has_archive", read_only=True)

    class Meta:
        model = ServiceCentre
        fields = [
            *("code", "name", "organisation", "grid", "level", "form", *CentreState.SIX, "area", "zones"),
            *("opened_on", "closed_on", "confirmed_on"),
        ]


class CompanySerializer(serializers.ModelSerializer):
    """A property company; its contracts are a resource of their own."""

    class Meta:
        model = PropertyCompany
        fields = ["id", "name", "has_party_branch", "is_red", "opened_on", "closed_on", "confirmed_on"]


class _OnDay(django_filters.FilterSet):
    """Filters of what stands on `as_of`, today if none is given."""

    as_of = django_filters.DateFilter(method="on_day", label="YYYY-MM-DD")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        day: date = self.form.cleaned_data.get("as_of") or clock.today()
        return super().filter_queryset(self.standing(queryset, day))

    def standing(self, queryset: Any, day: date) -> QuerySet[Any]:
        raise NotImplementedError

    def on_day(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return queryset

    def of_state(self, queryset: QuerySet, **wanted: Any) -> QuerySet:
        """Places whose state of the day says so."""
        states: Any = queryset.model.states.rel.related_model  # type: ignore[attr-defined]
        day = self.form.cleaned_data.get("as_of") or clock.today()
        states = states.objects.in_force(day).filter(**{states.SUBJECT: OuterRef("pk")}, **wanted)
        return queryset.filter(Exists(states))


class _PlaceFilter(_OnDay):
    community = django_filters.CharFilter(method="of_community", max_length=30)
    search = django_filters.CharFilter(method="by_name", max_length=60)

    def of_community(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return self.of_state(queryset, community__code=value)

    def of_kind(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return self.of_state(queryset, kind=value)

    def by_name(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return self.of_state(queryset, name__icontains=value)


class GridFilter(_PlaceFilter):
    """`?community=411002001006&kind=courtyard&as_of=2026-10-31&search=第1`."""

    kind = django_filters.ChoiceFilter(method="of_kind", choices=GridKind.choices)

    class Meta:
        model = Grid
        fields: list[str] = []

    def standing(self, queryset: Any, day: date) -> QuerySet[Grid]:
        links = CourtyardGrid.objects.in_force(day).select_related("courtyard")
        coverage = Coverage.objects.in_force(day).select_related("organisation")
        further = (
            Prefetch("courtyard_links", queryset=links, to_attr="links_on_day"),
            Prefetch("coverages", queryset=coverage, to_attr="coverage_on_day"),
        )
        return _standing(queryset, GridState, day, "community", further=further)


class CourtyardFilter(_PlaceFilter):
    """`?community=411002001006&kind=old&as_of=2026-10-31&search=家属院`."""

    kind = django_filters.ChoiceFilter(method="of_kind", choices=CourtyardKind.choices)

    class Meta:
        model = Courtyard
        fields: list[str] = []

    def standing(self, queryset: Any, day: date) -> QuerySet[Courtyard]:
        links = CourtyardGrid.objects.in_force(day).select_related("grid")
        contracts = ServiceContract.objects.in_force(day).order_by("starts_on", "pk")
        further = (
            Prefetch("grid_links", queryset=links, to_attr="links_on_day"),
            Prefetch("contracts", queryset=contracts, to_attr="contracts_on_day"),
        )
        return _standing(queryset, CourtyardState, day, "community", further=further)


class CentreFilter(_OnDay):
    """`?organisation=411002001006&level=community&as_of=2026-10-31`."""

    organisation = django_filters.CharFilter(method="of_organisation", max_length=30)
    level = django_filters.ChoiceFilter(choices=CentreLevel.choices)

    class Meta:
        model = ServiceCentre
        fields: list[str] = []

    def standing(self, queryset: Any, day: date) -> QuerySet[ServiceCentre]:
        return _standing(queryset, CentreState, day, "organisation", "grid")

    def of_organisation(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return self.of_state(queryset, organisation__code=value)


class CompanyFilter(_OnDay):
    """`?as_of=2026-10-31&search=安心`."""

    search = django_filters.CharFilter(field_name="name", lookup_expr="icontains", max_length=60)

    class Meta:
        model = PropertyCompany
        fields: list[str] = []

    def standing(self, queryset: Any, day: date) -> QuerySet[PropertyCompany]:
        left = Q(closed_on__isnull=True) | Q(closed_on__gt=day)
        found: QuerySet[PropertyCompany] = queryset.filter(left, voided_at__isnull=True, opened_on__lte=day)
        return found.order_by("pk")


class _Places(ReadOnlyModelViewSet):
    policy = "visible_to"
    model: Any
    lookup_field = "code"
    lookup_value_regex = "[0-9A-Za-z-]+"

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return self.model.objects.none()
        return self.model.objects.visible_to(self.request.user)


class GridViewSet(_Places):
    """Grids of the own subtree, as they stand today or on any day (`as_of`)."""

    model = Grid
    queryset = Grid.objects.none()
    serializer_class = GridSerializer
    filterset_class = GridFilter


class CourtyardViewSet(_Places):
    """Courtyards of the own subtree, as they stand today or on any day (`as_of`)."""

    model = Courtyard
    queryset = Courtyard.objects.none()
    serializer_class = CourtyardSerializer
    filterset_class = CourtyardFilter


class CentreViewSet(_Places):
    """Service centres of the own subtree, as they stand today or on any day (`as_of`)."""

    model = ServiceCentre
    queryset = ServiceCentre.objects.none()
    serializer_class = CentreSerializer
    filterset_class = CentreFilter


class CompanyViewSet(_Places):
    """Property companies that are in the register today or on any day (`as_of`)."""

    model = PropertyCompany
    queryset = PropertyCompany.objects.none()
    serializer_class = CompanySerializer
    filterset_class = CompanyFilter
    lookup_field = "pk"
    lookup_value_regex = "[0-9]{1,18}"


def _standing(queryset: Any, states: Any, day: date, *named: str, further: Any = ()) -> QuerySet[Any]:
    """Places that stand on the day, each with its state of that day."""
    of_day = Prefetch("states", queryset=states.objects.in_force(day).select_related(*named), to_attr="on_day")
    found: QuerySet[Any] = queryset.standing_on(day).prefetch_related(of_day, *further).order_by("code")
    return found
