"""Indicators of what happened within a window: activities, visits, income, assets put to use, projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from grids.calc.indicators import Behind, plain
from grids.choices import ActivityKind
from grids.selectors.indicators.asked import Asked, Yield, checked, counted, nothing, rated

NO_ACTIVITY = "近一年没有活动登记"
COOPERATIVE = ("has_cooperative", "cooperative_works", "cooperative_is_open", "cooperative_benefits")


# -- activities


def activities(*kinds: ActivityKind) -> Callable[[Asked], Yield]:
    """How many activities of some kinds lie in the window."""

    def count(asked: Asked) -> Yield:
        found = asked.of("activities")
        if not found:
            return nothing(NO_ACTIVITY)
        return counted(_activity(row) for row in found if row.kind in kinds and asked.is_within(row.on))

    return count


def _activity(row: Any, why: str = "") -> Behind:
    said = f"{row.title}（{row.on.month}月{row.on.day}日）"
    return Behind("activity", row.pk, said, not why, why or row.get_kind_display())


def visited_grid_rate(asked: Asked) -> Yield:
    grids, found = asked.of("grids"), asked.of("activities")
    if not grids:
        return nothing("没有登记网格")
    if not found:
        return nothing(NO_ACTIVITY)
    visits: dict[int | None, list[Any]] = defaultdict(list)
    for row in found:
        if row.kind == ActivityKind.VISIT and asked.is_within(row.on):
            visits[row.grid_id].append(row)
    rows = [_visited(grid, visits[grid.pk]) for grid in grids]
    result = rated(rows)
    return result._replace(rows=(*result.rows, *(_activity(row, "没有写明网格") for row in visits[None])))


def _visited(grid: Any, visits: list[Any]) -> Behind:
    households = sum(row.quantity or 0 for row in visits)
    why = f"走访 {len(visits)} 次 {households} 户" if visits else "没有走访"
    return Behind("grid", grid.pk, grid.name, bool(visits), why, grid.code)


# -- collective economy


def collective_income_trend(asked: Asked) -> Yield:
    latest, before = _years(asked)
    if latest is None or latest.income is None:
        return nothing("没有登记本年或上年的集体经济收入")
    rows = tuple(_economy(row, f"收入 {_amount(row.income)}") for row in (latest, before) if row is not None)
    if not latest.income:
        return Yield(Decimal(0), before and before.income, ("none",), rows)
    if before is None or before.income is None:
        return nothing(f"没有登记 {latest.year - 1} 年的集体经济收入，无从比较")._replace(rows=rows)
    grade = _grade(latest, before)
    if not grade:
        return Yield(lack=f"{latest.year} 年收入下降而没有登记增收措施，各档都不相符", rows=rows)
    return Yield(latest.income, before.income, (grade,), rows)


def _grade(latest: Any, before: Any) -> str:
    if latest.income < before.income:
        return "falling" if latest.has_measures else ""
    if not latest.is_published:
        return "unpublished"
    return "rising" if latest.income > before.income else "steady"


def cooperative_items(asked: Asked) -> Yield:
    latest, _ = _years(asked)
    if latest is None:
        return nothing("没有登记本年或上年的集体经济")
    done = [name for name in COOPERATIVE if getattr(latest, name)]
    short = [str(latest._meta.get_field(name).verbose_name) for name in COOPERATIVE if name not in done]
    return checked(done, len(COOPERATIVE), [_economy(latest, "未做到：" + "、".join(short) if short else "齐全")])


def _years(asked: Asked) -> tuple[Any, Any]:
    """The latest year kept, this one or the last, and the one before it; None where there is none."""
    by_year = {row.year: row for row in asked.of("economies")}
    year = next((one for one in (asked.day.year, asked.day.year - 1) if one in by_year), None)
    return (None, None) if year is None else (by_year[year], by_year.get(year - 1))


def _economy(row: Any, why: str) -> Behind:
    return Behind("collectiveeconomy", row.pk, f"{row.year} 年集体经济", True, why)


def _amount(income: Decimal | None) -> str:
    return "未填" if income is None else f"{plain(income)} 万元"


# -- assets and projects


def idle_asset_reuse_count(asked: Asked) -> Yield:
    found = asked.of("idle_assets")
    return counted(_asset(asked, row) for row in found) if found else nothing("没有闲置资源登记")


def _asset(asked: Asked, row: Any) -> Behind:
    if row.reused_on is None or row.reused_on > asked.day:
        why = "尚未盘活"
    elif asked.is_within(row.reused_on):
        why = f"{row.reused_on.month}月{row.reused_on.day}日盘活"
    else:
        why = "时段前已盘活"
    return Behind("idleasset", row.pk, row.name, asked.is_within(row.reused_on), why)


def project_milestone_rate(asked: Asked) -> Yield:
    """Each project's own completion is its last step. Without a step due it cannot apply."""
    projects, milestones = asked.of("projects"), asked.of("milestones")
    if not projects and not milestones:
        return nothing("没有产业项目登记")
    steps = [
        *((row, "milestone", row.done_on) for row in milestones),
        *((row, "project", row.finished_on) for row in projects),
    ]
    return rated(_steps(asked, steps))


def _steps(asked: Asked, steps: Iterable[tuple[Any, str, date | None]]) -> Iterable[Behind]:
    for row, model, done_on in steps:
        if asked.is_within(row.due_on):
            is_done = done_on is not None and done_on <= asked.day
            yield Behind(model, row.pk, str(row), is_done, "已完成" if is_done else "到期未完成")
