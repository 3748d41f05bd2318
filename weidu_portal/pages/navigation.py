"""Which entries the main navigation shows: by the rights of the appointment the person acts in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Case, F, OuterRef, Subquery, When
from django.urls import NoReverseMatch, reverse

from branches.acting import Officer
from branches.choices import Level, Right
from scoring.choices import PeriodState
from scoring.models import Assessment, Period, ProgrammeYear, StarResponsibility

WORKING = frozenset({Right.REPORT, Right.REVIEW_PLACE, Right.REVIEW_THEME, Right.DIRECT, Right.READ})


@dataclass(frozen=True)
class NavEntry:
    label: str
    url: str
    is_current: bool = False


@dataclass(frozen=True)
class PresentMonth:
    """The month in hand and where the officer's own work of it lies."""

    month: date
    title: str
    label: str
    assessment_id: int | None
    star_code: str | None

    @property
    def code(self) -> str:
        return f"{self.month:%Y-%m}"


def present_month(officer: Officer | None) -> PresentMonth | None:
    """The oldest open month, else the latest one; one query for all the header needs."""
    organisation_id = officer.organisation.pk if officer else None
    years = ProgrammeYear.objects.filter(programme=OuterRef("programme"), year=OuterRef("month__year"))
    own = Assessment.objects.filter(period=OuterRef("pk"), subject=organisation_id)
    duties = StarResponsibility.objects.filter(task_force=organisation_id, from_month__lte=OuterRef("month"))
    row = (
        Period.objects.filter(programme__is_practice=False)
        .order_by(Case(When(state=PeriodState.OPEN, then=F("month"))).asc(nulls_last=True), "-month")
        .values_list(
            "month",
            Subquery(years.values("title")[:1]),
            Subquery(years.values("label")[:1]),
            Subquery(own.values("pk")[:1]),
            Subquery(duties.order_by("-from_month", "star_kind_id").values("star_kind__code")[:1]),
        )
        .first()
    )
    if row is None:
        return None
    month, title, label, assessment_id, star_code = row
    return PresentMonth(month, title or "", label or "", assessment_id, star_code)


def navigation_for(officer: Officer | None, path: str, present: PresentMonth | None) -> list[NavEntry]:
    """The entries of one officer; the one the page lies under is marked."""
    entries = [NavEntry("首页", "/"), *_entries(officer, present)]
    lying_over = [entry.url for entry in entries if path.startswith(entry.url) and (entry.url != "/" or path == "/")]
    current = max(lying_over, key=len, default=None)
    return [replace(entry, is_current=entry.url == current) for entry in entries]


def _entries(officer: Officer | None, present: PresentMonth | None) -> list[NavEntry]:
    if officer is None:
        return []
    rights = officer.rights
    wanted = [*_own_work(officer, present)]
    if Right.KEEP_GROUND in rights and officer.organisation.level == Level.GRID:
        wanted.append(("我的网格", "grids:mine", {}))
    if rights & WORKING:
        wanted += [
            ("排名", "scoring:rankings", {}),
            ("台账", "ledgers:ledgers", {}),
            ("底数", "grids:ground", {}),
            ("党组织", "branches:organisations", {}),
            ("评星标准", "scoring:rubrics", {}),
        ]
    wanted += [entry for right, entry in _ADMINISTRATION if right in rights]
    return [NavEntry(label, url) for label, name, kwargs in wanted if (url := safe_reverse(name, **kwargs))]


_ADMINISTRATION: tuple[tuple[Right, tuple[str, str, dict[str, Any]]], ...] = (
    (Right.ADMINISTER_ACCOUNTS, ("账号", "branches:accounts", {})),
    (Right.READ_AUDIT, ("审计", "core:audit", {})),
    (Right.ADMINISTER_SYSTEM, ("后台任务", "core:jobs", {})),
)


def _own_work(officer: Officer, present: PresentMonth | None) -> list[tuple[str, str, dict[str, Any]]]:
    if present is None:
        return [("月度考评", "scoring:periods", {})] if officer.rights & WORKING else []
    work: list[tuple[str, str, dict[str, Any]]] = []
    if officer.has(Right.REPORT) and officer.organisation.level == Level.COMMUNITY and present.assessment_id:
        work.append(("填报", "scoring:assessment", {"pk": present.assessment_id}))
    if officer.has(Right.REVIEW_PLACE):
        work.append(("街道审核", "scoring:review_street", {"month": present.code}))
    if officer.has(Right.REVIEW_THEME) and present.star_code:
        work.append(("专班核验", "scoring:review_star", {"month": present.code, "star_code": present.star_code}))
    if officer.rights & WORKING:
        work.append(("月度考评", "scoring:periods", {}))
    return work


def safe_reverse(name: str, **kwargs: Any) -> str:
    """The address of a route, empty when there is none."""
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""
