from __future__ import annotations

from django import forms

from scoring.filters import MonthField


class MonthForm(forms.Form):
    month = MonthField(label="月份")


class DraftForm(MonthForm):
    """A month and the code of an organisation for its draft; without a code the ranking's."""

    organisation = forms.CharField(label="单位", required=False, max_length=30)
