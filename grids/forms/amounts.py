"""Numbers as people type them: full-width digits are understood, nothing else is guessed."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms

_WHOLE = re.compile(r"[0-9]{1,9}")
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
WHOLE_HINT = "请填写整数，不能小于 0，例如 120。"
AMOUNT_HINT = "请填写不小于 0 的数字，最多两位小数。"


class WholeField(forms.IntegerField):
    """A whole number from 0 on; no sign, exponent or underscore."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        return super().to_python(_typed(value, _WHOLE, WHOLE_HINT))


class AmountField(forms.DecimalField):
    """An amount from 0 on with at most two places."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        return super().to_python(_typed(value, _AMOUNT, AMOUNT_HINT))


def _typed(value: Any, pattern: re.Pattern[str], hint: str) -> Any:
    if not isinstance(value, str) or not value.strip():
        return None if isinstance(value, str) else value
    text = unicodedata.normalize("NFKC", value.strip()) if len(value) < 100 else value
    if not pattern.fullmatch(text):
        raise forms.ValidationError(hint)
    return text
