"""Accounts as officers: which appointment an account acts in, with the words it appears under."""

from __future__ import annotations

from branches.acting import Officer
from branches.choices import Right
from branches.models import Appointment
from branches.permissions import appointments_of
from branches.rights import rights_of
from core.errors import Forbidden, Invalid
from core.models import User


def officer_in(appointment: Appointment) -> Officer:
    """The holder of one of `appointments_of` somebody, under the organisation's name of that day."""
    name = appointment.organisation_name or appointment.position.organisation.code
    return Officer.of(appointment, organisation_name=name)


def officer_for(user: User, right: Right | None = None) -> Officer | None:
    """The account in its oldest appointment in force, or in the oldest that gives `right`; None without one."""
    for held in appointments_of(user):
        if right is None or right in rights_of(held.position.organisation, held.position.role):
            return officer_in(held)
    return None


def officer_named(username: str, right: Right | None = None) -> Officer:
    """For commands (`--as USERNAME`): Invalid for an unknown account, Forbidden without a fitting appointment."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Invalid(f"没有账号“{username}”。")
    if officer := officer_for(user, right):
        return officer
    raise Forbidden(f"账号“{username}”没有{right.label if right else '在任'}岗位，或已停用。")
