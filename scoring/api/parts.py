"""What the resources of the month share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

PK = "[0-9]{1,18}"


def amount(*, null: bool = False, source: str | None = None) -> serializers.DecimalField:
    """An exact amount as text with two places: "2.50"."""
    given: dict[str, Any] = {"max_digits": 8, "decimal_places": 2, "allow_null": null, "read_only": True}
    return serializers.DecimalField(**given | ({"source": source} if source else {}))


class Hundredths(serializers.DecimalField):
    """The same from the whole hundredths of `calc`."""

    def __init__(self, **kwargs: Any):
        super().__init__(max_digits=8, decimal_places=2, allow_null=True, read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str:
        return str(super().to_representation(Decimal(value).scaleb(-2)))


@extend_schema_field({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$", "example": "2026-10"})
class Month(serializers.DateField):
    """A month as 2026-10."""

    def __init__(self, **kwargs: Any):
        super().__init__(format="%Y-%m", read_only=True, **kwargs)
