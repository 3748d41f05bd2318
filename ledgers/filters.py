"""One set of filters for the page and the API."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from ledgers.models import Ledger, LedgerKind
from scoring.filters import MonthFilter, code_filter
from scoring.models import Publication


class LedgerFilter(django_filters.FilterSet):
    """Month (2026-10), kind, organisation and street by code, revision, superseded or in force."""

    month = MonthFilter(method="of_month", label="月份")
    kind = django_filters.ChoiceFilter(choices=LedgerKind.choices, label="种类", empty_label="全部种类")
    organisation = code_filter("organisation__code", "单位代码")
    street = code_filter("street__code", "街道代码")
    revision = django_filters.NumberFilter(decimal_places=0, label="版次", min_value=1, max_value=999)
    superseded = django_filters.BooleanFilter(method="by_superseded", label="已被更正取代")

    class Meta:
        model = Ledger
        fields = ["month", "kind", "organisation", "street", "revision", "superseded"]

    def of_month(self, rows: QuerySet[Ledger], name: str, value: date) -> QuerySet[Ledger]:
        return rows.filter(publication__period__month=value)

    def by_superseded(self, rows: QuerySet[Ledger], name: str, value: Any) -> QuerySet[Ledger]:
        later = Publication.objects.filter(supersedes=OuterRef("publication"))
        return rows.filter(Exists(later) if value else ~Exists(later))
