"""Two people in the same moment: one wins, the other is told; nothing is lost, nothing doubled. Rules 7 and 13.

A few rounds each; `tests/benchmarks/test_long_races.py` runs hundreds.
"""

from __future__ import annotations

import pytest
from django.db import connection

from core.models import AuditEntry
from core.services import jobs
from scoring.models import Report
from scoring.services.report import save_draft, submit_items
from tests.people import Town
from tests.scoring.month import Month, level, on
from tests.scoring.races import kill_in_mid_recompute, race, refused, save_against_close, two_reviewers

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]


def test_rule_13_of_two_reviewers_in_the_same_moment_one_wins_and_the_other_is_told(month: Month, town: Town) -> None:
    assert sum(two_reviewers(month, town, rounds=10).values()) == 10


def test_rule_12_a_double_click_submits_once(month: Month, town: Town) -> None:
    with on("2026-09", 28):
        save_draft(actor=town.lin, item=month.item(5), entry=level(0))
    assessment, item = month.assessment(), month.item(5)
    results = race(*(
        lambda: submit_items(
            actor=town.lin, assessment=assessment, item_ids=[item.pk], expected_versions={item.pk: item.version}
        )
        for _ in range(3)
    ))  # fmt: skip
    assert len(refused(results)) == 2
    assert Report.objects.filter(item=item).count() == 1
    assert AuditEntry.objects.filter(verb="scoring.submit").count() == 1


def test_rule_7_no_save_slips_past_a_close(month: Month, town: Town) -> None:
    assert sum(save_against_close(month, town, rounds=10).values()) == 10


def test_a_recompute_that_was_killed_is_done_by_the_next_worker(month: Month, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_send_now", lambda job_id: None)
    assert kill_in_mid_recompute(month.period, rounds=3)["running"] == 3
