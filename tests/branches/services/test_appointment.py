"""Appointing and ending; three administrators are three people."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from branches.choices import Right, Role
from branches.models import Appointment, Person
from branches.permissions import has_right
from branches.services.appointment import appoint, end_appointment
from branches.services.organisation import close_organisation
from branches.services.person import add_person
from core import clock
from core.errors import Conflict, Forbidden, Invalid
from core.models import AuditEntry
from tests.people import OPENED_ON, Town

DAY = date(2026, 3, 1)


def somebody(town: Town) -> Person:
    return add_person(actor=town.secadmin, name="宋新", work_phone="0374-2988002")


def test_rights_follow_from_the_appointment(town: Town) -> None:
    appoint(
        actor=town.secadmin,
        person=town.reader.person,
        organisation=town.jindi,
        role=Role.CLERK,
        starts_on=clock.today(),
    )
    assert has_right(town.reader.user, Right.REPORT)


def test_an_appointment_in_the_future_gives_nothing_yet(town: Town) -> None:
    appoint(
        actor=town.secadmin,
        person=town.reader.person,
        organisation=town.jindi,
        role=Role.CLERK,
        starts_on=clock.today() + timedelta(days=1),
    )
    assert not has_right(town.reader.user, Right.REPORT)


@pytest.mark.parametrize("who", ["wang", "lin", "zhou", "sysadmin", "auditor"])
def test_only_the_security_administrator_appoints(town: Town, who: str) -> None:
    with pytest.raises(Forbidden):
        appoint(
            actor=getattr(town, who),
            person=town.reader.person,
            organisation=town.jindi,
            role=Role.CLERK,
            starts_on=DAY,
        )
    with pytest.raises(Forbidden):
        add_person(actor=getattr(town, who), name="宋新")


def test_nobody_appoints_or_ends_herself(town: Town) -> None:
    with pytest.raises(Forbidden, match="本人"):
        appoint(
            actor=town.secadmin,
            person=town.secadmin.person,
            organisation=town.office,
            role=Role.OFFICE_OFFICER,
            starts_on=DAY,
        )
    with pytest.raises(Forbidden, match="本人"):
        end_appointment(actor=town.secadmin, appointment=town.secadmin.appointment, ends_on=DAY)


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ("sysadmin", Role.AUDIT_ADMIN),
        ("auditor", Role.READER),
        ("reader", Role.SECURITY_ADMIN),
        ("lin", Role.SYSTEM_ADMIN),
    ],
)
def test_administrators_hold_nothing_else(town: Town, who: str, role: str) -> None:
    with pytest.raises(Conflict, match="三人"):
        appoint(
            actor=town.secadmin,
            person=getattr(town, who).person,
            organisation=town.district,
            role=role,
            starts_on=DAY,
        )


def test_one_after_the_other_is_fine(town: Town) -> None:
    end_appointment(actor=town.secadmin, appointment=town.auditor.appointment, ends_on=DAY)
    appoint(
        actor=town.secadmin, person=town.auditor.person, organisation=town.district, role=Role.READER, starts_on=DAY
    )
    assert has_right(town.auditor.user, Right.READ)
    assert not has_right(town.auditor.user, Right.READ_AUDIT)


@pytest.mark.parametrize(
    ("organisation", "role"),
    [("fuhou", Role.OFFICE_DIRECTOR), ("xida", Role.SECURITY_ADMIN), ("office", Role.SECRETARY), ("fuhou", "king")],
)
def test_a_role_where_it_does_not_exist(town: Town, organisation: str, role: str) -> None:
    with pytest.raises(Invalid) as refused:
        appoint(
            actor=town.secadmin,
            person=town.reader.person,
            organisation=getattr(town, organisation),
            role=role,
            starts_on=DAY,
        )
    assert list(refused.value.errors) == ["role"]


def test_the_organisation_stands_on_that_day(town: Town) -> None:
    close_organisation(actor=town.wang, organisation=town.jindi, closed_on=DAY, document_no="1号", reason="合并")
    town.jindi.refresh_from_db()
    with pytest.raises(Invalid, match="不存在"):
        appoint(actor=town.secadmin, person=somebody(town), organisation=town.jindi, role=Role.CLERK, starts_on=DAY)


def test_not_twice_at_a_time(town: Town) -> None:
    with pytest.raises(Conflict, match="已任"):
        appoint(
            actor=town.secadmin, person=town.lin.person, organisation=town.fuhou, role=Role.SECRETARY, starts_on=DAY
        )


def test_half_open_end(town: Town) -> None:
    end_appointment(actor=town.secadmin, appointment=town.lin.appointment, ends_on=DAY)
    assert Appointment.objects.in_force(DAY - timedelta(days=1)).filter(person=town.lin.person).exists()
    assert not Appointment.objects.in_force(DAY).filter(person=town.lin.person).exists()


def test_an_end_is_only_brought_forward(town: Town) -> None:
    end_appointment(actor=town.secadmin, appointment=town.lin.appointment, ends_on=DAY)
    with pytest.raises(Conflict, match="已登记"):
        end_appointment(actor=town.secadmin, appointment=town.lin.appointment, ends_on=DAY + timedelta(days=1))
    end_appointment(actor=town.secadmin, appointment=town.lin.appointment, ends_on=DAY - timedelta(days=1))
    with pytest.raises(Invalid, match="晚于"):
        end_appointment(actor=town.secadmin, appointment=town.lin2.appointment, ends_on=OPENED_ON)


def test_the_audit_names_personal_fields_but_does_not_tell_them(town: Town) -> None:
    somebody(town)
    payload = AuditEntry.objects.get().payload
    assert '"name":"' in payload
    assert '"work_phone":"' in payload
    assert "宋新" not in payload
    assert "2988002" not in payload


@pytest.mark.parametrize("phone", ["电话", "0374-2988001 分机", "1" * 31, "<b>"])
def test_a_phone_is_digits(town: Town, phone: str) -> None:
    with pytest.raises(Invalid) as refused:
        add_person(actor=town.secadmin, name="宋新", work_phone=phone)
    assert list(refused.value.errors) == ["work_phone"]


def test_the_schema_keeps_the_order_of_days(town: Town) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=town.lin.appointment.pk).update(ends_on=OPENED_ON)
