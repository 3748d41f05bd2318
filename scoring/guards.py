"""What the month forbids in the apps to its left."""

from __future__ import annotations

from datetime import date

from branches.models import Organisation
from scoring.choices import PeriodState
from scoring.models import Assessment


def closing_waits_for_the_month(organisation: Organisation, day: date) -> str:
    """An organisation finishes the month it stands in under the frozen chain (rule 2): it closes with the next one."""
    rows = Assessment.objects.filter(subject=organisation).exclude(period__state=PeriodState.PUBLISHED)
    for assessment in rows.select_related("period").order_by("-period__month"):
        if day < assessment.period.ends_on:
            ends_on = assessment.period.ends_on
            return f"该党组织列入{assessment.period}，须自{ends_on.year}年{ends_on.month}月{ends_on.day}日起撤销"
    return ""
