"""Who holds which post at an organisation, with work phones masked outside the own subtree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery

from branches.models import Appointment, Organisation, Placement
from branches.permissions import sees_contacts_of
from core.models import User

SHOWN_AT_ENDS = 2


@dataclass(frozen=True)
class PostHolder:
    """One appointment as the page shows it; `work_phone` is masked already where it has to be."""

    appointment: Appointment
    role: str
    name: str
    work_phone: str
    is_masked: bool
    sent_by: str = ""


def post_holders(organisation: Organisation, user: User, day: date) -> list[PostHolder]:
    """Everybody appointed at the organisation on `day`, by role and start."""
    rows = (
        Appointment.objects.in_force(day)
        .filter(position__organisation=organisation)
        .select_related("person", "position")
        .annotate(sender=_sender_name(day))
        .order_by("position__pk", "starts_on", "pk")
    )
    is_plain = sees_contacts_of(user, organisation)
    return [_holder(row, is_plain=is_plain) for row in rows]


def _sender_name(day: date) -> Subquery:
    """What the department that sent a first secretary is called on that day."""
    placements = Placement.objects.filter(organisation=OuterRef("sent_by"), starts_on__lte=day)
    return Subquery(placements.order_by("-starts_on", "-revision").values("name")[:1])


def masked(phone: str) -> str:
    """Only the last two characters stay: ＊＊＊＊01."""
    return "＊" * 4 + phone[-SHOWN_AT_ENDS:] if phone else ""


def _holder(row: Appointment, *, is_plain: bool) -> PostHolder:
    phone = row.person.work_phone
    return PostHolder(
        appointment=row,
        role=row.position.get_role_display(),
        name=row.person.name,
        work_phone=phone if is_plain else masked(phone),
        is_masked=bool(phone) and not is_plain,
        sent_by=row.sender or "",  # type: ignore[attr-defined]
    )
