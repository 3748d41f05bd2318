"""Stars withheld by a veto in force."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import QuerySet

from scoring.models import Assessment, Star, Veto


def vetoed_stars(assessments: QuerySet[Assessment]) -> dict[int, set[str]]:
    """Codes of withheld stars by assessment id: a star is given back once the last of its clauses is lifted."""
    clauses: dict[tuple[int, str], set[str]] = defaultdict(set)
    rows = Veto.objects.filter(assessment__in=assessments).order_by("number")
    for assessment_id, code, clause, is_lifted in rows.values_list(
        "assessment_id", "star__kind__code", "clause", "is_lifted"
    ):
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
