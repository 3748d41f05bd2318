"""Filters of core's lists."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from core.models import Job

# Days that a time zone can be put to; nothing was recorded outside them.
DAYS = [
    MinValueValidator(date(2000, 1, 1), "日期不能早于 2000 年。"),
    MaxValueValidator(date(2199, 12, 31), "日期不能晚于 2199 年。"),
]
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

ACT = forms.TextInput(attrs={"placeholder": "例如 退回"})
SUBJECT = forms.TextInput(attrs={"placeholder": "例如 公布 或 公布:6"})


class AuditFilter(forms.Form):
    """Which entries of the audit are shown; every field may stay empty."""

    verb = forms.CharField(label="动作", required=False, max_length=60, widget=ACT)
    subject = forms.CharField(label="对象", required=False, max_length=120, widget=SUBJECT)
    actor = forms.CharField(label="操作人", required=False, max_length=100)
    since = forms.DateField(label="自", required=False, widget=DAY, validators=DAYS)
    until = forms.DateField(label="至", required=False, widget=DAY, validators=DAYS)


class JobFilter(forms.Form):
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *Job.State.choices])


class CalendarYear(forms.Form):
    """Which year's table is meant."""

    year = forms.IntegerField(min_value=2000, max_value=2199)


class SpecialDayForm(forms.Form):
    """One day that is not what its weekday says."""

    day = forms.DateField(label="日期", widget=DAY, validators=DAYS)
    is_working = forms.ChoiceField(label="这一天", choices=[("no", "休息"), ("yes", "上班（调休）")])
    name = forms.CharField(label="名称", max_length=40, widget=forms.TextInput(attrs={"placeholder": "例如 国庆节"}))

    @property
    def typed(self) -> dict[str, Any]:
        return {**self.cleaned_data, "is_working": self.cleaned_data["is_working"] == "yes"}
