"""The rows of the registers over the API: read only, the rows of the pages. One resource a register, made from it."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from grids.models import Courtyard, Grid, Project, PropertyCompany
from grids.registers import REGISTERS, Register
from grids.registers.columns import Column, Kind
from grids.selectors.registers import Asked, rows_asked

CODE = 40
TOLD = {
    "activities": "Things done on a day: volunteering, drills, teaching, visits; only visited households count.",
    "rectifications": "Hazards and dirty spots with the days they were found, due, mended and struck off.",
    "projects": "What is built for the people: quantity, unit, and the days it starts, is due and is finished.",
    "milestones": "Steps of projects with the day each is due and the day it was done.",
    "collective-economies": "Collective income, assets and cooperative of a community in a year, in 10,000 yuan.",
    "idle-assets": "Idle places with the day they were noted and the day they were put to use again.",
    "teams": "Teams by name, kind and number, from when to when; members are not recorded.",
    "service-items": "Matters a community handles for people at the door, from when to when.",
    "committees": "Terms of owners' bodies of courtyards and grids, with the day the next election is due.",
    "service-contracts": "Which property company manages which courtyard, from when to when.",
    "courtyard-grids": "Which courtyard lies in which grid, from when to when.",
    "coverages": "Which Party organisation covers which grid or courtyard, from when to when.",
    "partner-units": "Units that work with a community, a grid or a courtyard, from when to when.",
    "honours": "Honours of communities and grids with the day, the giver and the document.",
    "documents": "Base documents that standards, vetoes and placements rest on.",
}
_TEXT_OF = {Grid: "code", Courtyard: "code", PropertyCompany: "name", Project: "pk"}


def resources() -> list[tuple[str, type[ReadOnlyModelViewSet]]]:
    """(name in the address, viewset) of every register without contacts."""
    return [(register.resource, _viewset(register)) for register in REGISTERS if register.resource]


def _viewset(register: Register) -> type[ReadOnlyModelViewSet]:
    name = "".join(part.title() for part in register.slug.split("-"))
    return type(
        f"{name}ViewSet",
        (RowViewSet,),
        {
            "__doc__": TOLD[register.slug],
            "register": register,
            "queryset": register.model.objects.none(),
            "serializer_class": _serializer(register, name),
            "filterset_class": _filter(register, name),
        },
    )


class RowViewSet(ReadOnlyModelViewSet):
    """The standing rows of one register that the account sees, in the order of the page."""

    policy = "visible_to"
    lookup_value_regex = "[0-9]{1,18}"
    register: Register

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return self.register.model.objects.none()
        links = [column.name for column in self.register.columns if column.kind is Kind.LINK]
        scope = ["community"] if self.register.is_of_community else []
        return rows_asked(self.register, self.request.user, Asked()).prefetch_related(*map(Prefetch, (*scope, *links)))


def _serializer(register: Register, name: str) -> type[serializers.ModelSerializer]:
    fields: dict[str, Any] = {column.name: _field(column) for column in register.sheet_columns}
    if register.is_of_community:
        fields["community"] = serializers.CharField(source="community.code", read_only=True)
    scope = ["community"] if register.is_of_community else []
    told = ["id", *scope, *(column.name for column in register.sheet_columns), "confirmed_on", "recorded_at"]
    meta = type("Meta", (), {"model": register.model, "fields": told})
    return type(f"{name}RowSerializer", (serializers.ModelSerializer,), {**fields, "Meta": meta})


def _field(column: Column) -> serializers.Field:
    """Amounts as text with two places, closed lists as their codes, places by code, companies by name."""
    is_open = {"read_only": True, "allow_null": column.field.null}
    if column.kind is Kind.LINK:
        return serializers.CharField(source=f"{column.name}.{_TEXT_OF.get(column.target, 'code')}", **is_open)
    if column.kind is Kind.AMOUNT:
        return serializers.DecimalField(max_digits=8, decimal_places=2, **is_open)
    if column.kind is Kind.DAY:
        return serializers.DateField(**is_open)
    if column.kind is Kind.WHOLE:
        return serializers.IntegerField(**is_open)
    return serializers.BooleanField(**is_open) if column.kind is Kind.FLAG else serializers.CharField(**is_open)


def _filter(register: Register, name: str) -> type[django_filters.FilterSet]:
    """`?community=411002001006&kind=…&on=2026-10-31&search=…`, as far as the register has them."""
    found: dict[str, Any] = {"search": django_filters.CharFilter(method="search_text", max_length=60)}
    if register.is_of_community:
        found["community"] = django_filters.CharFilter(field_name="community__code", max_length=CODE)
    if register.kind_column:
        choices = list(register.kind_column.choices.items())
        found["kind"] = django_filters.ChoiceFilter(field_name=register.kind_column.name, choices=choices)
    if register.is_dated:
        found["on"] = django_filters.DateFilter(method="on_day", label="YYYY-MM-DD")
    meta = type("Meta", (), {"model": register.model, "fields": []})
    return type(f"{name}Filter", (RowFilterSet,), {**found, "register": register, "Meta": meta})


class RowFilterSet(django_filters.FilterSet):
    """How a row is searched and asked for on a day."""

    register: Register

    def search_text(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        found = rows_asked(self.register, self.request.user, Asked(q=value))
        return queryset.filter(pk__in=found.order_by().values("pk"))

    def on_day(self, queryset: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        return queryset.in_force(value)
