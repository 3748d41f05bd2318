"""Closing a place: only when nothing hangs on it any more."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from branches.acting import Officer
from branches.services import words
from core import guards
from core.errors import Conflict
from core.services import audit
from grids.models.grid import Standing
from grids.selectors.hanging import hanging_on
from grids.services.kinds import can_keep_place, check_day, invalid, kind_of
from grids.services.locks import lock_holders
from grids.services.places import history_of


@transaction.atomic
def close_place(*, actor: Officer, place: Standing, closed_on: date, document_no: str, reason: str) -> Standing:
    """Close from a day on. Conflict with the list of what still hangs on it, or while a month forbids it."""
    kind = kind_of(place)
    lock_holders(kind, [place.pk])
    place = kind.model._default_manager.select_for_update().get(pk=place.pk)
    latest = history_of(place)[-1]
    holder = kind.organisation_of(latest)
    can_keep_place(actor, kind, holder, getattr(latest, "grid", None)).require()
    document_no, reason = words.document_and_reason(document_no, reason)
    check_closing(place, latest.starts_on, check_day(closed_on, "closed_on"))
    guards.check(f"{kind.subject}.close", holder, closed_on)
    if rows := hanging_on(place, closed_on):
        raise Conflict(f"{place.code} 还有：{'；'.join(str(row) for row in rows)}。请先办结、终止或转出。")
    end_place(place, closed_on, document_no, reason)
    payload = {"code": place.code, "closed_on": closed_on, "document_no": document_no, "reason": reason}
    audit.record(actor=actor, verb="grids.close", subject=place, payload=payload)
    return place


def check_closing(place: Standing, last_state_on: date, day: date) -> None:
    """Not closed yet, set up before, and nothing recorded for that day or later."""
    if place.closed_on is not None:
        raise Conflict(f"{place.code} 已登记于 {place.closed_on:%Y-%m-%d} 撤销。")
    if day <= place.opened_on:
        raise invalid("closed_on", f"撤销日期须晚于设立日期 {place.opened_on:%Y-%m-%d}。")
    if last_state_on >= day:
        raise invalid("closed_on", f"{place.code} 在 {last_state_on:%Y-%m-%d} 还有登记，撤销日期须在其后。")


def end_place(place: Standing, day: date, document_no: str, reason: str) -> None:
    """Write the end of a place; what must be checked before is checked."""
    place.closed_on, place.closing_document_no, place.closing_reason = day, document_no, reason
    place.save(update_fields=["closed_on", "closing_document_no", "closing_reason"])
