"""The order in which every act on the ground takes its locks: communities, then rows, the audit chain last.

So whoever waits for a row or for the chain holds nothing that the other one still needs.
"""

from __future__ import annotations

from collections.abc import Iterable

from branches.models import Organisation
from grids.services.kinds import PlaceKind


def lock_communities(ids: Iterable[int]) -> None:
    """One writer at a time in each community, always in the same order.

    Rows that point at the community may be written beside it (`no_key`): they are checked when their act ends, holding
    the chain that this one waits for.
    """
    wanted = sorted(set(ids))
    found = Organisation.objects.select_for_update(no_key=True).filter(pk__in=wanted)
    list(found.order_by("pk").values_list("pk"))


def lock_holders(kind: PlaceKind, ids: Iterable[int]) -> None:
    """The organisations on whose ground these places stand, by their newest states."""
    latest = kind.state.objects.latest_ones().filter(**{f"{kind.subject}__in": list(ids)})
    lock_communities(latest.values_list(f"{kind.holder}_id", flat=True))
