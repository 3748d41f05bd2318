"""Appointing and ending: rights follow from nothing else."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q

from branches.acting import Officer
from branches.choices import OrganisationKind, Right, Role
from branches.models import Appointment, Organisation, Person, Position
from branches.permissions import can_administer_accounts
from branches.rights import rights_of
from branches.services import words
from core.actor import Actor
from core.errors import Conflict
from core.services import audit

ADMINISTRATIVE = {Right.ADMINISTER_SYSTEM, Right.ADMINISTER_ACCOUNTS, Right.READ_AUDIT}


def appoint(
    *,
    actor: Officer,
    person: Person,
    organisation: Organisation,
    role: str,
    starts_on: date,
    ends_on: date | None = None,
    sent_by: Organisation | None = None,
) -> Appointment:
    """Put a person into a position from a day on; nobody appoints herself. `sent_by`: her department."""
    can_administer_accounts(actor, person).require()
    return record_appointment(
        actor=actor,
        person=person,
        organisation=organisation,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        sent_by=sent_by,
    )


def record_appointment(
    *,
    actor: Actor,
    person: Person,
    organisation: Organisation,
    role: str,
    starts_on: date,
    ends_on: date | None = None,
    sent_by: Organisation | None = None,
) -> Appointment:
    """The same; the caller has asked for the permit."""
    _check_post(organisation, role, starts_on, ends_on)
    _check_sender(role, sent_by)
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        _check_beside_others(person, organisation, role, starts_on, ends_on)
        position = Position.objects.get_or_create(organisation=organisation, role=role)[0]
        appointment = Appointment.objects.create(
            position=position, person=person, starts_on=starts_on, ends_on=ends_on, sent_by=sent_by
        )
        payload = {
            "person": person.pk,
            "organisation": organisation.code,
            "role": role,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "sent_by": sent_by.code if sent_by else None,
        }
        audit.record(actor=actor, verb="branches.appoint", subject=appointment, payload=payload)
    return appointment


def end_appointment(*, actor: Officer, appointment: Appointment, ends_on: date) -> Appointment:
    """The last day is the one before `ends_on`; an end on record can only be brought forward."""
    can_administer_accounts(actor, appointment.person).require()
    with transaction.atomic():
        appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
        if appointment.ends_on is not None and appointment.ends_on <= ends_on:
            raise Conflict(f"该任职已登记于{appointment.ends_on:%Y-%m-%d}离任。")
        if ends_on <= appointment.starts_on:
            raise words.invalid("ends_on", "离任日期须晚于任职日期。")
        before, appointment.ends_on = appointment.ends_on, ends_on
        appointment.save(update_fields=["ends_on"])
        payload = {"before": before, "after": ends_on}
        audit.record(actor=actor, verb="branches.end_appointment", subject=appointment, payload=payload)
    return appointment


def _check_post(organisation: Organisation, role: str, starts_on: date, ends_on: date | None) -> None:
    if role not in Role.values or not rights_of(organisation, role):
        raise words.invalid("role", "该党组织不设这个岗位。")
    if not organisation.stands_on(starts_on):
        raise words.invalid("starts_on", "该党组织在任职之日不存在。")
    if ends_on is not None and ends_on <= starts_on:
        raise words.invalid("ends_on", "离任日期须晚于任职日期。")


def _check_sender(role: str, sent_by: Organisation | None) -> None:
    if sent_by is None:
        return
    if role != Role.FIRST_SECRETARY:
        raise words.invalid("sent_by", "只有第一书记由部门选派。")
    if sent_by.kind != OrganisationKind.DEPARTMENT:
        raise words.invalid("sent_by", "选派单位须是部门。")


def _check_beside_others(
    person: Person, organisation: Organisation, role: str, starts_on: date, ends_on: date | None
) -> None:
    """No position twice at a time; the three administrators are three people who do nothing else."""
    beside = person.appointments.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on))
    if ends_on is not None:
        beside = beside.filter(starts_on__lt=ends_on)
    new_rights = rights_of(organisation, role)
    for held in beside.select_related("position__organisation"):
        if held.position.organisation_id == organisation.pk and held.position.role == role:
            raise Conflict("该人员在此期间已任这个岗位。")
        if ADMINISTRATIVE & (new_rights | rights_of(held.position.organisation, held.position.role)):
            raise Conflict("系统、安全、审计管理员须由三人分别担任，且不得兼任其他岗位。")
