"""Every write to a ground row: recorded, changed, voided, confirmed; each an audit entry in the same transaction.

A row arrives as an unsaved or changed model instance whose values came from a form, a file or a service. It is
cleaned, checked against its constraints and the rules of `grids.services.checks`, and kept whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction

from branches.acting import Officer
from branches.services.personal import keyed_digests
from core import clock
from core.errors import Conflict, Invalid
from core.models import AuditEntry
from core.services import audit
from core.text import check_private, clean_text
from grids.models import ActRow
from grids.models.base import GroundRow, KeptRow
from grids.permissions import can_keep_row
from grids.services.checks import check_row
from grids.services.locks import lock_communities

Row = TypeVar("Row", bound=KeptRow)

PERSONAL = {"grids.GroundContact": ("name", "work_phone")}
HIDDEN = {"id", "key", "version", "recorded_at", "recorded_by"}
REASON_LENGTH = 200


@transaction.atomic
def record_row(*, actor: Officer, row: Row) -> Row:
    """Keep a new row; the same form sent twice (by its `key`) is the row that is there."""
    can_keep_row(actor, row).require()
    _lock_scope(row)
    there: Any = type(row).objects.filter(key=row.key).first()
    if there is not None:
        return cast(Row, there)
    row.recorded_by = actor.appointment
    row.confirmed_on = row.confirmed_on or clock.today()
    tidy(row)
    check_row(row)
    row.save(force_insert=True)
    audit.record(actor=actor, verb="grids.record", subject=row, payload={"after": values_of(row)})
    return row


@transaction.atomic
def change_row(*, actor: Officer, row: Row, version: int) -> Row:
    """Keep the changed values of a row the caller saw in `version`; Conflict when somebody was faster."""
    can_keep_row(actor, row).require()
    stored = _locked(row, version)
    can_keep_row(actor, stored).require()
    tidy(row)
    check_row(row)
    payload = difference(stored, row)
    if not payload:
        return row
    row.version, row.confirmed_on = version + 1, clock.today()
    row.save()
    audit.record(actor=actor, verb="grids.change", subject=row, payload=payload)
    return row


@transaction.atomic
def void_row(*, actor: Officer, row: Row, version: int, reason: str) -> Row:
    """Take a mistaken row out of every list and figure; it stays readable with its reason."""
    can_keep_row(actor, row).require()
    return write_void(actor, _locked(row, version), reason)


def write_void(actor: Officer, stored: Row, reason: str, *, label: str = "作废原因", verb: str = "grids.void") -> Row:
    """Void a locked row for a stated reason, with the audit entry of the act; the caller has asked for the permit."""
    reason = clean_text(reason, max_length=REASON_LENGTH, label=label, is_single_line=True)
    check_private(reason, label=label)
    if not reason:
        raise Invalid(f"请填写{label}。", {"reason": [f"请填写{label}。"]})
    stored.voided_at, stored.void_reason, stored.version = clock.now(), reason, stored.version + 1
    stored.save(update_fields=["voided_at", "void_reason", "version"])
    audit.record(actor=actor, verb=verb, subject=stored, payload={"reason": reason})
    return stored


@transaction.atomic
def confirm_rows(*, actor: Officer, rows: Sequence[Row], on: date | None = None) -> int:
    """Say that rows were looked at and are still true; one entry for the act. Returns how many."""
    day = on or clock.today()
    if day > clock.today():
        raise Invalid("确认日期不能晚于今天。")
    model = type(rows[0]) if rows else None
    if model is None:
        return 0
    require_keeping(actor, rows)
    lock_communities(row.community_id for row in rows if isinstance(row, GroundRow))
    ids = sorted(row.pk for row in rows)
    count: int = model.objects.standing().filter(pk__in=ids).update(confirmed_on=day)
    payload = {"model": model._meta.label_lower, "ids": ids, "on": day}
    entry = audit.record(actor=actor, verb="grids.confirm", subject=None, payload=payload)
    name_rows(entry, model, ids)
    return count


def require_keeping(actor: Officer, rows: Iterable[KeptRow]) -> None:
    """Forbidden unless the officer may keep every row; asked once a community and grid."""
    places = {(getattr(row, "community_id", None), getattr(row, "grid_id", None)): row for row in rows}
    for row in places.values():
        can_keep_row(actor, row).require()


def name_rows(entry: AuditEntry, model: type[models.Model], ids: Iterable[int]) -> None:
    """So that the history of each row finds an act that names many."""
    label = model._meta.label_lower
    ActRow.objects.bulk_create([ActRow(model=label, row_id=pk, entry_seq=entry.seq) for pk in ids], batch_size=500)


def difference(stored: models.Model, row: models.Model) -> dict[str, dict[str, Any]]:
    """{"before": …, "after": …} of the columns that differ; empty when none does."""
    before, after = values_of(stored), values_of(row)
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        return {}
    return {"before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed}}


def tidy(row: models.Model) -> None:
    """Clean every typed text of a row in place, refuse what may identify a resident; Invalid by field."""
    errors: dict[str, list[str]] = {}
    for field in typed_texts(row):
        label = str(field.verbose_name)
        try:
            text = clean_text(
                getattr(row, field.name), max_length=field.max_length or 200, label=label, is_single_line=True
            )
            setattr(row, field.name, text if field.name == "work_phone" else check_private(text, label=label))
        except Invalid as refusal:
            errors[field.name] = [refusal.message]
    if errors:
        raise Invalid("；".join(message for found in errors.values() for message in found), errors)
    validate(row)


def typed_texts(row: models.Model) -> Iterable[models.CharField]:
    """The columns a person types text into."""
    for field in row._meta.concrete_fields:
        if isinstance(field, models.CharField) and field.editable and not field.choices:
            yield field


def validate(row: models.Model) -> None:
    """Field rules and constraints of the model as one Invalid with Chinese messages by field."""
    links = {field.name for field in row._meta.concrete_fields if field.is_relation and _points(row, field)}
    excluded = links | {"recorded_by", "key"}
    try:
        row.clean_fields(exclude=excluded)
        row.clean()
        row.validate_unique(exclude=excluded)
        row.validate_constraints()
    except ValidationError as error:
        errors = {
            ("" if name == "__all__" else name): [str(message) for message in messages]
            for name, messages in error.message_dict.items()
        }
        text = "；".join(_named(row, name, message) for name, found in errors.items() for message in found)
        raise Invalid(text, errors) from error


def _points(row: models.Model, field: Any) -> bool:
    """Filled in: the id came from a choice, and the database holds it to a row that is there."""
    return getattr(row, field.attname) is not None


def values_of(row: models.Model) -> dict[str, Any]:
    """The columns of a row as the audit keeps them: amounts as text, what is personal as keyed digests."""
    personal = PERSONAL.get(row._meta.label, ())
    found: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.name not in HIDDEN:
            value = getattr(row, field.attname)
            found[field.attname] = value if isinstance(value, int | bool | str | None) else str(value)
    found.update(keyed_digests(**{name: str(found[name]) for name in personal}))
    return found


def _lock_scope(row: KeptRow) -> None:
    """One writer at a time in a community; shared rows are few, their constraints suffice."""
    if isinstance(row, GroundRow):
        lock_communities([row.community_id])


def _locked(row: Row, version: int) -> Row:
    _lock_scope(row)
    stored = cast(Row, type(row).objects.select_for_update().get(pk=row.pk))
    if stored.voided_at is not None:
        raise Conflict("这条登记已作废，不能再改。")
    if stored.version != version:
        raise Conflict("这条登记刚被别人改过，请刷新后再改，没有覆盖任何内容。")
    return stored


def _named(row: models.Model, name: str, message: str) -> str:
    return f"{row._meta.get_field(name).verbose_name}：{message}" if name else message  # type: ignore[union-attr]
