"""The years whose ledgers may be issued by themselves, with what is set."""

from __future__ import annotations

from django.db.models import QuerySet

from core.errors import Invalid
from scoring.models import ProgrammeYear


def automatic_settings() -> QuerySet[ProgrammeYear]:
    """Years of real programmes, the newest first; `.automatic_issue` where somebody has set it."""
    rows = ProgrammeYear.objects.filter(programme__is_practice=False).order_by("-year")
    return rows.select_related("automatic_issue__switched_by")


def year_named(year: int) -> ProgrammeYear:
    """The rules of a year; Invalid when there are none."""
    found = ProgrammeYear.objects.filter(programme__is_practice=False, year=year).order_by("pk").first()
    if found is None:
        raise Invalid(f"没有 {year} 年的年度规则。")
    return found
