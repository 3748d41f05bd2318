"""Issuing unasked: off by default, under the name of who switched it on; a failure is seen by who can mend it."""

from __future__ import annotations

import pytest
from django.test import Client

from core.errors import Forbidden
from core.models import AuditEntry, Job
from core.services import jobs
from ledgers.models import AutomaticIssue, Ledger, LedgerBatch
from ledgers.services.automatic import LEFT, issue_published, switch_automatic
from ledgers.services.issue import issue_ledgers
from scoring.models import ProgrammeYear, Publication
from tests.ledgers.conftest import ALL_LEDGERS, draw_by_stand_in
from tests.people import Town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """No queue: a test runs the jobs itself."""
    monkeypatch.setattr(jobs, "_send_now", lambda job_id: None)
    draw_by_stand_in(monkeypatch)


def year() -> ProgrammeYear:
    return ProgrammeYear.objects.get(programme__is_practice=False, year=2026)


def home_of(officer: object) -> str:
    client = Client()
    client.force_login(officer.user)  # type: ignore[attr-defined]
    return client.get("/").content.decode()


def test_nobody_asked_for_it_so_nothing_is_issued(town: Town, publication: Publication) -> None:
    assert (issue_published(), LedgerBatch.objects.count()) == (0, 0)


def test_switched_on_it_issues_once_under_that_officers_name(town: Town, publication: Publication) -> None:
    switch_automatic(actor=town.wang2, year=year(), is_on=True)
    assert (issue_published(), issue_published()) == (1, 0)
    batch = LedgerBatch.objects.get()
    assert (batch.publication, batch.started_by) == (publication, town.wang2.person)
    jobs.run(batch.job_id)
    assert Ledger.objects.filter(issued_by=town.wang2.person).count() == ALL_LEDGERS


def test_what_somebody_started_by_hand_is_left_alone(town: Town, publication: Publication) -> None:
    switch_automatic(actor=town.wang, year=year(), is_on=True)
    batch = issue_ledgers(actor=town.wang2, publication=publication)
    Job.objects.filter(pk=batch.job_id).update(state=Job.State.FAILED)
    assert (issue_published(), LedgerBatch.objects.get()) == (0, batch)


def test_who_left_issues_nothing_and_the_home_page_says_so(town: Town, publication: Publication) -> None:
    switch_automatic(actor=town.wang2, year=year(), is_on=True)
    town.wang2.appointment.ends_on = town.wang2.appointment.starts_on.replace(year=2026, month=1)
    town.wang2.appointment.save(update_fields=["ends_on"])
    assert (issue_published(), LedgerBatch.objects.count()) == (0, 0)
    assert AutomaticIssue.objects.get().fault == LEFT
    assert [LEFT in home_of(officer) for officer in (town.wang, town.sysadmin, town.zhou)] == [True, True, False]
    switch_automatic(actor=town.wang, year=year(), is_on=True)
    assert (issue_published(), AutomaticIssue.objects.get().fault) == (1, "")


def test_only_the_office_switches_it(town: Town, publication: Publication) -> None:
    for officer in (town.lin, town.zhou, town.reader, town.sysadmin):
        with pytest.raises(Forbidden, match="只有区创建办可以签发台账"):
            switch_automatic(actor=officer, year=year(), is_on=True)
    assert AutomaticIssue.objects.count() == 0


def test_the_switch_on_its_page(town: Town, publication: Publication) -> None:
    client = Client()
    client.force_login(town.wang.user)
    assert "开启自动签发" in client.get("/ledgers/automatic/").content.decode()
    assert client.post("/ledgers/automatic/", {"year": "2026", "to": "on"})["Location"] == "/ledgers/automatic/"
    assert AutomaticIssue.objects.get().is_on is True
    assert "关闭自动签发" in client.get("/ledgers/automatic/").content.decode()
    client.post("/ledgers/automatic/", {"year": "2026", "to": "off"})
    assert AutomaticIssue.objects.get().is_on is False
    assert AuditEntry.objects.filter(verb="ledgers.switch_automatic").count() == 2
    sent = ({"year": "2026", "to": "x"}, {"year": "1960", "to": "on"}, {})
    assert [client.post("/ledgers/automatic/", one).status_code for one in sent] == [422] * 3


def test_a_batch_with_gaps_stands_on_the_home_page_until_it_is_mended(town: Town, publication: Publication) -> None:
    batch = issue_ledgers(actor=town.wang, publication=publication)
    jobs.run(batch.job_id)
    Job.objects.filter(kind="draw_ledger").update(state=Job.State.FAILED, message="绘制进程意外退出。")
    told = f"{publication}有台账没有绘制。"
    assert [told in home_of(officer) for officer in (town.wang, town.sysadmin, town.zhou)] == [True, True, False]
    assert f"/ledgers/batches/{batch.pk}/" in home_of(town.wang)
    assert f"/ledgers/batches/{batch.pk}/" not in home_of(town.sysadmin)
    Job.objects.filter(kind="draw_ledger").update(state=Job.State.QUEUED)
    jobs.run(Job.objects.filter(kind="draw_ledger").earliest("pk").pk)
    assert told not in home_of(town.wang)
