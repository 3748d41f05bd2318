"""The sample's people: made-up names in real posts, one shared password, accounts by the codes of their places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from random import Random

from django.contrib.auth.hashers import make_password

from branches.acting import Officer
from branches.choices import Level, OrganisationKind, Role
from branches.models import Appointment, Organisation, Person, Position
from core.models import User

PASSWORD = "weidu-shili-2026"
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "建国志强秀兰丽娟红梅海涛晓东玉芳春燕永强文博俊杰淑珍国庆慧敏少华新民桂英立新卫东雪梅宏伟金凤明辉爱华"


@dataclass(frozen=True, slots=True)
class Post:
    """One sample account: who it is decides the organisation and the role."""

    username: str
    organisation: Organisation
    role: str


@dataclass(frozen=True, slots=True)
class Cast:
    """Officers by account name, and by the code of their organisation."""

    by_username: dict[str, Officer]

    @classmethod
    def appointed(cls, day: date, random: Random) -> Cast:
        """The cast of every organisation there is."""
        return cls(_appoint(list(_posts(day)), day, random))

    def appoint_more(self, day: date, random: Random) -> None:
        """Fill the posts of organisations that came since."""
        posts = [post for post in _posts(day) if post.username not in self.by_username]
        self.by_username.update(_appoint(posts, day, random))

    def office(self) -> Officer:
        return self.by_username["office"]

    def community(self, code: str) -> Officer:
        return self.by_username[f"community-{code[-6:]}"]

    def street(self, code: str, *, second: bool = False) -> Officer:
        return self.by_username[f"street-{code[-3:]}{'-2' if second else ''}"]

    def task_forces(self) -> list[Officer]:
        return [self.by_username[f"taskforce-{number}"] for number in range(1, 6)]


def _appoint(posts: list[Post], day: date, random: Random) -> dict[str, Officer]:
    """Persons, accounts and appointments of some posts; all share one password."""
    hashed = make_password(PASSWORD)
    users = User.objects.bulk_create(User(username=post.username, password=hashed) for post in posts)
    people = Person.objects.bulk_create(
        Person(user=user, name=made_up_name(random), work_phone=f"0374-20{random.randrange(10_000, 100_000)}")
        for user in users
    )
    positions = _positions(posts)
    appointments = Appointment.objects.bulk_create(
        Appointment(position=positions[(post.organisation.pk, post.role)], person=person, starts_on=day)
        for post, person in zip(posts, people, strict=True)
    )
    return {post.username: _officer(post, one) for post, one in zip(posts, appointments, strict=True)}


def _posts(day: date) -> Iterable[Post]:
    rows = Organisation.objects.standing_on(day).as_of(day).order_by("code")
    district = next(row for row in rows if row.level == Level.DISTRICT)
    for row in rows:
        yield from _posts_at(row)
    for username, role in (
        ("viewer", Role.READER),
        ("sysadmin", Role.SYSTEM_ADMIN),
        ("secadmin", Role.SECURITY_ADMIN),
        ("auditor", Role.AUDIT_ADMIN),
    ):
        yield Post(username, district, role)


def _posts_at(row: Organisation) -> Iterable[Post]:
    if row.kind == OrganisationKind.CREATION_OFFICE:
        yield Post("office", row, Role.OFFICE_DIRECTOR)
        yield Post("office-2", row, Role.OFFICE_OFFICER)
    elif row.kind == OrganisationKind.TASK_FORCE:
        yield Post(f"taskforce-{row.code[-1]}", row, Role.TASK_FORCE_LEADER)
    elif row.level == Level.STREET:
        yield Post(f"street-{row.code[-3:]}", row, Role.SECRETARY)
        yield Post(f"street-{row.code[-3:]}-2", row, Role.CLERK)
    elif row.level == Level.COMMUNITY:
        yield Post(f"community-{row.code[-6:]}", row, Role.SECRETARY)
    elif row.level == Level.GRID:
        yield Post(f"grid-{row.code[-9:]}", row, Role.SECRETARY)


def _positions(posts: list[Post]) -> dict[tuple[int, str], Position]:
    wanted = {(post.organisation.pk, post.role) for post in posts}
    rows = Position.objects.bulk_create(Position(organisation_id=pk, role=role) for pk, role in sorted(wanted))
    return {(row.organisation_id, row.role): row for row in rows}


def _officer(post: Post, appointment: Appointment) -> Officer:
    return Officer.of(appointment, organisation_name=str(post.organisation))


def made_up_name(random: Random) -> str:
    """A common family name and an ordinary given name."""
    at = 2 * random.randrange(len(GIVEN) // 2)
    return random.choice(FAMILY) + GIVEN[at : at + 2]
