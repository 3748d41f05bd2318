"""Short texts for people: written once a day and kind, put away by their recipient. No mail, no message leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from django.db.models import Count

from core import clock
from core.models import Notification, User


def notify(*, texts: Mapping[int, str], kind: str, day: date, ceiling: int) -> int:
    """Write a text for each account (by id) that has none of this kind today and fewer than `ceiling` this month.

    Run twice it writes nothing the second time. Gives how many were written.
    """
    month = Notification.objects.filter(kind=kind, day__year=day.year, day__month=day.month, recipient__in=texts)
    had = Counter(dict(month.order_by().values_list("recipient").annotate(written=Count("pk"))))
    today = set(month.filter(day=day).values_list("recipient_id", flat=True))
    wanted = [pk for pk in texts if pk not in today and had[pk] < ceiling]
    Notification.objects.bulk_create(
        (Notification(recipient_id=pk, kind=kind, day=day, text=texts[pk], created_at=clock.now()) for pk in wanted),
        ignore_conflicts=True,
    )
    return len(wanted)


def put_away(*, user: User, notification: Notification) -> None:
    """Its recipient has seen it; that is nobody else's business, so no audit entry."""
    Notification.objects.filter(pk=notification.pk, recipient=user, read_at__isnull=True).update(read_at=clock.now())
