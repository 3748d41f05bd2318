"""After a whole month of every kind of act the audit chain is whole, and no act is without its entry."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from core import clock, immutability
from core.models import AuditEntry
from core.selectors.audit import ChainCheck
from ledgers.services.issue import issue_and_draw
from scoring.choices import Axis, Outcome
from scoring.models import Publication, Rubric, Star, Task
from scoring.services.appeal import appeal_item
from scoring.services.correction import Correction, correct_publication
from scoring.services.period import reopen_period
from scoring.services.report import withdraw_item
from scoring.services.ruling import rule_item
from scoring.services.sign_off import sign_off_street
from scoring.services.unlock import unlock_item
from scoring.services.veto import impose_veto, lift_veto
from tests.ledgers.conftest import draw_by_stand_in, no_progress
from tests.people import Town
from tests.scoring.month import (
    Month,
    close_month,
    on,
    open_month,
    publish_month,
    report_all,
    review,
    review_all,
    settle_month,
)
from tests.scoring.services.test_vetoes import FIRE, SAFETY, with_clauses

pytestmark = pytest.mark.django_db


@pytest.fixture
def played(town: Town, monkeypatch: pytest.MonkeyPatch) -> Publication:
    """September with a withdrawal, a return, an appeal, a veto, a signature, an unlock, a re-opening, a correction and
    ledgers of both publications; returns the second."""
    draw_by_stand_in(monkeypatch)
    month = Month(town, open_month(town, "2026-09", with_clauses()))
    report_all(town, month.period)
    with on("2026-09", 29):
        withdraw_item(actor=town.lin, item=month.item(1))
    report_all(town, month.period, day=30)
    review(town, month.item(2), Axis.STREET, Outcome.RETURN, reason="日期有误")
    report_all(town, month.period, day=33)
    review(town, month.item(5), Axis.STREET, Outcome.SET, "14.00", "少一次")
    review_all(town, month.period, numbers=range(1, 8), day=34)
    with on("2026-09", 35):
        appeal_item(actor=town.lin, item=month.item(5), reason="记录已补")
        sign_off_street(actor=town.zhou2, period=month.period, street=town.xida)
        star = Star.objects.get(rubric=month.assessment().rubric, kind__code=SAFETY)
        given = {"actor": town.wang, "reason": "区消防通报"}
        lift_veto(veto=impose_veto(assessment=month.assessment(), star=star, clause=FIRE, **given), **given)
        rule_item(actor=town.wang, item=month.item(5), points="20.00", reason="记录属实")
    close_month(town, month.period)
    with on("2026-09", 41):
        reopen_period(actor=town.wang, period=month.period, reason="漏审")
    settle_month(town, month.period)
    close_month(town, month.period)
    with on("2026-09", 41):
        unlock_item(actor=town.wang, item=month.item(7), until=clock.now() + timedelta(hours=1), reason="复查")
    first = publish_month(town, month.period)
    with on("2026-09", 50):
        issue_and_draw(actor=town.wang, publication=first, progress=no_progress)
        wish = [Correction(month.item(5), "points", Decimal("14.00"), "台账误读")]
        second = correct_publication(
            actor=town.wang, second=town.wang2, period=month.period, corrections=wish, reason="误读"
        )
        issue_and_draw(actor=town.wang, publication=second, progress=no_progress)
    return second


def findings() -> list[str]:
    """What the proof finds, apart from the placements that the town writes without a service."""
    found = [str(finding) for finding in ChainCheck().findings()]
    return [one for one in found if not one.startswith("隶属 ")]


def test_a_month_of_every_act_leaves_the_chain_whole(played: Publication) -> None:
    assert findings() == []
    named = {model._meta.label for model in immutability.digested_models() if model.objects.exists()}
    assert named == {
        *("branches.Placement", "ledgers.Ledger", "ledgers.Rendering"),
        *("scoring.Appeal", "scoring.ItemUnlock", "scoring.Publication", "scoring.Report", "scoring.Review"),
        *("scoring.Ruling", "scoring.SignOff", "scoring.Standing", "scoring.Veto"),
    }


def test_every_act_has_its_entry_by_whoever_did_it(played: Publication, town: Town) -> None:
    acts = dict(AuditEntry.objects.values_list("verb", "actor_id"))
    by = {
        "scoring.withdraw": town.lin,
        "scoring.appeal": town.lin,
        "scoring.review.return": town.zhou,
        "scoring.sign_off": town.zhou2,
        "scoring.veto.impose": town.wang,
        "scoring.veto.lift": town.wang,
        "scoring.rule": town.wang,
        "scoring.settle": town.wang,
        "scoring.unlock": town.wang,
        "scoring.period.reopen": town.wang,
        "scoring.publish": town.wang,
        "scoring.correct": town.wang,
        "ledgers.issue": town.wang,
    }
    assert {verb: acts.get(verb) for verb in by} == {verb: officer.user.pk for verb, officer in by.items()}


@pytest.mark.parametrize(
    ("model", "column", "value"),
    [(Rubric, "content", "{}"), (Rubric, "title", "改过"), (Star, "pass_percent", 1), (Task, "full_points", 1)],
)
def test_a_published_edition_changed_behind_the_application_is_found(
    played: Publication, model: type, column: str, value: object
) -> None:
    immutability.uninstall()
    row = model.objects.order_by("pk").first()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {column} = %s WHERE id = %s", [value, row.pk])
    assert [one.rpartition("：")[2] for one in findings()] == [
        f"{model._meta.verbose_name} {row.pk} 与写入时不符，被改动"
    ]
