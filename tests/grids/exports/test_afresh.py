"""Everything in one file fills an empty portal with the same chain, and once only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from grids.choices import PostKind
from grids.models import CentreState, Courtyard, PostCount
from grids.models.base import KeptRow
from grids.registers import REGISTERS
from grids.selectors.figures import ground_page
from grids.selectors.places import ground_on
from grids.services.merging import Result, merge_grids
from grids.services.places import record_state
from grids.services.posts import record_post_count
from tests.grids.ground import SINCE, ground_of
from tests.grids.registers import norm_of, registers_of
from tests.grids.views.test_registers import client_of
from tests.people import Town

pytestmark = pytest.mark.django_db
LATER, DAY = date(2025, 1, 1), date(2026, 3, 1)
LOCAL = {"id", "key", "version", "recorded_at", "recorded_by", "confirmed_on", "community"}


def lay(town: Town) -> None:
    """Ground and registers of two communities; a courtyard, a centre and a count that changed since."""
    for community in (town.fuhou, town.fangou):
        registers_of(town, community, DAY)
    ground = ground_of(town)
    record_state(actor=town.wang, place=ground.courtyards[0], starts_on=LATER, changes={"households": 99}, reason="拆")
    centre = CentreState.objects.earliest("pk").centre
    record_state(actor=town.wang, place=centre, starts_on=LATER, changes={"area": 75})
    for day, filled in ((SINCE, 3), (LATER, 4)):
        record_post_count(
            actor=town.wang, community=town.jindi, kind=PostKind.UNIT_HEAD, starts_on=day, required=9, filled=filled
        )


def facts(day: date) -> dict[str, Any]:
    """The ground of a day without what is only of this database."""
    ground = ground_on(day)
    return {
        "grids": [
            (one.code, one.name, one.kind, one.households, one.opened_on, one.is_covered, one.has_committee)
            for one in ground.grids.values()
        ],
        "courtyards": [
            (one.code, one.name, one.kind, one.households, one.management, one.opened_on, one.is_managed)
            + ([grid.code for grid in one.grids], [contract.company for contract in one.contracts])
            for one in ground.courtyards.values()
        ],
        "centres": sorted(
            CentreState.objects.in_force(day).values_list(
                "centre__code", "centre__level", "name", "area", "has_archive"
            )
        ),
        "posts": sorted(
            PostCount.objects.in_force(day).values_list("community__code", "kind", "required", "filled"),
        ),
    }


def said(model: type[KeptRow]) -> list[str]:
    """What the rows of a register say, links by what they are called."""
    columns = [field for field in model._meta.concrete_fields if field.name not in LOCAL and "void" not in field.name]
    return sorted(str([str(getattr(row, column.name)) for column in columns]) for row in model.objects.standing())


def figures(town: Town, code: str) -> Any:
    """Coverage as its page says it; what was loaded today is confirmed today, so none of it is stale."""
    page = ground_page(town.wang.user, code, DAY)
    assert page is not None
    return replace(page.total, stale=None)


def everything(town: Town) -> dict[str, Any]:
    days = {str(day): facts(day) for day in (SINCE, LATER, DAY)}
    return (
        days
        | {"figures": [figures(town, code) for code in (town.district.code, town.fuhou.code)]}
        | {one.slug: said(one.model) for one in REGISTERS}
    )


def test_an_empty_portal_is_filled_from_one_file_and_only_once(town: Town, tmp_path: Path) -> None:
    target = tmp_path / "底数.xlsx"
    norm_of(town.wang)  # norms are set, not loaded
    before_anything = transaction.savepoint()
    lay(town)
    before = everything(town)
    call_command("export_ground", target=target, afresh=True)
    transaction.savepoint_rollback(before_anything)
    assert Courtyard.objects.count() == 0
    call_command("import_ground", str(target), username=town.wang.user.username, apply=True)
    assert everything(town) == before
    call_command("import_ground", str(target), username=town.wang.user.username, apply=True)
    assert everything(town) == before


def test_an_import_without_apply_leaves_nothing(town: Town, tmp_path: Path, capsys: Any) -> None:
    target = tmp_path / "底数.xlsx"
    before_anything = transaction.savepoint()
    lay(town)
    call_command("export_ground", target=target, afresh=True)
    transaction.savepoint_rollback(before_anything)
    capsys.readouterr()
    call_command("import_ground", str(target), username=town.wang.user.username)
    assert "预检 庭院（小区）：新 6，改 1，不变 0" in capsys.readouterr().out
    assert Courtyard.objects.count() == 0


def test_rows_that_point_at_a_closed_grid_stay_behind_and_are_counted(town: Town, tmp_path: Path, capsys: Any) -> None:
    ground = registers_of(town, town.fuhou, DAY)
    merge_grids(
        actor=town.zhou,
        grids=ground.grids,
        result=Result("大网格", None),
        starts_on=date(2026, 6, 1),
        document_no="魏网〔2026〕3号",
    )
    call_command("export_ground", target=tmp_path / "底数.xlsx", afresh=True)
    assert "行指向已撤销的网格或庭院，没有写出。" in capsys.readouterr().out


def test_more_rows_than_a_sheet_takes_go_on_several(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr("grids.exports.workbook.MOST_ROWS", 2)
    registers_of(town, town.fuhou, DAY)
    target = tmp_path / "底数.xlsx"
    call_command("export_ground", target=target)
    call_command("import_ground", str(target), username=town.wang.user.username)
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("预检 活动")]
    assert said == [
        "预检 活动：新 0，改 0，不变 2",
        "预检 活动（2）：新 0，改 0，不变 2",
        "预检 活动（3）：新 0，改 0，不变 2",
        "预检 活动（4）：新 0，改 0，不变 1",
    ]
    assert client_of(town.wang).get("/ground/workbook/").status_code == 422


def test_a_file_of_another_district_is_refused_whole(town: Town, tmp_path: Path) -> None:
    target = tmp_path / "底数.xlsx"
    lay(town)
    call_command("export_ground", target=target)
    with pytest.raises(CommandError, match="处问题"):
        call_command("import_ground", str(target), username=town.wu.user.username, apply=True)
