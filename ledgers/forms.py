from __future__ import annotations

from django import forms

from scoring.filters import MonthField


class MonthForm(forms.Form):
    month = MonthField(label="月份")


class DraftForm(MonthForm):
    """A month and, for a community's draft, its code; without a code the ranking's."""

    organisation = forms.CharField(label="社区", required=False, max_length=30)
