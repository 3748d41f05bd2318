"""No page asks more often for ten times the rows, and none more than twelve times."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.choices import Axis
from scoring.models import Period
from tests.people import Town, Unit, write_units
from tests.queries import queries_of
from tests.scoring.month import (
    assessment_of,
    close_month,
    item_of,
    not_applicable,
    on,
    open_month,
    publish_month,
    report_all,
    review,
    review_all,
    settle_month,
)

pytestmark = pytest.mark.django_db
LIMIT = 12

# Who opens what; {published}, {closed} and {open} are months in these states.
PAGES = (
    ("wang", "/"),
    ("wang", "/periods/"),
    ("wang", "/periods/{open}/"),
    ("wang", "/periods/{closed}/"),
    ("wang", "/periods/{open}/close/"),
    ("wang", "/periods/{closed}/publish/"),
    ("wang", "/periods/{closed}/rulings/?what=provisional"),
    ("wang", "/periods/{open}/rulings/?what=gap"),
    ("wang", "/periods/{open}/rulings/?what=claim"),
    ("wang", "/periods/{open}/rulings/?what=empty"),
    ("wang", "/periods/{open}/trial/"),
    ("wang", "/periods/{closed}/trial/"),
    ("zhou", "/"),
    ("zhou", "/periods/{open}/review/street/"),
    ("zhou", "/periods/{open}/review/street/?show=all"),
    ("zheng1", "/"),
    ("zheng1", "/periods/{open}/review/stars/branch_strength/"),
    ("zheng1", "/periods/{open}/review/stars/branch_strength/?show=all"),
    ("lin", "/"),
    ("lin", "/assessments/{assessment}/"),
    ("wang", "/assessments/{assessment}/"),
    ("lin", "/items/{item}/"),
    ("lin", "/items/{item}/evidence/"),
    ("wang", "/periods/{open}/missing/"),
    ("zhou", "/periods/{open}/missing/"),
    ("lin", "/notifications/"),
    ("sysadmin", "/calendar/"),
    ("lin", "/duties/411002001006/"),
    ("lin", "/assessments/{assessment}/paper/"),
    ("zhou", "/periods/{open}/grid/?task=patrol"),
    ("zheng3", "/periods/{open}/review/data/?task=patrol"),
    ("zhou", "/duties/411002001006/sheet/"),
    ("reader", "/"),
    ("reader", "/rankings/"),
    ("reader", "/rankings/{published}/"),
    ("wang", "/ledgers/"),
    ("wang", "/organisations/"),
    ("wang", "/organisations/411002001/"),
    ("wang", "/rubrics/"),
    ("secadmin", "/accounts/"),
    ("auditor", "/audit/"),
    ("sysadmin", "/jobs/"),
)


def test_pages_ask_the_same_at_ten_times_the_rows(town: Town) -> None:
    small = _costs(town, "2026-07", "2026-08", "2026-09")
    units = [
        Unit(f"{street}0{number}", f"新{street[-1]}{number}社区", street, 3, track="urban")
        for street in ("411002001", "411002006")
        for number in range(20, 38)
    ]
    write_units(units, {"411002001": town.xida, "411002006": town.wuyi})
    large = _costs(town, "2026-10", "2026-11", "2026-12")
    rows = [Period.objects.get(month=f"2026-{month}-01").assessments.count() for month in ("09", "12")]
    assert rows == [4, 40]
    assert large == small
    assert {page: count for page, count in large.items() if count > LIMIT} == {}


def _costs(town: Town, published: str, closed: str, under_way: str) -> dict[tuple[str, str], int]:
    """Queries by officer and page while three months stand in their three states; all are published afterwards."""
    _finish(town, _reported(town, published), [Axis.STREET, Axis.TASK_FORCE])
    second = _reported(town, closed)
    review_all(town, second, axes=[Axis.STREET])
    close_month(town, second)
    third = open_month(town, under_way)
    report_all(town, third, numbers=[3], organisations=[town.fuhou, town.jindi], entries={3: not_applicable()})
    report_all(town, third, numbers=range(1, 6), confirm_unchanged=False)
    review_all(town, third, axes=[Axis.STREET], numbers=[1])
    review(town, item_of(third, town.fuhou, 2), Axis.STREET, "set", "5", "档案不全。")
    review(town, item_of(third, town.fuhou, 2), Axis.TASK_FORCE)
    review(town, item_of(third, town.jindi, 2), Axis.STREET, "return", reason="请补材料。")
    own: dict[str, Any] = {
        "published": published,
        "closed": closed,
        "open": under_way,
        "assessment": assessment_of(third, town.fuhou).pk,
        "item": item_of(third, town.fuhou, 2).pk,
    }
    with on(under_way, 33):
        found = {(key, page): queries_of(town.everybody[key], page.format(**own)) for key, page in PAGES}
    settle_month(town, second)
    publish_month(town, second)
    return found


def _reported(town: Town, month: str) -> Period:
    period = open_month(town, month)
    report_all(town, period)
    return period


def _finish(town: Town, period: Period, axes: list[Axis]) -> None:
    review_all(town, period, axes=axes)
    settle_month(town, period)
    close_month(town, period)
    publish_month(town, period)
