"""A published ranking as one reader may see it: the visibility fixed in the publication applies to everybody but the
district. Rule 11."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from branches.choices import Right, Track
from branches.models import Organisation
from branches.permissions import organisations_with, subtree_ids
from core.models import User
from scoring.calc.explain import explain_place, places_taken
from scoring.choices import Visibility
from scoring.models import Publication
from scoring.permissions import sees_whole_ranking

Row = dict[str, Any]


def ranking_content(publication: Publication) -> Row:
    """The frozen content without the single items: all that a ranking shows. Not to be changed by the reader."""
    return _without_items(publication.sha256)


def assessment_row(sha256: str, code: str) -> Row:
    """What a publication says of one community beyond its items."""
    return next(row for row in _without_items(sha256)["assessments"] if row["organisation"] == code)


@lru_cache(maxsize=24)
def _without_items(sha256: str) -> Row:
    """Read once a process: what a digest stands for never changes, and the items are most of it."""
    content: Row = json.loads(Publication.objects.filter(sha256=sha256).values_list("content", flat=True)[0])
    kept = [{key: value for key, value in row.items() if key != "items"} for row in content["assessments"]]
    return {**content, "assessments": kept}


def ranking_table(publication: Publication, user: User, own: set[str] | None = None) -> dict[str, Any]:
    """`standings` and `incomplete` as this account sees them, with `visibility` in force for it.

    Own organisations always see their own row in full; others lose points, place or the row itself. `own` are their
    codes, when several publications are looked at.
    """
    content = ranking_content(publication)
    visibility = Visibility.WITH_POINTS if sees_whole_ranking(user) else Visibility(content["rules"]["visibility"])
    own = own_codes(user) if own is None else own
    taken = places_taken(content["standings"], content["rules"])
    told = {row["organisation"]: explain_place(row, taken, content["rules"]) for row in content["standings"]}
    seen = (_seen(row, visibility, row["organisation"] in own, told) for row in content["standings"])
    standings = [row for row in seen if row is not None]
    if visibility == Visibility.BANDS:
        standings.sort(key=_band)
    incomplete = [row for row in content["incomplete"] if visibility != Visibility.OFF or row["organisation"] in own]
    return {
        "visibility": visibility,
        "standings": standings,
        "incomplete": incomplete,
        "own": own,
        "star_levels": content["star_levels"] if visibility != Visibility.OFF else None,
    }


def _band(row: Row) -> tuple[bool, int, str]:
    """Within a band by code, so that the order of the rows does not tell the places."""
    return (row["track"] != Track.URBAN, -row["star_level"], row["organisation"])


def _seen(row: Row, visibility: Visibility, is_own: bool, told: dict[str, str]) -> Row | None:
    """The place in a sentence goes with the points that it tells."""
    if is_own or visibility == Visibility.WITH_POINTS:
        return {**row, "explanation": told[row["organisation"]]}
    if visibility == Visibility.ORDER:
        return {**row, "total": None, "explanation": None}
    if visibility == Visibility.BANDS:
        return {**row, "total": None, "place": None, "is_tied": False, "explanation": None}
    return None


def own_codes(user: User) -> set[str]:
    """Codes of the organisations in the account's own subtree."""
    if not organisations_with(user, Right.READ):
        return set()
    return set(Organisation.objects.filter(pk__in=subtree_ids(user, Right.READ)).values_list("code", flat=True))
