"""Renaming, moving and re-classing: a dated placement each, never an overwrite.

A change holds from its day on, also past placements already recorded for later days: those get a revision with the
new value, until one that had changed the same thing itself.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from branches.acting import Officer
from branches.calc.search_keys import search_keys
from branches.choices import Level, OrganisationKind, PartyForm, Track
from branches.models import Organisation, Placement
from branches.permissions import can_keep_chain
from branches.services import words
from branches.services.ancestry import rebuild_ancestry
from core.actor import Actor
from core.errors import Conflict
from core.immutability import row_digests
from core.services import audit

Values = dict[str, Any]


def rename_organisation(
    *, actor: Officer, organisation: Organisation, name: str, starts_on: date, document_no: str, reason: str
) -> Placement:
    """A new name from a day on."""
    can_keep_chain(actor).require()
    changes = {"name": words.organisation_name(name)}
    return record_change(
        actor=actor,
        verb="branches.rename",
        organisation=organisation,
        changes=changes,
        starts_on=starts_on,
        document_no=document_no,
        reason=reason,
    )


def move_organisation(
    *, actor: Officer, organisation: Organisation, parent: Organisation, starts_on: date, document_no: str, reason: str
) -> Placement:
    """A new parent from a day on; whatever stands below comes along."""
    can_keep_chain(actor).require()
    return record_change(
        actor=actor,
        verb="branches.move",
        organisation=organisation,
        changes={"parent_id": parent.pk},
        starts_on=starts_on,
        document_no=document_no,
        reason=reason,
    )


def change_track(
    *, actor: Officer, organisation: Organisation, track: str, starts_on: date, document_no: str, reason: str
) -> Placement:
    """Urban or agricultural from a day on; communities only."""
    can_keep_chain(actor).require()
    check_track(organisation.level, track)
    return record_change(
        actor=actor,
        verb="branches.change_track",
        organisation=organisation,
        changes={"track": track},
        starts_on=starts_on,
        document_no=document_no,
        reason=reason,
    )


def change_form(
    *, actor: Officer, organisation: Organisation, form: str, starts_on: date, document_no: str, reason: str
) -> Placement:
    """Another form of Party organisation from a day on."""
    can_keep_chain(actor).require()
    if form not in PartyForm.values:
        raise words.invalid("form", "请选择列表中的组织形式。")
    return record_change(
        actor=actor,
        verb="branches.change_form",
        organisation=organisation,
        changes={"form": form},
        starts_on=starts_on,
        document_no=document_no,
        reason=reason,
    )


def change_class(
    *,
    actor: Officer,
    organisation: Organisation,
    starts_on: date,
    document_no: str,
    reason: str,
    form: str,
    track: str | None = None,
) -> Placement:
    """Track and form by one document, in one placement."""
    can_keep_chain(actor).require()
    if form not in ("", *PartyForm.values):
        raise words.invalid("form", "请选择列表中的组织形式。")
    changes = {"form": form}
    if track is not None:
        check_track(organisation.level, track)
        changes["track"] = track
    return record_change(
        actor=actor,
        verb="branches.change_class",
        organisation=organisation,
        changes=changes,
        starts_on=starts_on,
        document_no=document_no,
        reason=reason,
    )


def record_change(
    *,
    actor: Actor,
    verb: str,
    organisation: Organisation,
    changes: Values,
    starts_on: date,
    document_no: str,
    reason: str,
) -> Placement:
    """Write the placement of that day and the revisions of later ones. The caller has asked for the permit."""
    document_no, reason = words.document_and_reason(document_no, reason)
    with transaction.atomic():
        organisation, parent = _lock(organisation, changes.get("parent_id"))
        history = list(organisation.placements.current().order_by("starts_on"))
        present = _present(organisation, history, starts_on)
        changes = {column: value for column, value in changes.items() if getattr(present, column) != value}
        before = {column: getattr(present, column) for column in changes}
        if not changes:
            raise Conflict("与当日登记相同，没有变化。")
        if "parent_id" in changes:
            check_parent(organisation.kind, organisation.level, parent, starts_on)
        written = [_copy(present, changes, starts_on=starts_on, document_no=document_no, reason=reason)]
        written += _carried(history, before, changes, starts_on)
        written = Placement.objects.bulk_create(written)
        rebuild_ancestry([organisation.pk])
        payload = {
            "code": organisation.code,
            "starts_on": starts_on,
            "document_no": document_no,
            "reason": reason,
            "before": before,
            "after": changes,
            "row_digests": row_digests(written),
        }
        audit.record(actor=actor, verb=verb, subject=organisation, payload=payload)
    return written[0]


def check_parent(kind: str, level: int | None, parent: Organisation | None, day: date) -> None:
    """A parent is exactly one level up (so there are no circles), stands on that day and is not about to close."""
    if level == Level.DISTRICT:
        if parent is not None:
            raise words.invalid("parent", "区委没有上级。")
        return
    wanted = Level.DISTRICT if kind != OrganisationKind.CHAIN or level is None else Level(level - 1)
    if parent is None or parent.kind != OrganisationKind.CHAIN or parent.level != wanted:
        raise words.invalid("parent", f"上级须为{wanted.label}。")
    if parent.opened_on > day:
        raise words.invalid("parent", "上级在该日尚未成立。")
    if parent.closed_on is not None:
        raise words.invalid("parent", f"上级已登记于{parent.closed_on:%Y-%m-%d}撤销。")


def check_track(level: int | None, track: str) -> None:
    """A community has a track; nothing else has one."""
    if level == Level.COMMUNITY and track not in Track.values:
        raise words.invalid("track", "社区须注明城市社区或涉农社区。")
    if level != Level.COMMUNITY and track:
        raise words.invalid("track", "只有社区区分城市与涉农。")


def _lock(organisation: Organisation, parent_id: int | None) -> tuple[Organisation, Organisation | None]:
    ids = [pk for pk in (organisation.pk, parent_id) if pk is not None]
    rows = {row.pk: row for row in Organisation.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    return rows[organisation.pk], rows.get(parent_id) if parent_id is not None else None


def _present(organisation: Organisation, history: list[Placement], day: date) -> Placement:
    if day < organisation.opened_on:
        raise words.invalid("starts_on", f"该党组织成立于{organisation.opened_on:%Y-%m-%d}，生效日期不能更早。")
    if not organisation.stands_on(day):
        raise Conflict(f"该党组织已于{organisation.closed_on:%Y-%m-%d}撤销。")
    return [placement for placement in history if placement.starts_on <= day][-1]


def _carried(history: list[Placement], before: Values, changes: Values, day: date) -> list[Placement]:
    """Revisions of later placements that still carried the old value."""
    moving, revisions = dict(changes), []
    for placement in history:
        if placement.starts_on <= day:
            continue
        moving = {column: value for column, value in moving.items() if getattr(placement, column) == before[column]}
        if moving:
            revisions.append(_copy(placement, moving, starts_on=placement.starts_on))
    return revisions


def _copy(placement: Placement, changes: Values, **columns: Any) -> Placement:
    kept = ("organisation_id", "parent_id", "name", "form", "track", "display_order", "document_no", "reason")
    values = {column: getattr(placement, column) for column in kept} | changes | columns
    is_same_day = values["starts_on"] == placement.starts_on
    return Placement(
        **values,
        revision=placement.revision + 1 if is_same_day else 1,
        search_keys=search_keys(values["name"]),
    )
