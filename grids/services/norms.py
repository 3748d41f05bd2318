"""Norms are dated figures of the creation office; a later revision of a day corrects an earlier one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from branches.acting import Officer
from branches.models import Appointment
from core.errors import Invalid
from core.immutability import row_digests
from core.services import audit
from grids.choices import NormKey
from grids.models import Norm
from grids.permissions import can_keep_norms
from grids.services.rows import tidy

SAMPLE_DAY = date(2021, 1, 1)
SAMPLE_BASIS = "示例，待区委组织部确认"
# domain.md: about 300 households a grid and 30 square metres are found; the other figures are open.
SAMPLES: dict[str, tuple[Decimal, str]] = {
    NormKey.CENTRE_MIN_AREA: (Decimal(30), "红色治理阵地“六有”要求，使用面积不少于30平方米"),
    NormKey.GRID_HOUSEHOLDS: (Decimal(300), "约300户一个网格"),
    NormKey.GRID_HOUSEHOLDS_MIN: (Decimal(100), SAMPLE_BASIS),
    NormKey.GRID_HOUSEHOLDS_MAX: (Decimal(500), SAMPLE_BASIS),
    NormKey.STALE_DAYS: (Decimal(180), SAMPLE_BASIS),
    NormKey.ELECTION_NOTICE_DAYS: (Decimal(90), SAMPLE_BASIS),
}


@transaction.atomic
def record_norm(*, actor: Officer, key: str, starts_on: date, value: Decimal, basis: str) -> Norm:
    """A norm from a day on; the same day again is a correction. Invalid for a value below 0."""
    can_keep_norms(actor).require()
    row = _norm(actor.appointment, key, starts_on, value, basis)
    tidy(row)
    if row.value < 0:
        raise Invalid("数值不能小于 0。", {"value": ["数值不能小于 0。"]})
    if not row.basis:
        raise Invalid("请填写依据。", {"basis": ["请填写依据。"]})
    row.save(force_insert=True)
    payload = {"key": key, "starts_on": starts_on, "value": row.value, "row_digests": row_digests([row])}
    audit.record(actor=actor, verb="grids.norm", subject=row, payload=payload)
    return row


@transaction.atomic
def record_sample_norms(*, actor: Officer) -> int:
    """The values that ship, for norms that have none yet; those that no source gives are labelled as samples."""
    can_keep_norms(actor).require()
    known = set(Norm.objects.values_list("key", flat=True))
    missing = [(key, value, basis) for key, (value, basis) in SAMPLES.items() if key not in known]
    for key, value, basis in missing:
        record_norm(actor=actor, key=key, starts_on=SAMPLE_DAY, value=value, basis=basis)
    return len(missing)


def _norm(recorded_by: Appointment, key: str, starts_on: date, value: Decimal, basis: str) -> Norm:
    same_day = Norm.objects.filter(key=key, starts_on=starts_on)
    revision = (same_day.aggregate(last=Max("revision"))["last"] or 0) + 1
    return Norm(key=key, starts_on=starts_on, revision=revision, value=value, basis=basis, recorded_by=recorded_by)
