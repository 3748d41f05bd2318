"""Registers of one urban and one agricultural community, full enough that every indicator yields something."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from branches.acting import Officer
from branches.models import Organisation
from grids.choices import (
    ActivityKind,
    CentreForm,
    CentreLevel,
    CommitteeKind,
    NormKey,
    PostKind,
    RectificationKind,
    TeamKind,
)
from grids.models import (
    Activity,
    CentreState,
    CollectiveEconomy,
    Committee,
    Coverage,
    IdleAsset,
    Milestone,
    Norm,
    PostCount,
    Project,
    Rectification,
    ServiceCentre,
    ServiceContract,
    ServiceItem,
    Team,
)
from tests.grids.ground import SINCE, Ground, ground_of
from tests.people import Town

SIX = dict.fromkeys(CentreState.SIX, True)
KINDS = (
    *(ActivityKind.VOLUNTEER, ActivityKind.ANTI_FRAUD, ActivityKind.LEGAL_OFFICERS, ActivityKind.SKILL_TRAINING),
    *(ActivityKind.STARTUP_TRAINING, ActivityKind.GREENING),
)


def keep(model: Any, officer: Officer, **values: Any) -> Any:
    """A row as a service would have written it."""
    return model.objects.create(recorded_by=officer.appointment, **values)


def norm_of(officer: Officer, area: str = "30") -> Norm:
    found: Norm = keep(Norm, officer, key=NormKey.CENTRE_MIN_AREA, starts_on=SINCE, value=Decimal(area), basis="示例")
    return found


def centre_of(officer: Officer, community: Organisation, level: str, area: str, **values: Any) -> CentreState:
    number = ServiceCentre.objects.count() + 1
    centre = keep(ServiceCentre, officer, code=f"{community.code}-S{number}", level=level, opened_on=SINCE)
    return restate(officer, centre, community, area, **values)


def restate(officer: Officer, centre: Any, community: Organisation, area: str, **values: Any) -> CentreState:
    """The next state of a centre, of the same day."""
    found: CentreState = keep(
        CentreState,
        officer,
        centre=centre,
        organisation=community,
        name="示例站",
        form=CentreForm.STATION,
        area=Decimal(area),
        starts_on=SINCE,
        revision=centre.states.count() + 1,
        **(SIX | values),
    )
    return found


def post_of(officer: Officer, community: Organisation, kind: str, required: int, filled: int) -> PostCount:
    series = f"{community.code}-{kind}"
    revision = PostCount.objects.filter(series=series).count() + 1
    found: PostCount = keep(
        PostCount,
        officer,
        community=community,
        kind=kind,
        series=series,
        required=required,
        filled=filled,
        starts_on=SINCE,
        revision=revision,
    )
    return found


def registers_of(town: Town, community: Organisation, day: date) -> Ground:
    """Ground and registers of a community, everything that happened on the first of the month of `day`."""
    lin, on = town.lin, day.replace(day=1)
    ground = ground_of(town, community)
    own: dict[str, Any] = {"community": community}
    if not Norm.objects.exists():
        norm_of(lin)
    centre_of(lin, community, CentreLevel.COMMUNITY, "60", has_archive=False)
    for grid, area in zip(ground.grids, ("35", "20"), strict=True):
        centre_of(lin, community, CentreLevel.GRID, area, grid=grid)
    keep(Coverage, lin, grid=ground.grids[0], organisation=community, starts_on=SINCE, **own)
    keep(
        Committee,
        lin,
        grid=ground.grids[0],
        kind=CommitteeKind.OWNERS,
        name="第一届业委会",
        starts_on=SINCE,
        election_due_on=date(2030, 1, 1),
        **own,
    )
    keep(ServiceContract, lin, courtyard=ground.courtyards[0], company=ground.company, starts_on=SINCE, **own)
    for kind in (PostKind.TEAM_LEADER, PostKind.BUILDING_HEAD, PostKind.GROUP_HEAD, PostKind.PARTY_HOUSEHOLD):
        post_of(lin, community, kind, 10, 8)
    for kind in KINDS:
        keep(Activity, lin, on=on, kind=kind, title="示例活动", grid=ground.grids[0], **own)
    keep(Activity, lin, on=on, kind=ActivityKind.VISIT, title="入户走访", grid=ground.grids[0], quantity=20, **own)
    keep(ServiceItem, lin, name="水费代缴", starts_on=SINCE, **own)
    keep(Team, lin, name="合唱队", kind=TeamKind.CULTURE, starts_on=SINCE, **own)
    for kind in RectificationKind.values:
        keep(Rectification, lin, kind=kind, what="示例问题", found_on=SINCE, due_on=date(2022, 2, 1), **own)
    for year, income in ((day.year - 1, "80"), (day.year, "100")):
        keep(
            CollectiveEconomy,
            lin,
            year=year,
            income=Decimal(income),
            is_published=True,
            has_cooperative=True,
            cooperative_works=True,
            **own,
        )
    keep(IdleAsset, lin, name="旧仓库", found_on=SINCE, reused_on=on, use="加工点", **own)
    keep(IdleAsset, lin, name="旧校舍", found_on=SINCE, **own)
    project = keep(Project, lin, name="产业园", starts_on=SINCE, due_on=on, finished_on=on, is_industry=True, **own)
    keep(Milestone, lin, project=project, name="封顶", due_on=on, **own)
    return ground
