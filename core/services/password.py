"""Changing one's own password."""

from __future__ import annotations

from django.db import transaction
from knox.models import AuthToken

from core.actor import Actor
from core.models import User
from core.services import audit


@transaction.atomic
def change_password(*, actor: Actor, user: User, password: str) -> None:
    """Set an already validated password; other sessions and all tokens end. The audit never says what it is."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    AuthToken.objects.filter(user=user).delete()
    audit.record(actor=actor, verb="core.change_password", subject=user)
