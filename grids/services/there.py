"""Which places say just what a new one would say: asked before a preview, and again under the lock of its holder."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from grids.models.grid import Standing
from grids.services.kinds import PlaceKind


class There:
    """The standing places of some organisations, by what they say and by name."""

    def __init__(self, kind: PlaceKind, holders: set[int]) -> None:
        self.kind = kind
        self._saying: dict[Any, list[tuple[date, date, str]]] = defaultdict(list)
        self._named: dict[tuple[int, str], str] = {}
        ids = kind.state.objects.latest_ones().filter(**{f"{kind.holder}__in": holders}).values(kind.subject)
        found = kind.state.objects.current().filter(**{f"{kind.subject}__in": ids}).select_related(kind.subject)
        states: list[Any] = list(found.order_by(kind.subject, "starts_on")) if holders else []
        followers: list[Any] = [*states[1:], None]
        for state, after in zip(states, followers, strict=False):
            place: Standing = getattr(state, kind.subject)
            is_last = after is None or getattr(after, kind.subject) != place
            until = (place.closed_on or date.max) if is_last else after.starts_on
            self._saying[values_of(kind, state)].append((state.starts_on, until, place.code))
            if is_last and place.closed_on is None:
                self._named[(getattr(state, f"{kind.holder}_id"), state.name)] = place.code

    def saying(self, state: Any) -> str:
        """The code of a place that says just this on the day."""
        found = self._saying.get(values_of(self.kind, state), [])
        return next((code for since, until, code in found if since <= state.starts_on < until), "")

    def named(self, state: Any) -> str:
        """The code of a standing place of this name."""
        return self._named.get((getattr(state, f"{self.kind.holder}_id"), state.name), "")


def values_of(kind: PlaceKind, state: Any) -> tuple[Any, ...]:
    """What a state says."""
    return tuple(getattr(state, name) for name in kind.columns())
