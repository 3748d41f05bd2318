"""Named people of a small town: an access test is one line.

林 enters for her community 府后, 周 reviews at the street above, 吴 belongs to another street, 郑 leads a task force,
王 sits in the district's creation office.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache

import pytest
from django.contrib.auth.hashers import make_password

from branches.acting import Officer
from branches.calc.search_keys import search_keys
from branches.choices import Level, OrganisationKind, PartyForm, Role, Track
from branches.models import Appointment, Organisation, Person, Placement, Position
from branches.services.ancestry import rebuild_ancestry
from core.models import User

PASSWORD = "wuxing-ceshi-2026"
OPENED_ON = date(2020, 1, 1)
THEMES = ("支部过硬", "共建共享", "平安法治", "幸福和谐", "宜业兴业")


@dataclass(frozen=True)
class Unit:
    """What the town knows of one organisation before it is written."""

    code: str
    name: str
    parent: str = ""
    level: int | None = None
    kind: str = OrganisationKind.CHAIN
    track: str = ""
    form: str = ""


@dataclass(frozen=True)
class Post:
    """Who holds which role where; `key` is the attribute of the town."""

    key: str
    username: str
    name: str
    code: str
    role: str


@dataclass
class Town:
    """A district with two streets and four communities, and the officers who work there."""

    district: Organisation
    office: Organisation
    task_forces: list[Organisation]
    xida: Organisation
    wuyi: Organisation
    fuhou: Organisation
    jindi: Organisation
    fangou: Organisation
    guangming: Organisation
    lin: Officer
    lin2: Officer
    chen: Officer
    fan: Officer
    zhou: Officer
    zhou2: Officer
    wu: Officer
    wang: Officer
    wang2: Officer
    reader: Officer
    sysadmin: Officer
    secadmin: Officer
    auditor: Officer
    zheng: list[Officer] = field(default_factory=list)

    @property
    def streets(self) -> list[Organisation]:
        return [self.xida, self.wuyi]

    @property
    def communities(self) -> list[Organisation]:
        return [self.jindi, self.fuhou, self.guangming, self.fangou]

    @property
    def everybody(self) -> dict[str, Officer]:
        """All officers by their key; task forces are zheng1 … zheng5."""
        single = {key: value for key, value in vars(self).items() if isinstance(value, Officer)}
        return single | {f"zheng{number}": officer for number, officer in enumerate(self.zheng, start=1)}


UNITS = (
    Unit("411002", "魏都区委", level=Level.DISTRICT, form=PartyForm.COMMITTEE),
    Unit("411002-cj", "区创建办", "411002", kind=OrganisationKind.CREATION_OFFICE),
    *(
        Unit(f"411002-zb{number}", f"{theme}专班", "411002", kind=OrganisationKind.TASK_FORCE)
        for number, theme in enumerate(THEMES, start=1)
    ),
    Unit("411002001", "西大街道", "411002", Level.STREET, form=PartyForm.WORKING_COMMITTEE),
    Unit("411002006", "五一路街道", "411002", Level.STREET, form=PartyForm.WORKING_COMMITTEE),
    Unit("411002001001", "金地社区", "411002001", Level.COMMUNITY, track=Track.URBAN),
    Unit("411002001006", "府后社区", "411002001", Level.COMMUNITY, track=Track.URBAN, form=PartyForm.GENERAL_BRANCH),
    Unit("411002006002", "光明社区", "411002006", Level.COMMUNITY, track=Track.URBAN),
    Unit("411002006006", "樊沟社区", "411002006", Level.COMMUNITY, track=Track.AGRICULTURAL, form=PartyForm.BRANCH),
)
POSTS = (
    Post("lin", "community-001006", "林晓", "411002001006", Role.SECRETARY),
    Post("lin2", "community-001006-2", "林青", "411002001006", Role.DEPUTY_SECRETARY),
    Post("chen", "community-001001", "陈敏", "411002001001", Role.SECRETARY),
    Post("fan", "community-006006", "樊志", "411002006006", Role.SECRETARY),
    Post("zhou", "street-001", "周正", "411002001", Role.SECRETARY),
    Post("zhou2", "street-001-2", "周宁", "411002001", Role.CLERK),
    Post("wu", "street-006", "吴芳", "411002006", Role.SECRETARY),
    Post("wang", "office", "王立", "411002-cj", Role.OFFICE_DIRECTOR),
    Post("wang2", "office-2", "王安", "411002-cj", Role.OFFICE_OFFICER),
    Post("reader", "viewer", "于览", "411002", Role.READER),
    Post("sysadmin", "sysadmin", "孙维", "411002", Role.SYSTEM_ADMIN),
    Post("secadmin", "secadmin", "钱守", "411002", Role.SECURITY_ADMIN),
    Post("auditor", "auditor", "赵核", "411002", Role.AUDIT_ADMIN),
    *(
        Post(f"zheng{number}", f"taskforce-{number}", f"郑{given}", f"411002-zb{number}", Role.TASK_FORCE_LEADER)
        for number, given in enumerate("一二三四五", start=1)
    ),
)


@pytest.fixture
def town(db: None) -> Town:
    """The town as it stands from 2020 on; every account has the password `PASSWORD`."""
    return build_town()


def build_town() -> Town:
    """Write units and people in bulk; about 30 queries whatever the size."""
    organisations = _write_units()
    officers = _write_people(organisations)
    zheng = [officers.pop(f"zheng{number}") for number in range(1, 6)]
    return Town(
        district=organisations["411002"],
        office=organisations["411002-cj"],
        task_forces=[organisations[f"411002-zb{number}"] for number in range(1, 6)],
        xida=organisations["411002001"],
        wuyi=organisations["411002006"],
        jindi=organisations["411002001001"],
        fuhou=organisations["411002001006"],
        guangming=organisations["411002006002"],
        fangou=organisations["411002006006"],
        zheng=zheng,
        **officers,
    )


def write_units(units: tuple[Unit, ...] | list[Unit], known: dict[str, Organisation]) -> dict[str, Organisation]:
    """Further organisations under known ones, in bulk: for tests that need ten times the rows."""
    made = Organisation.objects.bulk_create(
        [Organisation(code=unit.code, kind=unit.kind, level=unit.level, opened_on=OPENED_ON) for unit in units]
    )
    everything = known | {organisation.code: organisation for organisation in made}
    Placement.objects.bulk_create([_placement(unit, everything) for unit in units])
    rebuild_ancestry([organisation.pk for organisation in made])
    return everything


def _write_units() -> dict[str, Organisation]:
    return write_units(UNITS, {})


def _placement(unit: Unit, organisations: dict[str, Organisation]) -> Placement:
    return Placement(
        organisation=organisations[unit.code],
        starts_on=OPENED_ON,
        parent=organisations.get(unit.parent),
        name=unit.name,
        form=unit.form,
        track=unit.track,
        reason="建立",
        search_keys=search_keys(unit.name),
    )


def _write_people(organisations: dict[str, Organisation]) -> dict[str, Officer]:
    users = User.objects.bulk_create([User(username=post.username, password=_encoded_password()) for post in POSTS])
    people = Person.objects.bulk_create(
        [Person(user=user, name=post.name, work_phone="0374-2988001") for user, post in zip(users, POSTS, strict=True)]
    )
    positions = Position.objects.bulk_create(
        [Position(organisation=organisations[post.code], role=post.role) for post in POSTS]
    )
    appointments = Appointment.objects.bulk_create(
        [
            Appointment(position=position, person=person, starts_on=OPENED_ON)
            for position, person in zip(positions, people, strict=True)
        ]
    )
    names = {unit.code: unit.name for unit in UNITS}
    return {
        post.key: Officer.of(appointment, organisation_name=names[post.code])
        for post, appointment in zip(POSTS, appointments, strict=True)
    }


@cache
def _encoded_password() -> str:
    return make_password(PASSWORD)
