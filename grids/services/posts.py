"""How many of the 5+3 posts a community should have and has: counts from a day on, no names."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from branches.acting import Officer
from branches.models import Organisation
from core import clock
from core.errors import Conflict, Invalid
from core.immutability import row_digests
from core.services import audit
from grids.models import PostCount
from grids.permissions import can_keep_ground
from grids.services.rows import tidy, values_of


@transaction.atomic
def record_post_count(
    *,
    actor: Officer,
    community: Organisation,
    kind: str,
    starts_on: date,
    required: int,
    filled: int,
    party_members: int | None = None,
    reason: str = "",
) -> PostCount:
    """What holds from a day on; the same day again corrects it, the same figures again are refused."""
    can_keep_ground(actor, community).require()
    Organisation.objects.select_for_update().get(pk=community.pk)
    row = PostCount(
        community=community,
        kind=kind,
        series=f"{community.code}:{kind}",
        starts_on=starts_on,
        required=required,
        filled=filled,
        party_members=party_members,
        reason=reason,
        recorded_by=actor.appointment,
    )
    _check(row)
    row.save(force_insert=True)
    payload = {"after": values_of(row), "row_digests": row_digests([row])}
    audit.record(actor=actor, verb="grids.record_post_count", subject=row, payload=payload)
    return row


def _check(row: PostCount) -> None:
    """Sets the revision; Invalid or Conflict before anything is written."""
    if row.starts_on > clock.today():
        raise Invalid("日期不能晚于今天。", {"starts_on": ["日期不能晚于今天。"]})
    latest = PostCount.objects.latest_ones().filter(series=row.series).first()
    if latest is not None and latest.starts_on > row.starts_on:
        raise Conflict(f"{latest.starts_on:%Y-%m-%d} 已有较新的登记，请从那一天起改。")
    if latest is not None and _figures(latest) == _figures(row):
        raise Conflict("与现有登记相同，没有变化。")
    row.revision = latest.revision + 1 if latest is not None and latest.starts_on == row.starts_on else 1
    tidy(row)


def _figures(row: PostCount) -> tuple[int, int, int | None]:
    return row.required, row.filled, row.party_members
