"""What stands beside the points in a publication: who answers for an item, its day, its evidence; the way to each star.

Of what is recorded later than the publication nothing is seen, so that the same rows give the same content again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from scoring.models import EvidenceLink, Period
from scoring.selectors.assignments import Held, held_by_organisation
from scoring.selectors.content_items import amount
from scoring.selectors.current import CurrentItem
from scoring.selectors.facts import AssessmentFacts, Edition
from scoring.selectors.next_star import Advice, CountedItems, ways_of

Row = dict[str, Any]
_NOBODY = Held("", None)


def beside_items(period: Period, items: Iterable[CurrentItem], until: datetime | None) -> dict[int, Row]:
    """By item id: `responsible` (the post), `due_on`, `evidence` (how many pieces); two queries."""
    held = held_by_organisation(period, until)
    pieces = _pieces(period, until)
    return {
        one.item.pk: _beside(held[one.assessment.subject_id].get(one.task.key, _NOBODY), pieces.get(one.item.pk, 0))
        for one in items
    }


def _beside(held: Held, pieces: int) -> Row:
    return {"responsible": held.post, "due_on": held.due_on, "evidence": pieces}


def _pieces(period: Period, until: datetime | None) -> dict[int, int]:
    """How many pieces stood beside each item that had some."""
    rows = EvidenceLink.objects.filter(item__assessment__period=period).order_by()
    if until is None:
        there = rows.in_force()
    else:
        there = rows.filter(Q(removal__isnull=True) | Q(removal__at__gt=until), at__lte=until)
    return dict(there.values_list("item").annotate(pieces=Count("pk")))


def next_star_rows(
    facts: Iterable[AssessmentFacts], editions: Mapping[int, Edition], withheld: Mapping[int, set[str]]
) -> dict[int, list[Row]]:
    """By assessment id the way to every star it lacks, in the order of the edition, measured against its peers."""
    groups: dict[int, dict[int, CountedItems]] = defaultdict(dict)
    for one in facts:
        groups[id(editions[one.assessment_id].rubric)][one.assessment_id] = one.counted
    found: dict[int, list[Row]] = {}
    for own in groups.values():
        rubric = editions[next(iter(own))].rubric
        ways = ways_of(rubric, own, withheld)
        found |= {pk: [_way(advice) for advice in advices] for pk, advices in ways.items()}
    return found


def _way(advice: Advice) -> Row:
    return {
        "star": advice.code,
        "is_reachable": advice.is_reachable,
        "missing": amount(advice.missing),
        "gain": amount(advice.gain),
        "tasks": [{"number": one.number, "now": amount(one.now), "to": amount(one.to)} for one in advice.tasks],
        "text": advice.text,
    }
