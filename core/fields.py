"""Points are exact: Decimal in Python, integer hundredths in the database (SQLite's DECIMAL is a REAL underneath)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core import exceptions
from django.db import models
from django.db.models import ExpressionWrapper

HUNDRED = Decimal(100)
MAX_HUNDREDTHS = 99_999_999


def to_hundredths(value: Any) -> int | None:
    """A decimal, int or decimal text as whole hundredths; ValueError when it does not fit exactly."""
    if value is None:
        return None
    if isinstance(value, float | bool):
        raise ValueError("points are never floats or booleans")
    try:
        scaled = Decimal(value) * HUNDRED
    except InvalidOperation as error:
        raise ValueError(f"not a decimal: {value!r}") from error
    if not scaled.is_finite() or abs(scaled) > MAX_HUNDREDTHS or scaled != scaled.to_integral_value():
        raise ValueError(f"not an amount of whole hundredths: {value!r}")
    return int(scaled)


class HundredthsField(models.Field):
    """An exact amount with two places. Comparisons and sums in SQL run on integers and come back as Decimal.

    Sum, Min and Max are exact; Avg gives hundredths, so divide in Python. Beside an `F`, a bare Decimal is no amount:
    write `Value(Decimal("0.01"), output_field=HundredthsField())`.
    """

    description = "两位小数的精确数"

    def get_internal_type(self) -> str:
        return "IntegerField"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-2)

    def to_python(self, value: Any) -> Decimal | None:
        try:
            hundredths = to_hundredths(value if value != "" else None)
        except (ValueError, TypeError) as error:
            raise exceptions.ValidationError("请填写最多两位小数的数字。", code="invalid") from error
        return None if hundredths is None else Decimal(hundredths).scaleb(-2)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value is None or hasattr(value, "resolve_expression") else to_hundredths(value)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> forms.Field | None:  # type: ignore[override]
        return super().formfield(**{"form_class": forms.DecimalField, "decimal_places": 2, **kwargs})


class StoredHundredths(models.Field):
    """Output field that hands the stored integers over as they are: for sums over many rows, never on a model."""

    def get_internal_type(self) -> str:
        return "StoredHundredths"


def stored_hundredths(path: str) -> ExpressionWrapper:
    """The whole hundredths of a HundredthsField in a query, without a Decimal a row."""
    return ExpressionWrapper(models.F(path), output_field=StoredHundredths())
