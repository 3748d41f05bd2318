"""Who acts, and as what: a person with several appointments chooses one, and it is stored with every act."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from branches.calc.titles import post_title
from branches.choices import Right
from branches.models import Appointment, Organisation, Person
from branches.rights import rights_of
from core.actor import Actor
from core.errors import Forbidden
from core.models import User


@dataclass(frozen=True)
class Officer(Actor):
    """An actor with the appointment she acts in."""

    user: User
    appointment: Appointment

    @classmethod
    def of(cls, appointment: Appointment, *, organisation_name: str) -> Officer:
        """The holder of an appointment (fetched with position, organisation and person.user)."""
        person = appointment.person
        if person.user is None:
            raise ValueError("an officer needs a log-in account")
        role = appointment.position.get_role_display()
        return cls(
            user_id=person.user.pk,
            label=f"{post_title(organisation_name, role)} {person.name}",
            user=person.user,
            appointment=appointment,
        )

    @property
    def person(self) -> Person:
        return self.appointment.person

    @property
    def organisation(self) -> Organisation:
        return self.appointment.position.organisation

    @property
    def rights(self) -> frozenset[Right]:
        return rights_of(self.organisation, self.appointment.position.role)

    def has(self, right: Right) -> bool:
        """Whether the appointment she acts in gives this right."""
        return right in self.rights


def acting_officer(request: HttpRequest) -> Officer:
    """The appointment the signed-in person acts in; Forbidden for an account without one."""
    officer: Officer | None = request.officer  # type: ignore[attr-defined]
    if not officer:
        raise Forbidden("当前账号没有在任岗位，不能办理。")
    return officer
