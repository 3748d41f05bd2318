"""Posts on the ground: 5+3 counts, contacts, and the cadres whom departments sent as first secretaries."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from branches.acting import Officer
from branches.choices import Level, OrganisationKind, PartyForm, Role
from branches.models import Appointment, Organisation, Person, Position
from branches.services.organisation import NewOrganisation, found_all
from core import clock
from grids.choices import PostKind
from grids.models import GroundContact, PostCount
from weidu_portal.demo.cast import made_up_name
from weidu_portal.demo.ground.places import SAMPLE, Ground
from weidu_portal.demo.ground.plan import CommunityPlan
from weidu_portal.demo.ground.writing import write

GRID_CADRES = 539
DEPARTMENTS = [
    "区委办公室",
    "区人大办公室",
    "区政府办公室",
    "区政协办公室",
    "区纪委监委",
    "区委组织部",
    "区委宣传部",
    "区委统战部",
    "区委政法委",
    "区委编办",
    "区委巡察办",
    "区直机关工委",
    "区委老干部局",
    "区总工会",
    "团区委",
    "区妇联",
    "区科协",
    "区残联",
    "区法院",
    "区检察院",
    "区发展改革委",
    "区教育体育局",
    "区科工信局",
    "区民政局",
    "区司法局",
    "区财政局",
    "区人社局",
    "区自然资源局",
    "区住建局",
    "区交通局",
    "区农业农村局",
    "区商务局",
    "区文旅局",
    "区卫健委",
    "区退役军人局",
    "区应急局",
    "区审计局",
    "区市场监管局",
    "区统计局",
    "区医保局",
    "区信访局",
    "区城管局",
    "区行政审批局",
    "区档案馆",
    "区党校",
    "区供销社",
    "区税务局",
    "区公安分局",
]


def appoint_posts(actor: Officer, ground: Ground, random: Random) -> None:
    """Counts and contacts of every community; 48 heads for 89 communities, 539 cadres for the grids."""
    write(actor, list(_counts(actor, ground, random)))
    write(actor, list(_contacts(actor, ground, random)))
    _send_first_secretaries(actor, ground, random)


def _counts(actor: Officer, ground: Ground, random: Random) -> Iterator[PostCount]:
    for plan in ground.plans:
        care = random.choice((0.6, 0.78, 0.9, 0.95, 1.0))
        for kind, required in _required(plan):
            filled = required if required == 1 else min(required, round(required * random.uniform(care - 0.08, care)))
            yield PostCount(
                community=ground.communities[plan.code],
                kind=kind,
                series=f"{plan.code}:{kind}",
                required=required,
                filled=filled,
                party_members=filled // 3 if kind == PostKind.BUILDING_HEAD else None,
                starts_on=ground.communities[plan.code].opened_on,
                reason=SAMPLE,
                recorded_by=actor.appointment,
                recorded_at=clock.now(),
            )


def _required(plan: CommunityPlan) -> list[tuple[PostKind, int]]:
    if plan.is_agricultural:
        groups = len(plan.courtyards)
        return [
            (PostKind.GOVERNANCE_TEAM, 1),
            (PostKind.GROUP_HEAD, groups),
            (PostKind.PARTY_HOUSEHOLD, groups * 2),
            (PostKind.GRID_WORKER, plan.grids),
        ]
    return [
        (PostKind.GOVERNANCE_TEAM, 1),
        (PostKind.TEAM_LEADER, plan.grids),
        (PostKind.YARD_HEAD, len(plan.courtyards)),
        (PostKind.BUILDING_HEAD, sum(yard.buildings for yard in plan.courtyards)),
        (PostKind.UNIT_HEAD, sum(yard.units for yard in plan.courtyards)),
        (PostKind.GRID_WORKER, plan.grids),
    ]


def _contacts(actor: Officer, ground: Ground, random: Random) -> Iterator[GroundContact]:
    for plan in ground.plans:
        for grid in ground.grids[plan.code]:
            yield GroundContact(
                community=ground.communities[plan.code],
                kind=PostKind.GRID_WORKER,
                name=made_up_name(random),
                work_phone=f"0374-21{random.randrange(10_000, 100_000)}",
                grid=grid,
                starts_on=grid.opened_on,
                confirmed_on=clock.today(),
                recorded_by=actor.appointment,
                recorded_at=clock.now(),
            )


def _send_first_secretaries(actor: Officer, ground: Ground, random: Random) -> None:
    district = Organisation.objects.get(level=Level.DISTRICT)
    new = [
        NewOrganisation(
            name=name,
            parent=district,
            kind=OrganisationKind.DEPARTMENT,
            code=f"{district.code}-bm{number:02}",
            form=PartyForm.COMMITTEE,
            display_order=100 + number,
        )
        for number, name in enumerate(DEPARTMENTS, start=1)
    ]
    paper = {"document_no": "示例", "reason": "示例选派单位"}
    departments = found_all(actor=actor, plans=new, opened_on=clock.today(), **paper)
    heads = _people(len(departments), random)
    pairs = [
        (organisation, heads[at % len(heads)], departments[at % len(departments)])
        for at, organisation in enumerate(ground.communities.values())
    ]
    branches = [branch for rows in ground.branches.values() for branch in rows]
    for at, cadre in enumerate(_people(GRID_CADRES, random)):
        pairs.append((branches[at % len(branches)], cadre, departments[at % len(departments)]))
    _appoint(pairs)


def _people(count: int, random: Random) -> list[Person]:
    return Person.objects.bulk_create(
        Person(name=made_up_name(random), work_phone=f"0374-22{random.randrange(10_000, 100_000)}")
        for _ in range(count)
    )


def _appoint(pairs: list[tuple[Organisation, Person, Organisation]]) -> None:
    wanted = {organisation.pk for organisation, _, _ in pairs}
    rows = Position.objects.bulk_create(
        Position(organisation_id=pk, role=Role.FIRST_SECRETARY) for pk in sorted(wanted)
    )
    positions = {row.organisation_id: row for row in rows}
    Appointment.objects.bulk_create(
        Appointment(position=positions[organisation.pk], person=person, starts_on=clock.today(), sent_by=department)
        for organisation, person, department in pairs
    )
