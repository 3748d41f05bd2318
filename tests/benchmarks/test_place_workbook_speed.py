"""Loading 1,063 courtyards from one sheet: the preview, writing, the same file again, the download."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import pytest
from django.db import connection

from core.sheets.reading import Sheet
from grids.exports.workbook import Part, export_parts
from grids.imports.books import PLACE_BOOKS
from grids.imports.workbook import WorkbookPlan, apply_workbook, preview_workbook
from grids.models import Courtyard
from tests.grids.ground import grid_of
from tests.people import Town

pytestmark = [pytest.mark.django_db, pytest.mark.benchmark]
COUNT = 1_063
HEADINGS = ["编号", "社区", "自何日起", "名称", "类型", "无物业合同时的管理方式", "户数", "所在网格"]


def taken(name: str, act: Callable[[], object]) -> int:
    """Queries, counted and not kept; time is printed."""
    asked = [0]

    def count(execute: Any, *call: Any) -> Any:
        asked[0] += 1
        return execute(*call)

    with connection.execute_wrapper(count):
        started = perf_counter()
        act()
    print(f"\n{name}: {perf_counter() - started:.1f} s, {asked[0]} queries")  # noqa: T201
    return asked[0]


def sheet_of(town: Town, count: int) -> list[Sheet]:
    names = {
        one.pk: name
        for one, name in zip(town.communities, ("金地社区", "府后社区", "光明社区", "樊沟社区"), strict=True)
    }
    lines = [HEADINGS]
    for number in range(count):
        where = town.communities[number % 4]
        kept = ["2022-01-01", f"第{number}庭院", "老旧小区", "无人管理", "90", f"第{number % 12 // 4 + 1}网格"]
        lines.append(["", names[where.pk], *kept])
    return [Sheet("庭院（小区）", False, list(enumerate(lines, start=1)), set())]


def test_a_sheet_of_all_courtyards(town: Town) -> None:
    for community in town.communities:
        for number in (1, 2, 3):
            grid_of(town.wang, community, number)
    sheets = sheet_of(town, COUNT)
    plans: list[WorkbookPlan] = []
    preview = taken("preview", lambda: plans.append(preview_workbook(town.wang, sheets)))
    assert (plans[0].faults, plans[0].changes, Courtyard.objects.count()) == ([], COUNT, 0)
    load = taken("load", lambda: apply_workbook(town.wang, sheets, "表.xlsx", seen=plans[0].seen))
    assert Courtyard.objects.count() == COUNT
    again = taken("again", lambda: plans.append(preview_workbook(town.wang, sheets)))
    assert (plans[1].faults, plans[1].changes) == ([], 0)
    book = PLACE_BOOKS["courtyards"]
    out = taken("download", lambda: export_parts([Part(book, book.visible(town.wang.user))]))
    assert (preview <= 13 * COUNT, load <= 13 * COUNT, again <= 60, out <= 20) == (True, True, True, True)
