"""The officers who really stand in a portal, as the cast of a played month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from branches.acting import Officer
from branches.choices import Level, OrganisationKind, Right
from branches.models import Appointment, Organisation
from core.errors import Conflict
from scoring.models import Period
from weidu_portal.demo.cast import Cast


def standing_cast(period: Period, office: Officer, day: date) -> Cast:
    """Who holds the posts on `day`; Conflict names the posts that nobody holds and a month cannot go without."""
    found: dict[str, Officer] = {"office": office}
    for key, officer in _officers(day):
        found.setdefault(key, officer)
        if key.startswith("street-") and found[key].person != officer.person:
            found.setdefault(f"{key}-2", officer)
    missing = [name for key, name in _needed(period) if key not in found]
    if missing:
        raise Conflict(f"演练缺少在任人员：{'、'.join(missing[:10])}。")
    return Cast(found)


def _officers(day: date) -> Iterator[tuple[str, Officer]]:
    rows = Appointment.objects.in_force(day).filter(person__user__is_active=True)
    held = rows.select_related("position__organisation", "person__user").with_organisation_name(day)
    for appointment in held.order_by("position__organisation__code", "pk"):
        organisation = appointment.position.organisation
        officer = Officer.of(appointment, organisation_name=appointment.organisation_name or organisation.code)
        key = _key(organisation, officer)
        if key:
            yield key, officer


def _key(organisation: Organisation, officer: Officer) -> str:
    """The name of the sample's account for this post, by which the player asks; empty for any other post."""
    if organisation.kind == OrganisationKind.TASK_FORCE and officer.has(Right.REVIEW_THEME):
        return f"taskforce-{organisation.code[-1]}"
    if organisation.level == Level.STREET and officer.has(Right.REVIEW_PLACE):
        return f"street-{organisation.code[-3:]}"
    if organisation.level == Level.COMMUNITY and officer.has(Right.REPORT):
        return f"community-{organisation.code[-6:]}"
    return ""


def _needed(period: Period) -> Iterator[tuple[str, str]]:
    rows = period.assessments.select_related("subject", "street", "placement").order_by("subject__code")
    streets = {row.street.code for row in rows}
    for row in rows:
        yield f"community-{row.subject.code[-6:]}", f"{row.placement.name}填报人"
    for code in sorted(streets):
        yield f"street-{code[-3:]}", f"街道 {code} 审核人"
        yield f"street-{code[-3:]}-2", f"街道 {code} 第二名人员"
    for number in range(1, 6):
        yield f"taskforce-{number}", f"专班{number}"
