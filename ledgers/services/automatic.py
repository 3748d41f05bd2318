"""Issuing unasked: off until an officer switches it on, under her name and with her rights of that day."""

from __future__ import annotations

from django.db import transaction

from branches.acting import Officer
from branches.permissions import appointments_of
from branches.selectors.officers import officer_in
from core import clock
from core.errors import PortalError
from core.services import audit
from ledgers.models import AutomaticIssue, LedgerBatch
from ledgers.permissions import can_issue
from ledgers.services.issue import issue_ledgers
from scoring.models import ProgrammeYear, Publication

LEFT = "开启自动签发的人已不在原岗位，请区创建办重新开启。"


@transaction.atomic
def switch_automatic(*, actor: Officer, year: ProgrammeYear, is_on: bool) -> AutomaticIssue:
    """Switch it for a year; whoever switches answers for what is issued."""
    can_issue(actor).require()
    changed = {"is_on": is_on, "fault": "", "at": clock.now()}
    changed |= {"switched_by": actor.person, "appointment": actor.appointment}
    setting, _ = AutomaticIssue.objects.update_or_create(year=year, defaults=changed)
    audit.record(actor=actor, verb="ledgers.switch_automatic", subject=setting, payload={"is_on": is_on})
    return setting


def issue_published() -> int:
    """Start a batch for every year's latest publication that has none; returns how many. Failures wait for people."""
    settings = AutomaticIssue.objects.filter(is_on=True, year__programme__is_practice=False)
    rows = settings.select_related("year", "switched_by__user").order_by("pk")
    return sum(_issue_latest(setting) for setting in rows)


def _issue_latest(setting: AutomaticIssue) -> bool:
    publication = _waiting(setting.year)
    if publication is None:
        return False
    try:
        officer = _officer(setting)
        if officer is not None:
            issue_ledgers(actor=officer, publication=publication)
        fault = "" if officer else LEFT
    except PortalError as refusal:
        fault = refusal.message
    AutomaticIssue.objects.filter(pk=setting.pk).update(fault=fault)
    return not fault


def _waiting(year: ProgrammeYear) -> Publication | None:
    """The year's latest publication, unless somebody has started its ledgers already."""
    rows = Publication.objects.filter(period__programme=year.programme_id, period__month__year=year.year)
    latest = rows.select_related("period__programme").order_by("-period__month", "-number").first()
    if latest is None or LedgerBatch.objects.filter(publication=latest).exists():
        return None
    return latest


def _officer(setting: AutomaticIssue) -> Officer | None:
    """Who switched it on, in the post she did it in, if she still holds it."""
    user = setting.switched_by.user
    held = appointments_of(user) if user is not None and user.is_active else []
    appointment = next((one for one in held if one.pk == setting.appointment_id), None)
    return officer_in(appointment) if appointment else None
