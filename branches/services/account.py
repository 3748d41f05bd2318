"""Log-in accounts of people: opened, disabled, enabled and given a new password by the security administrator."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from axes.models import AccessAttempt
from django.db import transaction
from knox.models import AuthToken

from branches.acting import Officer
from branches.models import Organisation, Person
from branches.permissions import can_administer_accounts
from branches.services import words
from branches.services.appointment import appoint
from branches.services.person import add_person
from core.actor import Actor
from core.errors import Conflict
from core.models import User
from core.services import audit

ONE_TIME_BYTES = 9
_USERNAME = re.compile(r"[a-z][a-z0-9.-]{2,59}", re.ASCII)


@dataclass(frozen=True)
class IssuedAccount:
    """An account and the password to hand over once; it is not kept anywhere."""

    user: User
    password: str


def open_account(*, actor: Officer, person: Person, username: str, encoded_password: str = "") -> IssuedAccount:
    """An account for a person who has none. The one-time password must be changed at the first log-in.

    `encoded_password` is for sample accounts that share one password, hashed once.
    """
    can_administer_accounts(actor, person).require()
    return record_account(actor=actor, person=person, username=username, encoded_password=encoded_password)


def record_account(*, actor: Actor, person: Person, username: str, encoded_password: str = "") -> IssuedAccount:
    """The same; the caller has asked for the permit."""
    username = _checked_username(username)
    password = "" if encoded_password else secrets.token_urlsafe(ONE_TIME_BYTES)
    with transaction.atomic():
        person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        if person.user_id is not None:
            raise Conflict("该人员已有账号。")
        if User.objects.filter(username=username).exists():
            raise Conflict(f"账号“{username}”已被使用。")
        user = User(username=username, must_change_password=bool(password), password=encoded_password)
        if password:
            user.set_password(password)
        user.save(force_insert=True)
        person.user = user
        person.save(update_fields=["user"])
        audit.record(
            actor=actor,
            verb="branches.open_account",
            subject=user,
            payload={"username": username, "person": person.pk},
        )
    return IssuedAccount(user, password)


def issue_account(
    *,
    actor: Officer,
    name: str,
    username: str,
    organisation: Organisation,
    role: str,
    starts_on: date,
    work_phone: str = "",
    sent_by: Organisation | None = None,
) -> tuple[Person, IssuedAccount]:
    """A new person with her first post and her account, all or nothing."""
    with transaction.atomic():
        person = add_person(actor=actor, name=name, work_phone=work_phone)
        appoint(actor=actor, person=person, organisation=organisation, role=role, starts_on=starts_on, sent_by=sent_by)
        issued = open_account(actor=actor, person=person, username=username)
        person.user = issued.user
    return person, issued


def disable_account(*, actor: Officer, user: User, reason: str) -> User:
    """Shut an account at once: its sessions and tokens end."""
    return _set_active(actor, user, reason, is_active=False)


def enable_account(*, actor: Officer, user: User, reason: str) -> User:
    """Open a disabled account again; nobody enables herself."""
    return _set_active(actor, user, reason, is_active=True)


def reset_password(*, actor: Officer, user: User) -> IssuedAccount:
    """A new one-time password; sessions and tokens of the account end, and so does a lock-out."""
    _permit(actor, user)
    password = secrets.token_urlsafe(ONE_TIME_BYTES)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        AuthToken.objects.filter(user=user).delete()
        AccessAttempt.objects.filter(username=user.username).delete()
        audit.record(actor=actor, verb="branches.reset_password", subject=user, payload={"username": user.username})
    return IssuedAccount(user, password)


def issue_token(*, actor: Actor, user: User) -> str:
    """A token for the API, shown once; only its digest is kept."""
    if not user.is_active:
        raise Conflict("该账号已停用。")
    with transaction.atomic():
        row, token = AuthToken.objects.create(user)
        payload = {"username": user.username, "token_key": row.token_key, "expires_at": row.expiry}
        audit.record(actor=actor, verb="branches.issue_token", subject=user, payload=payload)
    return token


def _set_active(actor: Officer, user: User, reason: str, *, is_active: bool) -> User:
    _permit(actor, user)
    reason = words.required(reason, field="reason", label="原因", max_length=words.REASON_LENGTH)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.is_active is is_active:
            raise Conflict("该账号已是启用状态。" if is_active else "该账号已是停用状态。")
        user.is_active = is_active
        user.save(update_fields=["is_active"])
        if not is_active:
            AuthToken.objects.filter(user=user).delete()
        payload: dict[str, Any] = {"username": user.username, "is_active": is_active, "reason": reason}
        audit.record(actor=actor, verb="branches.set_account_active", subject=user, payload=payload)
    return user


def _permit(actor: Officer, user: User) -> None:
    can_administer_accounts(actor, Person.objects.filter(user=user).first()).require()


def _checked_username(text: str) -> str:
    username = str(text or "").strip()
    if not _USERNAME.fullmatch(username):
        raise words.invalid("username", "账号以小写字母开头，只能用小写字母、数字、点和连字符，3至60位。")
    return username
