"""What the month forbids in the apps to its left."""

from __future__ import annotations

from datetime import date

from branches.models import Organisation
from scoring.choices import PeriodState
from scoring.models import Assessment, Period


def closing_waits_for_the_month(organisation: Organisation, day: date) -> str:
    """An organisation finishes the month it stands in under the frozen chain (rule 2): it closes with the next one."""
    rows = Assessment.objects.filter(subject=organisation).exclude(period__state=PeriodState.PUBLISHED)
    for assessment in rows.select_related("period").order_by("-period__month"):
        if day < assessment.period.ends_on:
            return f"该党组织列入{assessment.period}，须自{_day(assessment.period.ends_on)}起撤销"
    return ""


def grids_wait_for_the_month(community: Organisation, day: date) -> str:
    """Grids of a community are not rearranged in a month it is reporting on: its figures rest on them."""
    rows = Assessment.objects.filter(subject=community, period__state=PeriodState.OPEN)
    for assessment in rows.filter(period__programme__is_practice=False).select_related("period"):
        if day < assessment.period.ends_on:
            first = _day(assessment.period.ends_on)
            return f"{assessment.period}正在进行，数字按现有网格计算：请自{first}起办理，或等区创建办关闭本月后再办"
    return ""


def moving_waits_for_a_new_month(community: Organisation, day: date) -> str:
    """A grid changes its community only with a month that has not been opened."""
    opened = (
        Period.objects.filter(programme__is_practice=False, month__gte=day.replace(day=1)).order_by("-month").first()
    )
    return f"{opened}已经开启，网格须自{_day(opened.ends_on)}起划转" if opened else ""


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
