"""How many of the 5+3 posts a community should have and has: counts from a day on, no names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from branches.acting import Officer
from branches.models import Organisation
from core import clock
from core.errors import Conflict, Invalid, PortalError
from core.immutability import row_digests
from core.services import audit
from grids.models import PostCount
from grids.permissions import can_keep_ground
from grids.services.bulk import STALE, Kept, fetch_links, note_refusal, parts, raise_refusals
from grids.services.locks import lock_communities
from grids.services.rows import name_rows, tidy, values_of


@dataclass(frozen=True, slots=True)
class WantedCount:
    """A count as it should be; `seen` is the last one that was looked at, None for a post without any; see `Wanted`."""

    line: str
    row: PostCount
    seen: int | None


def series_of(community: Organisation, kind: str) -> str:
    """What ties the counts of one post of one community together."""
    return f"{community.code}:{kind}"


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
    lock_communities([community.pk])
    row = PostCount(
        community=community,
        kind=kind,
        starts_on=starts_on,
        required=required,
        filled=filled,
        party_members=party_members,
        reason=reason,
    )
    _write(actor, row, latest_counts([series_of(community, kind)]))
    payload = {"after": values_of(row), "row_digests": row_digests([row])}
    audit.record(actor=actor, verb="grids.record_post_count", subject=row, payload=payload)
    return row


@transaction.atomic
def keep_post_counts(*, actor: Officer, wanted: Sequence[WantedCount], source: str) -> Kept:
    """Many counts in one act with one audit entry; RowsRefused or RowsStale with everything that is wrong."""
    fetch_links([one.row for one in wanted])
    communities = {one.row.community_id: one.row.community for one in wanted}
    for community in communities.values():
        can_keep_ground(actor, community).require()
    lock_communities(communities)
    latest = latest_counts({series_of(one.row.community, one.row.kind) for one in wanted})
    seen = {series: count.pk for series, count in latest.items()}
    errors: dict[str, list[str]] = defaultdict(list)
    stale: dict[str, list[str]] = {}
    for one in wanted:
        if one.seen != seen.get(series_of(one.row.community, one.row.kind)):
            stale[f"{one.line}:"] = [STALE]
            continue
        try:
            _write(actor, one.row, latest)
        except PortalError as refusal:
            note_refusal(errors, one.line, refusal)
    raise_refusals(errors, stale)
    _tell(actor, [one.row for one in wanted], source)
    return Kept(recorded=sum(one.seen is None for one in wanted), changed=sum(one.seen is not None for one in wanted))


def latest_counts(series: Iterable[str]) -> dict[str, PostCount]:
    """The newest count of each post, by series."""
    found = PostCount.objects.latest_ones()
    return {count.series: count for part in parts(sorted(series)) for count in found.filter(series__in=part)}


def _tell(actor: Officer, rows: Sequence[PostCount], source: str) -> None:
    if not rows:
        return
    told = [{"id": row.pk, "after": values_of(row)} for row in rows]
    payload = {
        "model": PostCount._meta.label_lower,
        "source": source,
        "rows": told,
        "row_digests": row_digests(rows),
    }
    entry = audit.record(actor=actor, verb="grids.keep_post_counts", payload=payload)
    name_rows(entry, PostCount, [row.pk for row in rows])


def _write(actor: Officer, row: PostCount, latest: dict[str, PostCount]) -> None:
    """Check against the latest count and write, which then is the latest; Invalid or Conflict before."""
    row.series, row.recorded_by = series_of(row.community, row.kind), actor.appointment
    _check(row, latest.get(row.series))
    row.save(force_insert=True)
    latest[row.series] = row


def _check(row: PostCount, latest: PostCount | None) -> None:
    """Sets the revision; Invalid or Conflict before anything is written."""
    if row.starts_on > clock.today():
        raise Invalid("日期不能晚于今天。", {"starts_on": ["日期不能晚于今天。"]})
    if latest is not None and latest.starts_on > row.starts_on:
        raise Conflict(f"{latest.starts_on:%Y-%m-%d} 已有较新的登记，请从那一天起改。")
    if latest is not None and figures_of(latest) == figures_of(row):
        raise Conflict("与现有登记相同，没有变化。")
    row.revision = latest.revision + 1 if latest is not None and latest.starts_on == row.starts_on else 1
    tidy(row)


def figures_of(row: PostCount) -> tuple[int, int, int | None]:
    """What a count says."""
    return row.required, row.filled, row.party_members
