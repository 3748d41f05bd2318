"""The head of a department's sheet: who made it, what it is called, of which day, and what its numbers are."""

from __future__ import annotations

from django import forms

from core import clock
from scoring.forms.paste_plan import READINGS
from scoring.services.many import MAX_SOURCE

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DepartmentForm(forms.Form):
    department = forms.CharField(label="部门", max_length=MAX_SOURCE, help_text="如：区司法局")
    title = forms.CharField(label="表名", max_length=MAX_SOURCE, help_text="如：十月普法台账")
    day = forms.DateField(label="表的日期", widget=DAY, initial=clock.today)
    reading = forms.ChoiceField(label="表中的数是", choices=list(READINGS.items()), required=False)
