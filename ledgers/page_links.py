"""The way from a published month and its ranking to the ledgers of that month."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from branches.acting import Officer
from branches.choices import Right
from branches.permissions import has_right
from core.models import User
from ledgers.models import Ledger
from ledgers.permissions import can_print_paper
from scoring.models import Assessment, Period
from scoring.page_links import PageLink


def ledger_links(user: User, period: Period, place: str) -> Iterable[PageLink]:
    """To the office as soon as the month is published, to others once there is something to read."""
    if not period.is_published or place == "trial":
        return
    rows = Ledger.objects.visible_to(user).filter(publication__period=period)
    if has_right(user, Right.DIRECT) or rows.exists():
        yield "台账", f"{reverse('ledgers:ledgers')}?month={period.code}"


def paper_links(officer: Officer, assessment: Assessment) -> Iterable[PageLink]:
    """The sheet for the weekly meeting and the forms to print, to whoever may enter while the month is open."""
    if can_print_paper(officer, assessment):
        yield "会单和填报表", reverse("ledgers:weekly", args=[assessment.pk])
