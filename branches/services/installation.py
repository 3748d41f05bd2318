"""The first things of an empty installation: the district with its office and task forces, and its first account."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from branches.acting import Officer
from branches.choices import Level, OrganisationKind, PartyForm, Role
from branches.models import Appointment, Organisation
from branches.permissions import can_keep_chain
from branches.services.account import IssuedAccount, record_account
from branches.services.appointment import record_appointment
from branches.services.organisation import NewOrganisation, found_all
from branches.services.person import record_person
from core import clock
from core.actor import SYSTEM, Actor
from core.errors import Conflict, Forbidden

DISTRICT = NewOrganisation(
    code="411002", name="魏都区委", parent=None, level=Level.DISTRICT, form=PartyForm.COMMITTEE, aliases=("魏都区",)
)
OFFICE_CODE = "411002-cj"
TASK_FORCES = {
    "411002-zb1": "支部过硬专班",
    "411002-zb2": "共建共享专班",
    "411002-zb3": "平安法治专班",
    "411002-zb4": "幸福和谐专班",
    "411002-zb5": "宜业兴业专班",
}
PAPER = {"document_no": "系统初始化", "reason": "建立层级"}
FIRST_DAY = date(2021, 1, 1)


def prepare_district(*, actor: Actor, opened_on: date = FIRST_DAY) -> Organisation:
    """The district, its creation office and the five task forces; what is there already stays as it is.

    `SYSTEM` may do so while nobody is appointed anywhere; then it is the creation office's.
    """
    if isinstance(actor, Officer):
        can_keep_chain(actor).require()
    elif Appointment.objects.exists():
        raise Forbidden("系统已启用，请由区创建办账号办理。")
    with transaction.atomic():
        district = Organisation.objects.filter(code=DISTRICT.code).first()
        if district is None:
            district = found_all(actor=actor, plans=[DISTRICT], opened_on=opened_on, **PAPER)[0]
        missing = _missing_offices(district)
        if missing:
            found_all(actor=actor, plans=missing, opened_on=max(opened_on, district.opened_on), **PAPER)
    return district


def start_installation(*, username: str, name: str) -> IssuedAccount:
    """The first account of an empty installation: a security administrator, who then opens all others."""
    with transaction.atomic():
        if Appointment.objects.exists():
            raise Conflict("系统已有任职人员，请用 --as 指定安全管理员账号。")
        district = prepare_district(actor=SYSTEM)
        person = record_person(actor=SYSTEM, name=name)
        record_appointment(
            actor=SYSTEM, person=person, organisation=district, role=Role.SECURITY_ADMIN, starts_on=clock.today()
        )
        return record_account(actor=SYSTEM, person=person, username=username)


def _missing_offices(district: Organisation) -> list[NewOrganisation]:
    office = NewOrganisation(code=OFFICE_CODE, name="区创建办", parent=district, kind=OrganisationKind.CREATION_OFFICE)
    forces = [
        NewOrganisation(code=code, name=name, parent=district, kind=OrganisationKind.TASK_FORCE, display_order=order)
        for order, (code, name) in enumerate(TASK_FORCES.items(), start=1)
    ]
    known = set(Organisation.objects.filter(code__startswith=f"{district.code}-").values_list("code", flat=True))
    return [plan for plan in (office, *forces) if plan.code not in known]
