"""People with their accounts and posts, for the security administrator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from branches.calc.titles import post_title
from branches.models import Appointment, Organisation, Person
from branches.permissions import visible_people
from core import clock
from core.models import User


@dataclass(frozen=True)
class Post:
    """One appointment in the words of today."""

    appointment: Appointment
    title: str
    is_in_force: bool


def accounts_found(user: User, text: str) -> QuerySet[Person]:
    """People whose name or account contains the text, by account and name."""
    people = visible_people(user).select_related("user")
    if text.strip():
        people = people.filter(Q(name__icontains=text.strip()) | Q(user__username__icontains=text.strip()))
    return people.order_by(F("user__username").asc(nulls_last=True), "name", "pk")


def posts_of(people: Iterable[Person], *, every: bool = False) -> dict[int, list[Post]]:
    """Posts by person: those in force or to come, with `every` also past ones; two queries."""
    today = clock.today()
    ids = [person.pk for person in people]
    held = Appointment.objects.filter(person__in=ids).select_related("position")
    if not every:
        held = held.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today))
    rows = list(held.order_by("-starts_on", "pk"))
    named = Organisation.objects.as_of(today).in_bulk({one.position.organisation_id for one in rows})
    found: dict[int, list[Post]] = {pk: [] for pk in ids}
    for one in rows:
        is_in_force = one.starts_on <= today and (one.ends_on is None or one.ends_on > today)
        title = post_title(str(named[one.position.organisation_id]), one.position.get_role_display())
        found[one.person_id].append(Post(one, title, is_in_force))
    return found
