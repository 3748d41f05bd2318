"""Accepting what a coverage check found, for a stated reason and a time, and taking that back."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from branches.acting import Officer
from branches.models import Organisation
from core import clock
from core.errors import Conflict
from core.services import audit
from grids.models import AcceptedException
from grids.permissions import can_accept_finding
from grids.selectors.checks import findings
from grids.services.kinds import check_day, invalid
from grids.services.locks import lock_communities
from grids.services.rows import tidy, values_of, write_void


@transaction.atomic
def accept_finding(
    *, actor: Officer, community: Organisation, check_name: str, subject: str, reason: str, until: date | None
) -> AcceptedException:
    """The street or the creation office takes a finding as explained until a day; Conflict when there is none."""
    can_accept_finding(actor, community).require()
    lock_communities([community.pk])
    found = [one for one in findings(clock.today(), [community.pk]) if one.key == (check_name, subject)]
    if not found or not found[0].check.can_be_accepted:
        raise Conflict("没有这一项可认可的核查结果，可能已经改好，请刷新。")
    if found[0].exception is not None:
        raise Conflict("这一项已经认可过。")
    if until is not None and check_day(until, "until") < clock.today():
        raise invalid("until", "有效期不能早于今天。")
    row = AcceptedException(community=community, check_name=check_name, subject=subject, reason=reason, until=until)
    row.recorded_by, row.confirmed_on = actor.appointment, clock.today()
    tidy(row)
    row.save(force_insert=True)
    audit.record(actor=actor, verb="grids.accept", subject=row, payload={"after": values_of(row)})
    return row


@transaction.atomic
def withdraw_exception(*, actor: Officer, exception: AcceptedException, reason: str) -> AcceptedException:
    """Who may accept may also take it back: the finding counts again. Conflict when it was taken back already."""
    can_accept_finding(actor, exception.community).require()
    stored: AcceptedException = AcceptedException.objects.select_for_update().get(pk=exception.pk)
    if stored.voided_at is not None:
        raise Conflict("这一项例外已经撤回。")
    return write_void(actor, stored, reason, label="撤回原因", verb="grids.withdraw_exception")
