"""Stars withheld by a veto in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from scoring.models import Assessment, Star, Veto

Further = tuple[int, str, str, bool]


def vetoed_stars(assessments: QuerySet[Assessment], further: Iterable[Further] = ()) -> dict[int, set[str]]:
    """Codes of withheld stars by assessment id: a star is given back once the last of its clauses is lifted.

    `further` entries (assessment id, code of the star, clause, lifted) are supposed to follow those stored.
    """
    clauses: dict[tuple[int, str], set[str]] = defaultdict(set)
    rows = Veto.objects.filter(assessment__in=assessments).order_by("number")
    stored = rows.values_list("assessment_id", "star__kind__code", "clause", "is_lifted")
    for assessment_id, code, clause, is_lifted in [*stored, *further]:
        in_force = clauses[assessment_id, code]
        (in_force.discard if is_lifted else in_force.add)(clause)
    found: dict[int, set[str]] = defaultdict(set)
    for (assessment_id, code), in_force in clauses.items():
        if in_force:
            found[assessment_id].add(code)
    return found


def is_in_force(assessment: Assessment, star: Star, clause: str) -> bool:
    """Whether this clause withholds the star now: its newest entry decides."""
    entries = Veto.objects.filter(assessment=assessment, star=star, clause=clause).order_by("-number")
    newest = entries.values_list("is_lifted", flat=True).first()
    return newest is False


def newest_entries(vetoes: QuerySet[Veto]) -> set[int]:
    """Ids of the entries that withhold a star now and may be lifted."""
    newest = {(veto.assessment_id, veto.star_id, veto.clause): veto for veto in vetoes.order_by("number")}
    return {veto.pk for veto in newest.values() if not veto.is_lifted}
