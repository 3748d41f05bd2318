"""Ledgers, read only: the same rows as the pages."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets

from ledgers.filters import LedgerFilter
from ledgers.models import Ledger
from ledgers.selectors.ledgers import ledger_rows


class LedgerSerializer(serializers.ModelSerializer[Ledger]):
    """An issued ledger; `pdf` is absent (null) until it is drawn, `xlsx` is always there."""

    organisation = serializers.CharField(source="organisation.code")
    organisation_name = serializers.CharField(source="name")
    street = serializers.CharField(source="street.code", default=None)
    month = serializers.CharField(source="publication.period.code")
    issued_at = serializers.DateTimeField(source="at")
    superseded = serializers.BooleanField(source="is_superseded")
    pdf = serializers.SerializerMethodField()
    xlsx = serializers.SerializerMethodField()

    class Meta:
        model = Ledger
        fields = [
            "number",
            "kind",
            "organisation",
            "organisation_name",
            "street",
            "month",
            "revision",
            "body_sha256",
            "issued_at",
            "superseded",
            "pdf",
            "xlsx",
        ]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_pdf(self, ledger: Any) -> str | None:
        return reverse("ledgers:pdf", args=[ledger.number]) if ledger.has_pdf else None

    @extend_schema_field(serializers.CharField())
    def get_xlsx(self, ledger: Any) -> str:
        return reverse("ledgers:xlsx", args=[ledger.number])


class LedgerViewSet(viewsets.ReadOnlyModelViewSet[Ledger]):
    """Issued ledgers the account may read; newest month first."""

    policy = "visible_to"
    queryset = Ledger.objects.none()
    serializer_class = LedgerSerializer
    filterset_class = LedgerFilter
    lookup_field = "number"
    lookup_value_regex = r"[\w-]+"

    def get_queryset(self) -> Any:
        return ledger_rows(self.request.user)  # type: ignore[arg-type]
