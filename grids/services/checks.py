"""Rules between rows that a column cannot hold: overlaps, places and their dates. One function a model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Q

from core.errors import Invalid
from grids.models import (
    Committee,
    Courtyard,
    CourtyardGrid,
    CourtyardState,
    Coverage,
    Grid,
    GridState,
    ServiceContract,
)
from grids.models.base import GroundRow, KeptRow

Check = Callable[[Any], None]


def check_row(row: KeptRow) -> None:
    """Invalid with the field when a row contradicts the places it names or another row."""
    if isinstance(row, GroundRow):
        _check_places(row)
    for check in CHECKS.get(type(row), ()):
        check(row)


def _check_places(row: GroundRow) -> None:
    """Grid and courtyard belong to the row's community and stand, on the day the row begins."""
    day = day_of(row)
    grid: Grid | None = getattr(row, "grid", None)
    courtyard: Courtyard | None = getattr(row, "courtyard", None)
    if grid is not None:
        _stands(grid, day, "grid", "网格")
        _lies(GridState.objects.in_force(day).filter(grid=grid, community=row.community), "grid", "网格")
    if courtyard is not None:
        _stands(courtyard, day, "courtyard", "庭院（小区）")
        lies = CourtyardState.objects.in_force(day).filter(courtyard=courtyard, community=row.community)
        _lies(lies, "courtyard", "庭院（小区）")


def day_of(row: GroundRow) -> date:
    """The day a row is about: its start, its event, or the day it was recorded."""
    for name in ("starts_on", "on", "found_on", "awarded_on"):
        if (day := getattr(row, name, None)) is not None:
            return day
    return row.recorded_at.date()


def _stands(place: Any, day: date, field: str, label: str) -> None:
    if not place.stands_on(day):
        raise _invalid(field, f"{label} {place.code} 在 {day:%Y-%m-%d} 不存在。")


def _lies(states: Any, field: str, label: str) -> None:
    if not states.exists():
        raise _invalid(field, f"所选{label}当日不属于该社区。")


def _overlapping(row: Any, **same: Any) -> Any:
    """Standing rows of the same model with the same values that share a day with this one."""
    found = type(row).objects.standing().filter(**same).exclude(pk=row.pk)
    found = found.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=row.starts_on))
    return found.filter(starts_on__lt=row.ends_on) if row.ends_on else found


def _contract(row: ServiceContract) -> None:
    Courtyard.objects.select_for_update().get(pk=row.courtyard_id)
    other = _overlapping(row, courtyard=row.courtyard).select_related("company").first()
    if other is not None:
        until = f"至 {other.ends_on:%Y-%m-%d} 前" if other.ends_on else "未终止"
        raise _invalid(
            "starts_on", f"与“{other.company}”自 {other.starts_on:%Y-%m-%d} 起（{until}）的合同重叠，请先终止原合同。"
        )
    if row.company.closed_on and row.company.closed_on <= row.starts_on:
        raise _invalid("company", "该企业已退出，不能再签合同。")


def _link(row: CourtyardGrid) -> None:
    if _overlapping(row, courtyard=row.courtyard, grid=row.grid).exists():
        raise _invalid("grid", "该庭院这段时间已在此网格内。")
    if row.ends_on is None and row.grid.closed_on is not None:
        raise _invalid("ends_on", f"网格 {row.grid.code} 已于 {row.grid.closed_on:%Y-%m-%d} 撤销，请填终止日期。")
    if row.ends_on and row.grid.closed_on and row.ends_on > row.grid.closed_on:
        raise _invalid("ends_on", f"终止日期晚于网格撤销日期 {row.grid.closed_on:%Y-%m-%d}。")


def _coverage(row: Coverage) -> None:
    if not row.organisation.stands_on(row.starts_on):
        raise _invalid("organisation", "该党组织在起始日期不存在。")
    if _overlapping(row, organisation=row.organisation, grid=row.grid, courtyard=row.courtyard).exists():
        raise _invalid("organisation", "该党组织这段时间已覆盖此处。")


def _committee(row: Committee) -> None:
    if row.election_due_on <= row.starts_on:
        raise _invalid("election_due_on", "任期届满日期须晚于起始日期。")
    if row.members is not None and row.party_members is not None and row.party_members > row.members:
        raise _invalid("party_members", "其中党员不能多于委员人数。")
    if _overlapping(row, courtyard=row.courtyard, grid=row.grid, kind=row.kind).exists():
        raise _invalid("starts_on", "此处同类组织的任期重叠，请先填上一届的终止日期。")


CHECKS: dict[type[KeptRow], tuple[Check, ...]] = {
    ServiceContract: (_contract,),
    CourtyardGrid: (_link,),
    Coverage: (_coverage,),
    Committee: (_committee,),
}


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, {field: [message]})
