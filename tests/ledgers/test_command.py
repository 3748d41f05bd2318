from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from core.models import Job
from ledgers.models import Ledger, LedgerBatch
from scoring.models import Publication
from tests.ledgers.conftest import draw_by_stand_in
from tests.people import Town
from tests.scoring.month import Month

pytestmark = pytest.mark.django_db


def run(*arguments: str, username: str = "office") -> str:
    said = io.StringIO()
    call_command("issue_ledgers", "--period", "2026-09", "--as", username, *arguments, stdout=said)
    return said.getvalue()


def test_it_issues_in_place_and_says_how_far(
    town: Town, publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_by_stand_in(monkeypatch)
    assert run().splitlines() == [
        "正在绘制台账 0 / 15",
        "正在绘制台账 10 / 15",
        "正在绘制台账 15 / 15",
        "2026年9月考评 第1次公布：新签发 15 册，绘制 15 册，0 册未变。",
    ]


def test_it_narrows_by_kind_and_organisation(
    town: Town, publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_by_stand_in(monkeypatch)
    run("--kind", "community", "--organisation", "411002001006")
    assert [ledger.number for ledger in Ledger.objects.all()] == ["community-411002001006-2026-09-1"]


def test_it_hands_over_to_the_worker(town: Town, publication: Publication) -> None:
    said = run("--enqueue")
    job = Job.objects.get()
    batch = LedgerBatch.objects.get(job=job)
    assert (said.strip(), job.kind, job.state) == (f"已排队，批次编号 {batch.pk}。", "issue_ledgers", Job.State.QUEUED)


def test_an_unpublished_month_and_a_stranger_are_refused(town: Town, month: Month) -> None:
    with pytest.raises(CommandError, match="尚未公布"):
        run()


def test_only_the_office_may(town: Town, publication: Publication) -> None:
    with pytest.raises(CommandError, match="没有组织考评岗位"):
        run(username=town.lin.user.username)
    assert Ledger.objects.count() == 0
