"""A small piece of ground in the town of `tests.people`: 府后 with two grids and three courtyards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from branches.acting import Officer
from branches.models import Organisation
from grids.choices import CourtyardKind
from grids.models import (
    AcceptedException,
    CentreState,
    Courtyard,
    CourtyardGrid,
    CourtyardState,
    Grid,
    GridState,
    Measure,
    PropertyCompany,
    ServiceCentre,
    Statistic,
)
from grids.services.statistics import record_statistic
from tests.people import Town

SINCE = date(2022, 1, 1)


@dataclass
class Ground:
    """What stands on the ground of one community."""

    community: Organisation
    grids: list[Grid]
    courtyards: list[Courtyard]
    company: PropertyCompany


def grid_of(officer: Officer, community: Organisation, number: int, households: int | None = 300) -> Grid:
    """A grid with its first state, written as a service would have."""
    grid = Grid.objects.create(code=f"{community.code}-G{number:03}", opened_on=SINCE, recorded_by=officer.appointment)
    GridState.objects.create(
        grid=grid,
        community=community,
        name=f"第{number}网格",
        households=households,
        starts_on=SINCE,
        recorded_by=officer.appointment,
    )
    return grid


def courtyard_of(officer: Officer, community: Organisation, number: int, *grids: Grid) -> Courtyard:
    """A courtyard with its first state, in the given grids."""
    courtyard = Courtyard.objects.create(
        code=f"{community.code}-C{number:03}", opened_on=SINCE, recorded_by=officer.appointment
    )
    CourtyardState.objects.create(
        courtyard=courtyard,
        community=community,
        name=f"第{number}庭院",
        kind=CourtyardKind.OLD,
        households=120,
        starts_on=SINCE,
        recorded_by=officer.appointment,
    )
    for grid in grids:
        CourtyardGrid.objects.create(
            community=community, courtyard=courtyard, grid=grid, starts_on=SINCE, recorded_by=officer.appointment
        )
    return courtyard


def ground_of(town: Town, community: Organisation | None = None) -> Ground:
    """Two grids, a courtyard in each and one across both, one property company; what is laid already stays."""
    community, officer = community or town.fuhou, town.lin
    if (known := _laid(community)) is not None:
        return known
    grids = [grid_of(officer, community, number) for number in (1, 2)]
    courtyards = [
        courtyard_of(officer, community, 1, grids[0]),
        courtyard_of(officer, community, 2, grids[1]),
        courtyard_of(officer, community, 3, *grids),
    ]
    company = PropertyCompany.objects.create(
        name=f"安心物业{community.code[-6:]}", opened_on=SINCE, recorded_by=officer.appointment
    )
    return Ground(community, grids, courtyards, company)


def _laid(community: Organisation) -> Ground | None:
    grids = list(Grid.objects.filter(code__startswith=f"{community.code}-G").order_by("code"))
    courtyards = list(Courtyard.objects.filter(code__startswith=f"{community.code}-C").order_by("code"))
    company = PropertyCompany.objects.filter(name=f"安心物业{community.code[-6:]}").first()
    return Ground(community, grids, courtyards, company) if grids and company else None


def centre_of(town: Town) -> ServiceCentre:
    """府后's own centre, with everything but an archive."""
    centre, is_new = ServiceCentre.objects.get_or_create(
        code=f"{town.fuhou.code}-S001",
        defaults={"level": "community", "opened_on": SINCE, "recorded_by": town.lin.appointment},
    )
    if is_new:
        has = dict.fromkeys(CentreState.SIX, True) | {"has_archive": False}
        CentreState.objects.create(
            centre=centre,
            organisation=town.fuhou,
            name="府后社区党群服务中心",
            form="centre",
            area=Decimal("320"),
            zones="综合服务区、红色治理会客厅",
            starts_on=SINCE,
            recorded_by=town.lin.appointment,
            **has,
        )
    return centre


def exception_of(town: Town) -> AcceptedException:
    """周 accepted that nobody manages 府后's first courtyard."""
    found: AcceptedException = AcceptedException.objects.get_or_create(
        community=town.fuhou,
        check_name="courtyard_unmanaged",
        subject=f"{town.fuhou.code}-C001",
        defaults={"reason": "待拆迁", "recorded_by": town.zhou.appointment},
    )[0]
    return found


def figure(town: Town) -> Statistic:
    """A figure of the district."""
    measure, _ = Measure.objects.get_or_create(code="grids", name="网格", definition="约 300 户的网格", unit="个")
    found = Statistic.objects.filter(measure=measure).first()
    return found or record_statistic(
        actor=town.wang,
        measure=measure,
        organisation=town.district,
        on=date(2023, 3, 31),
        value=Decimal(270),
        source="报道",
    )
