"""Post-holders: a name and a work phone."""

from __future__ import annotations

import re

from django.db import transaction

from branches.acting import Officer
from branches.models import Organisation, Person
from branches.permissions import can_administer_accounts, can_unmask_contacts
from branches.services import words
from branches.services.personal import keyed_digests
from core.actor import Actor
from core.services import audit

NAME_LENGTH = 40
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,28}", re.ASCII)


def add_person(*, actor: Officer, name: str, work_phone: str = "") -> Person:
    """A new holder of appointments, without an account yet."""
    can_administer_accounts(actor).require()
    return record_person(actor=actor, name=name, work_phone=work_phone)


def record_person(*, actor: Actor, name: str, work_phone: str = "") -> Person:
    """The same; the caller has asked for the permit."""
    name = words.required(name, field="name", label="姓名", max_length=NAME_LENGTH)
    work_phone = _clean_phone(work_phone)
    with transaction.atomic():
        person = Person.objects.create(name=name, work_phone=work_phone)
        audit.record(
            actor=actor,
            verb="branches.add_person",
            subject=person,
            payload={"personal": keyed_digests(name=name, work_phone=work_phone)},
        )
    return person


def unmask_contact(*, actor: Officer, person: Person, organisation: Organisation, reason: str) -> str:
    """The work phone of a post-holder outside the own subtree: for a stated reason, which is kept."""
    can_unmask_contacts(actor).require()
    reason = words.required(reason, field="reason", label="查看原因", max_length=words.REASON_LENGTH)
    with transaction.atomic():
        payload = {"organisation": organisation.code, "reason": reason, "fields": ["work_phone"]}
        audit.record(actor=actor, verb="branches.unmask_contact", subject=person, payload=payload)
    return person.work_phone


def _clean_phone(text: str) -> str:
    phone = words.optional(text, field="work_phone", label="工作电话", max_length=30)
    if phone and not _PHONE.fullmatch(phone):
        raise words.invalid("work_phone", "工作电话只能用数字、空格、括号和连字符。")
    return phone
