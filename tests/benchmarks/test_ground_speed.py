"""The ground at 1,063 and at 10,630 courtyards: the same queries, and time that grows no faster than the ground."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from grids.models import Courtyard, CourtyardGrid, CourtyardState, Coverage, Grid, GridState
from grids.selectors.checks import findings
from grids.selectors.figures import ground_page
from grids.selectors.place_lists import Wanted, courtyard_list
from grids.selectors.places import ground_on
from tests.grids.ground import SINCE
from tests.people import Town
from tests.queries import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.benchmark]
SMALL, LARGE = 1_063, 10_630


def lay(town: Town, count: int) -> None:
    """So many courtyards over the four communities, four to a grid, every other grid covered."""
    by = town.wang.appointment
    have = Courtyard.objects.count()
    places = [(number, town.communities[number % 4]) for number in range(have, count)]
    grids = Grid.objects.bulk_create(
        [Grid(code=f"g{number}", opened_on=SINCE, recorded_by=by) for number, _ in places[::4]]
    )
    yards = Courtyard.objects.bulk_create(
        [Courtyard(code=f"c{number}", opened_on=SINCE, recorded_by=by) for number, _ in places]
    )
    kept = {"starts_on": SINCE, "recorded_by": by}
    GridState.objects.bulk_create(
        [
            GridState(grid=grid, community=where, name=grid.code, **kept)
            for grid, (_, where) in zip(grids, places[::4], strict=True)
        ]
    )
    CourtyardState.objects.bulk_create(
        [
            CourtyardState(courtyard=yard, community=where, name=yard.code, kind="old", households=90, **kept)
            for yard, (_, where) in zip(yards, places, strict=True)
        ]
    )
    CourtyardGrid.objects.bulk_create(
        [
            CourtyardGrid(courtyard=yard, grid=grids[at // 4], community=where, **kept)
            for at, (yard, (_, where)) in enumerate(zip(yards, places, strict=True))
        ]
    )
    Coverage.objects.bulk_create(
        [
            Coverage(organisation=where, grid=grid, community=where, **kept)
            for grid, (_, where) in list(zip(grids, places[::4], strict=True))[::2]
        ]
    )


def taken(act: Callable[[], object]) -> tuple[float, int]:
    """Milliseconds of the faster of two runs, and queries."""
    times = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            started = perf_counter()
            act()
            times.append((perf_counter() - started) * 1000)
    return min(times), len(asked)


def test_ten_times_the_ground_costs_the_same_queries(town: Town) -> None:
    day = clock.today()
    acts: dict[str, Callable[[], object]] = {
        "ground of a day": lambda: ground_on(day),
        "district page": lambda: ground_page(town.wang.user, town.district.code, day),
        "checks": lambda: findings(day),
        "page of courtyards": lambda: list(courtyard_list(town.wang.user, day, Wanted())[:50]),
        "uncovered ones": lambda: list(courtyard_list(town.wang.user, day, Wanted(flag="uncovered"))[:50]),
    }
    lay(town, SMALL)
    small = {name: taken(act) for name, act in acts.items()}
    pages = {path: queries_of(town.wang, path) for path in ("/ground/", "/ground/courtyards/", "/ground/grids/")}
    lay(town, LARGE)
    large = {name: taken(act) for name, act in acts.items()}
    for name, (time, queries) in large.items():
        print(f"\n{name}: {small[name][0]:.0f} → {time:.0f} ms, {queries} queries")
    assert {name: queries for name, (_, queries) in small.items()} == {name: one[1] for name, one in large.items()}
    assert {path: queries_of(town.wang, path) for path in pages} == pages
    assert {name: time for name, (time, _) in large.items() if time > 30 * max(small[name][0], 10)} == {}
    print(pages)
