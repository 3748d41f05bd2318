"""A whole district of grids: 13 streets, 89 communities, 620 grids, 1,063 courtyards, written in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from branches.choices import Level, Track
from branches.models import Organisation
from grids.choices import CommitteeKind, CourtyardKind
from grids.models import Committee, Courtyard, CourtyardGrid, CourtyardState, Coverage, Grid, GridState
from tests.grids.ground import SINCE
from tests.people import Town, Unit, write_units

STREETS, COMMUNITIES, GRIDS, COURTYARDS, COMMITTEES = 13, 89, 620, 1_063, 177


@dataclass
class District:
    """The streets with their communities, and the grids of each community by its id."""

    streets: dict[Organisation, list[Organisation]]
    grids: dict[int, list[Grid]]


def district_of(town: Town) -> District:
    """Under the district of the town: every third grid shares its branch with the one before, one courtyard in ten
    spans two grids."""
    streets = _streets(town)
    places = [place for communities in streets.values() for place in communities]
    grids = lay_grids(town, places, GRIDS)
    lay_courtyards(town, places, grids, COURTYARDS)
    return District(streets, grids)


def _streets(town: Town) -> dict[Organisation, list[Organisation]]:
    streets = [Unit(f"4110021{n:02}", f"第{n}街道", "411002", Level.STREET) for n in range(1, STREETS + 1)]
    parents = [streets[n % STREETS].code for n in range(COMMUNITIES)]
    codes = [f"{parent}{n // STREETS + 1:03}" for n, parent in enumerate(parents)]
    places = [
        Unit(code, f"社区{code[-5:]}", parent, Level.COMMUNITY, track=Track.URBAN)
        for code, parent in zip(codes, parents, strict=True)
    ]
    made = write_units([*streets, *places], {"411002": town.district})
    return {made[one.code]: [made[code] for code in sorted(codes) if code.startswith(one.code)] for one in streets}


def lay_grids(town: Town, places: Sequence[Organisation], count: int) -> dict[int, list[Grid]]:
    """So many grids shared out evenly, each covered."""
    kept = {"starts_on": SINCE, "recorded_by": town.wang.appointment}
    spots = [(places[n % len(places)], n // len(places) + 1) for n in range(count)]
    made = Grid.objects.bulk_create(
        [Grid(code=f"{one.code}-G{n:03}", opened_on=SINCE, recorded_by=town.wang.appointment) for one, n in spots]
    )
    found: dict[int, list[Grid]] = {}
    for grid, (place, _) in zip(made, spots, strict=True):
        found.setdefault(place.pk, []).append(grid)
    GridState.objects.bulk_create(
        GridState(grid=grid, community=one, name=f"第{n}网格", households=280 + n, **kept)
        for grid, (one, n) in zip(made, spots, strict=True)
    )
    Coverage.objects.bulk_create(
        Coverage(grid=grid, community=one, organisation=places[n % len(places)], **kept)
        for grid, (one, n) in zip(made, spots, strict=True)
    )
    return found


def lay_courtyards(town: Town, places: Sequence[Organisation], grids: dict[int, list[Grid]], count: int) -> None:
    """So many courtyards shared out over the grids, with committees in the first of them."""
    kept = {"starts_on": SINCE, "recorded_by": town.wang.appointment}
    spots = [(places[n % len(places)], n // len(places)) for n in range(count)]
    yards = Courtyard.objects.bulk_create(
        [Courtyard(code=f"{one.code}-C{n:03}", opened_on=SINCE, recorded_by=town.wang.appointment) for one, n in spots]
    )
    states, links, committees = [], [], []
    for number, (yard, (place, n)) in enumerate(zip(yards, spots, strict=True)):
        own = grids[place.pk]
        lying = {n % len(own)} | ({(n + 1) % len(own)} if number % 10 == 0 else set())
        state = {"name": f"第{n}庭院", "kind": CourtyardKind.OLD, "households": 90}
        states.append(CourtyardState(courtyard=yard, community=place, **state, **kept))
        links += [CourtyardGrid(courtyard=yard, grid=own[at], community=place, **kept) for at in sorted(lying)]
        if number < COMMITTEES:
            what = {"kind": CommitteeKind.OWNERS, "name": f"业委会{number}", "election_due_on": "2027-01-01"}
            committees.append(Committee(grid=own[min(lying)], community=place, **what, **kept))
    CourtyardState.objects.bulk_create(states)
    CourtyardGrid.objects.bulk_create(links)
    Committee.objects.bulk_create(committees)
