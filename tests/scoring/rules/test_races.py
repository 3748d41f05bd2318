"""Two people in the same moment: one wins, the other is told; nothing is lost, nothing doubled. Rules 7 and 13."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from core import clock
from core.errors import PortalError
from core.models import AuditEntry
from core.selectors.audit import ChainCheck
from scoring.choices import Axis, Outcome
from scoring.models import AssessmentItem, Report, Review
from scoring.selectors.ratings import differences
from scoring.services.period import close_period, reopen_period
from scoring.services.report import save_draft, submit_items
from scoring.services.review import review_item
from tests.scoring.month import at, level, on, report_all

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]
ROUNDS = 20


def race(*acts: Callable[[], object]) -> list[object]:
    """Run the acts at once, each on a connection of its own; what they returned, or the refusal."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            start.wait()
            with clock.pinned_at(at("2026-09", 33)):
                return act()
        except PortalError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def refused(results: list[object]) -> list[str]:
    return [result.message for result in results if isinstance(result, PortalError)]


def chain_findings() -> list[str]:
    """Findings but for the town's own rows, which the fixture writes in bulk."""
    return [str(one) for one in ChainCheck().findings() if "隶属" not in str(one)]


def test_rule_13_of_two_reviewers_in_the_same_moment_one_wins(month, town):
    report_all(town, month.period, organisations=[town.fuhou])
    for _ in range(ROUNDS):
        item = month.item(5)
        results = race(*(
            lambda actor=actor, item=item: review_item(
                actor=actor, item=item, axis=Axis.STREET, outcome=Outcome.AGREE, expected_version=item.version
            )
            for actor in (town.zhou, town.zhou2)
        ))  # fmt: skip
        assert refused(results) == ["该事项刚被他人或另一窗口修改，请刷新后核对再操作。"]
    revisions = Review.objects.filter(item=month.item(5)).values_list("revision", flat=True)
    assert sorted(revisions) == list(range(1, ROUNDS + 1))
    assert differences(month.period) == []
    assert chain_findings() == []


def test_rule_12_a_double_click_submits_once(month, town):
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


def test_rule_7_no_save_slips_past_a_close(month, town):
    for round_number in range(ROUNDS):
        item = month.item(5)
        saved, closed = race(
            lambda item=item: save_draft(actor=town.lin, item=item, entry=level(0), expected_version=item.version),
            lambda: close_period(actor=town.wang, period=month.period),
        )
        was_saved = not isinstance(saved, PortalError)
        assert not isinstance(closed, PortalError)
        assert AssessmentItem.objects.get(pk=item.pk).version == item.version + was_saved
        if not was_saved:
            assert "本月已关闭" in saved.message
        with clock.pinned_at(at("2026-09", 34)):
            reopen_period(actor=town.wang, period=month.period, reason=f"第{round_number}次")
    assert chain_findings() == []
