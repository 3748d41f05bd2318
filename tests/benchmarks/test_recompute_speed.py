"""Recomputing a whole period against one hand-written SQL upsert with ranks, in the same run on the same rows.

Run by name: `./run test tests/benchmarks/test_recompute_speed.py -m benchmark -s -n 0`, on PostgreSQL.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from time import perf_counter

import pytest
from django.db import connection

from branches.choices import Level, Track
from branches.models import Organisation, Placement
from scoring.models import Assessment, AssessmentItem, Period, Rating, Report, Review, Rubric, Task
from scoring.services.rating import recompute_assessments, recompute_period
from tests.people import Town
from tests.scoring.month import on, sample_editions, set_up_programme

pytestmark = pytest.mark.benchmark

# Fifty thousand units take minutes to write: name them when they are meant, `BENCHMARK_UNITS=51000`.
UNITS = [(89, 15), (2400, 7), *((int(units), 1) for units in os.environ.get("BENCHMARK_UNITS", "").split())]

# Sums of the latest word on each item, totals and ranks by track, written with one statement. It knows no stars.
ONE_SQL = """
INSERT INTO scoring_rating (assessment_id, points, applicable_points, total, star_level, stars, provisional_items,
                            empty_items, gap_items, is_complete)
SELECT a.id, s.points, s.full_points, s.points * 10000 / s.full_points,
       rank() OVER (PARTITION BY a.track ORDER BY s.points DESC) * 0 + 3, '[]', 0, 0, 0, true
FROM scoring_assessment a JOIN (
    SELECT i.assessment_id, sum(coalesce(f.points, v.points, r.points)) AS points, sum(t.full_points) AS full_points
    FROM scoring_assessmentitem i
    JOIN scoring_task t ON t.id = i.task_id
    LEFT JOIN scoring_report r ON r.item_id = i.id AND r.round = i.round
    LEFT JOIN scoring_review v ON v.item_id = i.id AND v.round = i.round AND v.axis = 'street'
    LEFT JOIN scoring_review f ON f.item_id = i.id AND f.round = i.round AND f.axis = 'task_force'
    GROUP BY i.assessment_id) s ON s.assessment_id = a.id
WHERE a.period_id = %s
ON CONFLICT (assessment_id) DO UPDATE SET points = EXCLUDED.points, applicable_points = EXCLUDED.applicable_points,
    total = EXCLUDED.total, star_level = EXCLUDED.star_level, stars = EXCLUDED.stars
"""


def fill_period(town: Town, units: int) -> Period:
    """A period of `units` communities with 29 reported and twice reviewed items each, written in bulk."""
    programme = set_up_programme(town, sample_editions())
    period = Period.objects.create(
        programme=programme, month=date(2026, 9, 1), state="open", report_due_on=date(2026, 10, 3),
        street_due_on=date(2026, 10, 6), task_force_due_on=date(2026, 10, 9),
    )  # fmt: skip
    rubric = Rubric.objects.get(track=Track.URBAN)
    tasks = list(Task.objects.filter(rubric=rubric).order_by("number"))
    organisations = Organisation.objects.bulk_create(
        Organisation(code=f"9{number:011d}", level=Level.COMMUNITY, opened_on=date(2020, 1, 1))
        for number in range(units)
    )
    placements = Placement.objects.bulk_create(
        Placement(organisation=one, starts_on=date(2020, 1, 1), parent=town.xida, name=one.code, track=Track.URBAN)
        for one in organisations
    )
    assessments = Assessment.objects.bulk_create(
        Assessment(period=period, subject=one, placement=placement, street=town.xida, track=Track.URBAN, rubric=rubric)
        for one, placement in zip(organisations, placements, strict=True)
    )
    items = AssessmentItem.objects.bulk_create(
        [AssessmentItem(assessment=one, task=task, state="submitted") for one in assessments for task in tasks],
        batch_size=5000,
    )
    _voices(town, items)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return period


def _voices(town: Town, items: list[AssessmentItem]) -> None:
    common = {"round": 1, "at": "2026-10-01T00:00:00Z"}
    Report.objects.bulk_create(
        [
            Report(item=one, kind="points", points=_points(one), full_points=one.task.full_points,
                   entered_by=town.lin.person, appointment=town.lin.appointment, **common)
            for one in items
        ],
        batch_size=5000,
    )  # fmt: skip
    for axis, officer in (("street", town.zhou), ("task_force", town.zheng[0])):
        Review.objects.bulk_create(
            [
                Review(item=one, axis=axis, revision=1, outcome="agree", points=_points(one),
                       full_points=one.task.full_points, reviewer=officer.person, reported_by=town.lin.person,
                       appointment=officer.appointment, **common)
                for one in items
            ],
            batch_size=5000,
        )  # fmt: skip


def _points(item: AssessmentItem) -> Decimal:
    """Full points, but one point less on an eighth of the items, spread so that few communities are alike."""
    is_lowered = (item.assessment_id * 2654435761 + item.task_id * 40503 >> 7) % 8 == 0
    return item.task.full_points - is_lowered if item.task.full_points > 1 else item.task.full_points


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_turns(acts: Sequence[Callable[[], object]], runs: int) -> list[float]:
    """The fastest of each, every act in every round: a busy moment of the machine hits all alike."""
    rounds = [[seconds(act) for act in acts] for _ in range(runs)]
    return [min(column) for column in zip(*rounds, strict=True)]


def seconds(act: Callable[[], object]) -> float:
    started = perf_counter()
    act()
    return perf_counter() - started


@pytest.mark.parametrize(("units", "runs"), UNITS)
def test_recompute_against_one_sql_upsert(town, units, runs):
    if connection.vendor != "postgresql":
        pytest.skip("the reference statement is PostgreSQL's")
    with on("2026-09", 28):
        period = fill_period(town, units)

    def one_sql() -> None:
        with connection.cursor() as cursor:
            cursor.execute(ONE_SQL, [period.pk])

    def spoil_and_recompute() -> None:
        Rating.objects.update(star_level=0)
        recompute_period(period)

    before = peak()
    recompute_period(period)
    memory = peak() - before
    acts = (lambda: Rating.objects.update(star_level=0), one_sql, spoil_and_recompute, lambda: recompute_period(period))
    spoiling, reference, both, unchanged = in_turns(acts, runs)
    one = [period.assessments.order_by("pk").values_list("pk", flat=True)[0]]
    (alone,) = in_turns([lambda: recompute_assessments(period, one)], runs)
    written = both - spoiling
    print(
        f"\n{units} units: one SQL {reference * 1000:.1f} ms; recompute, all written {written * 1000:.1f} ms "
        f"({written / reference:.1f}x); nothing changed {unchanged * 1000:.1f} ms ({unchanged / reference:.1f}x); "
        f"one unit {alone * 1000:.1f} ms; the first one took {memory:.0f} MiB more than the rows' making"
    )
    assert Rating.objects.count() == units
    assert written <= 3 * reference or units < 1000  # below that, the fixed cost of a dozen statements counts
    assert alone <= 0.02
    assert memory <= 190  # the process itself takes 110 MiB: 300 in all
