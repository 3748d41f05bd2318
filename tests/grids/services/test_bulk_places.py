"""Many places in one act: all or nothing, each rule that of the single act, nothing overwritten unseen."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Forbidden
from core.models import AuditEntry
from grids.choices import CourtyardKind
from grids.models import Courtyard, CourtyardGrid, CourtyardState, PostCount
from grids.services.bulk import Kept, RowsRefused, RowsStale, fetch_links
from grids.services.bulk_places import WantedState, keep_places
from grids.services.kinds import COURTYARD, GRID
from grids.services.places import confirm_places, copy_of, history_of, last_state_id, record_state
from grids.services.posts import WantedCount, keep_post_counts
from grids.services.rows import confirm_rows, void_row
from tests.grids.ground import SINCE, Ground, ground_of
from tests.people import Town

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


@pytest.fixture
def ground(town: Town) -> Ground:
    return ground_of(town)


def new(town: Town, **values: object) -> CourtyardState:
    given = {"community": town.fuhou, "name": "水利局家属院", "kind": CourtyardKind.FAMILY_YARD, "starts_on": DAY}
    return CourtyardState(**given | values)


def keep(town: Town, *wanted: WantedState) -> Kept:
    return keep_places(actor=town.lin, kind=COURTYARD, wanted=wanted, source="表.xlsx")


def test_new_ones_changes_and_equal_ones_in_one_act(town: Town, ground: Ground) -> None:
    first, second, _ = ground.courtyards
    kept = keep(
        town,
        WantedState("2", copy_of(history_of(first)[0], households=99, starts_on=DAY), first.code, last_state_id(first)),
        WantedState("3", copy_of(history_of(second)[0]), second.code, last_state_id(second)),
        WantedState("4", new(town), grids=ground.grids),
        WantedState("5", new(town), "411002001006-C050"),
        WantedState("6", new(town, starts_on=date(2026, 4, 1), households=7), "411002001006-C050"),
    )
    assert kept == Kept(recorded=2, changed=2, same=1)
    assert [state.households for state in history_of(first)] == [120, 99]
    assert [one.code[-4:] for one in Courtyard.objects.order_by("pk")[3:]] == ["C004", "C050"]
    assert [state.households for state in history_of(Courtyard.objects.latest("pk"))] == [None, 7]
    assert [entry.verb for entry in AuditEntry.objects.order_by("seq")] == ["grids.keep_rows", "grids.keep_places"]


def test_one_fault_keeps_everything_out_and_all_are_told(town: Town, ground: Ground) -> None:
    place = ground.courtyards[0]
    with pytest.raises(RowsRefused) as refused:
        keep(
            town,
            WantedState("2", new(town)),
            WantedState("3", new(town, name="")),
            WantedState("4", new(town, starts_on=date(1900, 1, 1))),
            WantedState("5", copy_of(history_of(place)[0], households=1), place.code, 1_000_000),
        )
    assert list(refused.value.errors) == ["3:name", "4:starts_on", "5:"]
    assert (Courtyard.objects.count(), CourtyardState.objects.count(), AuditEntry.objects.count()) == (3, 3, 0)


def test_a_link_that_cannot_be_is_told_at_the_line_of_its_courtyard(town: Town, ground: Ground) -> None:
    with pytest.raises(RowsRefused) as refused:
        keep(town, WantedState("2", new(town, starts_on=date(2021, 1, 1)), grids=ground.grids[:1]))
    assert refused.value.errors == {"2:grid": ["网格 411002001006-G001 在 2021-01-01 不存在。"]}
    assert Courtyard.objects.count() == 3


def test_a_change_of_what_was_not_seen_is_stale(town: Town, ground: Ground) -> None:
    place = ground.courtyards[0]
    for seen in (None, last_state_id(place) + 1):
        with pytest.raises(RowsStale):
            keep(town, WantedState("2", copy_of(history_of(place)[0], households=1), place.code, seen))
    assert [state.households for state in history_of(place)] == [120]


def test_what_somebody_set_up_since_the_preview_is_not_set_up_again(town: Town, ground: Ground) -> None:
    keep(town, WantedState("2", new(town)))
    with pytest.raises(RowsStale) as refused:
        keep(town, WantedState("2", new(town)), WantedState("3", new(town, name="另一处")))
    said = "刚有人设立了同样的一处（411002001006-C004），没有再设立，请重新上传、核对新的预览。"
    assert (refused.value.errors, Courtyard.objects.count()) == ({"2:": [said]}, 4)


def test_each_place_asks_for_its_right(town: Town, ground: Ground) -> None:
    grid = ground.grids[0]
    wanted = [WantedState("2", copy_of(history_of(grid)[0], households=1), grid.code, last_state_id(grid))]
    with pytest.raises(RowsRefused, match="没有填对"):
        keep_places(actor=town.lin, kind=GRID, wanted=wanted, source="")
    with pytest.raises(RowsRefused):
        keep(town, WantedState("2", new(town, community=town.jindi)))
    assert keep_places(actor=town.zhou, kind=GRID, wanted=wanted, source="").changed == 1


def test_counts_of_posts_in_one_act(town: Town) -> None:
    def count(kind: str, filled: int, on: date = SINCE) -> PostCount:
        return PostCount(community=town.fuhou, kind=kind, starts_on=on, required=9, filled=filled)

    def keep_counts(*wanted: WantedCount) -> Kept:
        return keep_post_counts(actor=town.lin, wanted=wanted, source="表.xlsx")

    first = WantedCount("2", count("unit_head", 3), None)
    assert keep_counts(first, WantedCount("3", count("unit_head", 4, DAY), None)).recorded == 2
    latest = PostCount.objects.latest("pk")
    with pytest.raises(RowsStale):
        keep_counts(WantedCount("2", count("unit_head", 5, DAY), first.row.pk))
    with pytest.raises(RowsRefused) as refused:
        keep_counts(WantedCount("2", count("unit_head", 10, DAY), latest.pk))
    assert refused.value.errors == {"2:": ["已配备不能多于应配备。"]}
    with pytest.raises(Forbidden):
        keep_post_counts(actor=town.wu, wanted=[WantedCount("2", count("unit_head", 5, DAY), latest.pk)], source="")
    assert list(PostCount.objects.order_by("pk").values_list("filled", flat=True)) == [3, 4]


def test_links_of_more_than_a_thousand_rows_are_fetched(town: Town, ground: Ground) -> None:
    yards = Courtyard.objects.bulk_create(
        Courtyard(code=f"c{number}", opened_on=SINCE, recorded_by=town.wang.appointment) for number in range(1100)
    )
    rows = [CourtyardGrid(community=town.fuhou, courtyard_id=yard.pk, grid=ground.grids[0]) for yard in yards]
    fetch_links(rows)
    assert [row.courtyard.code for row in rows] == [yard.code for yard in yards]


def lock_order(act: Callable[[], object]) -> list[str]:
    """The tables whose rows an act locks, in the order of the first lock."""
    with CaptureQueriesContext(connection) as queries:
        act()
    locking = [one["sql"] for one in queries if " FOR " in one["sql"]]
    assert [sql for sql in locking if "branches_organisation" in sql and "FOR NO KEY UPDATE" not in sql] == []
    return list(dict.fromkeys(re.findall(r'FROM "(\w+)"', sql)[0] for sql in locking))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_every_act_on_the_ground_takes_the_community_first_and_the_chain_last(town: Town, ground: Ground) -> None:
    grid, link = ground.grids[0], CourtyardGrid.objects.first()
    changes = {"households": 1}
    for act, table in (
        (lambda: record_state(actor=town.zhou, place=grid, starts_on=DAY, changes=changes), ["grids_grid"]),
        (lambda: confirm_places(actor=town.zhou, places=[grid]), []),
        (lambda: confirm_rows(actor=town.lin, rows=[link]), []),
        (lambda: void_row(actor=town.lin, row=link, version=0, reason="登错了"), ["grids_courtyardgrid"]),
        (lambda: keep(town, WantedState("2", new(town))), []),
    ):
        assert lock_order(act) == ["branches_organisation", *table, "core_chainhead"]
