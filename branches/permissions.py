"""Who sees and may do what in the chain; the ground on which the apps to the right build their own three names."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from branches.acting import Officer
from branches.choices import OrganisationKind, Right
from branches.models import Appointment, Organisation, Person
from branches.models.placement import Ancestry
from branches.rights import rights_of
from core import clock
from core.models import User
from core.permit import ALLOWED, Permit, refused


def appointments_of(user: User, day: date | None = None) -> list[Appointment]:
    """The appointments of this account in force on `day` (today), oldest first; one query, kept on the user object."""
    day = day or clock.today()
    kept = user.__dict__.setdefault("_appointments", {})
    if day not in kept:
        kept[day] = list(
            Appointment.objects.in_force(day)
            .filter(person__user_id=user.pk, person__user__is_active=True)
            .select_related("position__organisation", "person__user")
            .with_organisation_name(day)
            .order_by("starts_on", "pk")
        )
    return kept[day]


def holds_any_appointment(user: User) -> bool:
    return user.is_authenticated and bool(appointments_of(user))


def organisations_with(user: User, right: Right) -> list[Organisation]:
    """The organisations at which the account holds an appointment that gives `right` today."""
    return [
        held.position.organisation
        for held in (appointments_of(user) if user.is_authenticated else [])
        if right in rights_of(held.position.organisation, held.position.role)
    ]


def has_right(user: User, right: Right) -> bool:
    """Whether any appointment of the account gives `right` today."""
    return bool(organisations_with(user, right))


def subtree_ids(user: User, right: Right) -> QuerySet[Any]:
    """Ids of all organisations that stand today under one where the account has `right`: for `__in` filters.

    The creation office stands beside the chain, so its rights reach over the chain of its district.
    """
    return ids_under(organisations_with(user, right))


def ids_under(organisations: list[Organisation]) -> QuerySet[Any]:
    """The same for given organisations: their ids and those of all that stands under them today."""
    rows = Ancestry.objects.in_force(clock.today()).filter(_under(organisations))
    return rows.values("descendant")


def _under(organisations: list[Organisation]) -> Q:
    """A creation office acts for the organisation it hangs under, other offices for themselves."""
    outside = [one.pk for one in organisations if one.kind == OrganisationKind.CREATION_OFFICE]
    under = Q(ancestor__in=[one.pk for one in organisations])
    if not outside:
        return under
    parents = Ancestry.objects.in_force(clock.today()).filter(descendant__in=outside, depth=1)
    return under | Q(ancestor__in=parents.values("ancestor"))


def get_organisation_for(user: User, code: str) -> Organisation:
    """One organisation with today's placement, or 404."""
    found = Organisation.objects.visible_to(user).as_of(clock.today()).filter(code=code).first()
    if found is None:
        raise Http404("没有这个党组织。")
    return found


def can_keep_chain(officer: Officer) -> Permit:
    """Founding, renaming, moving and closing organisations is the creation office's."""
    return ALLOWED if officer.has(Right.KEEP_CHAIN) else refused("只有区创建办可以维护党组织。")


def can_keep_duties(officer: Officer, organisation: Organisation) -> Permit:
    """Who does what in a community is settled there; its street and the creation office may help."""
    if officer.has(Right.DIRECT):
        return ALLOWED
    is_own = officer.organisation.pk == organisation.pk
    if officer.has(Right.REPORT) and (is_own or _stands_under(organisation, officer.organisation)):
        return ALLOWED
    return refused("分工由本社区安排，所属街道和区创建办可以代办。")


def _stands_under(organisation: Organisation, above: Organisation) -> bool:
    return Ancestry.objects.in_force(clock.today()).filter(descendant=organisation, ancestor=above).exists()


def can_administer_accounts(officer: Officer, person: Person | None = None) -> Permit:
    """Accounts and appointments are the security administrator's, who never decides about herself."""
    if not officer.has(Right.ADMINISTER_ACCOUNTS):
        return refused("只有安全管理员可以管理账号和任职。")
    if person is not None and person.pk == officer.person.pk:
        return refused("不能处理本人的账号或任职，请由另一名安全管理员办理。")
    return ALLOWED


def visible_people(user: User) -> QuerySet[Person]:
    """The security administrator sees all people with their accounts, everybody else none."""
    return Person.objects.all() if has_right(user, Right.ADMINISTER_ACCOUNTS) else Person.objects.none()


def get_person_for(user: User, pk: int) -> Person:
    """One person with her account, or 404."""
    found = visible_people(user).select_related("user").filter(pk=pk).first()
    if found is None:
        raise Http404("没有这位人员。")
    return found


def sees_contacts_of(user: User, organisation: Organisation) -> bool:
    """Work phones are plain inside the own subtree only."""
    own = subtree_ids(user, Right.READ)
    return Organisation.objects.filter(pk=organisation.pk, pk__in=own).exists()


def can_unmask_contacts(officer: Officer) -> Permit:
    """Whoever works in the chain may see a masked phone for a stated reason, and leaves a trace."""
    return ALLOWED if officer.rights else refused("您的岗位不能查看联系电话。")


def holds_duty(user: User, duty: str) -> bool:
    """The answer to `core.access`: duties there carry the names of rights here."""
    return duty in Right.values and has_right(user, Right(duty))
