"""What lies in front of one account."""

from __future__ import annotations

from core.models import Notification, User

SHOWN = 3


def waiting_notifications(user: User) -> list[Notification]:
    """The newest ones not yet put away, a few."""
    return list(Notification.objects.filter(recipient=user, read_at__isnull=True)[:SHOWN])
