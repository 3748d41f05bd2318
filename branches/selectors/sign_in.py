"""What the log-in page offers: streets, their communities, the posts with an account there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import F, QuerySet

from branches.choices import Level
from branches.models import Appointment, Organisation, Placement
from core import clock


@dataclass(frozen=True)
class Place:
    code: str
    name: str


@dataclass(frozen=True)
class SignInPost:
    """A post by its role, never by the name of its holder: the page is public."""

    username: str
    label: str


def streets() -> list[Place]:
    """Streets standing today."""
    return _places(Placement.objects.filter(organisation__level=Level.STREET))


def communities_of(street_code: str) -> list[Place]:
    """Communities standing under the street today."""
    return _places(Placement.objects.filter(organisation__level=Level.COMMUNITY, parent__code=street_code))


def sign_in_posts(code: str) -> list[SignInPost]:
    """Posts in force today at a street or community whose holder has an active account."""
    rows = (
        Appointment.objects.in_force(clock.today())
        .filter(
            position__organisation__code=code,
            position__organisation__level__in=(Level.STREET, Level.COMMUNITY),
            person__user__is_active=True,
        )
        .select_related("position")
        .order_by("position__pk", "starts_on", "pk")
        .annotate(username=F("person__user__username"))
    )
    numbers: Counter[str] = Counter()
    posts = []
    for row in rows:
        role = row.position.get_role_display()
        numbers[role] += 1
        label = role if numbers[role] == 1 else f"{role}（{numbers[role]}）"
        posts.append(SignInPost(row.username, label))
    return posts


def _places(placements: QuerySet[Placement]) -> list[Place]:
    today = clock.today()
    rows = (
        Placement.objects.in_force(today)
        .filter(pk__in=placements.values("pk"), organisation__in=Organisation.objects.standing_on(today))
        .order_by("display_order", "organisation__code")
    )
    return [Place(code, name) for code, name in rows.values_list("organisation__code", "name")]
