"""The page of a batch: what the rows say, document by document, and the two buttons."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from core.models import Job
from core.services import jobs
from ledgers.models import LedgerBatch
from ledgers.services.batch import cancel_batch
from ledgers.services.issue import issue_ledgers
from scoring.models import Publication
from tests.ledgers.conftest import ALL_LEDGERS, draw_by_stand_in
from tests.people import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(town: Town, publication: Publication, monkeypatch: pytest.MonkeyPatch) -> LedgerBatch:
    """Opened, its documents waiting."""
    monkeypatch.setattr(jobs, "_send_now", lambda job_id: None)
    draw_by_stand_in(monkeypatch)
    asked = issue_ledgers(actor=town.wang, publication=publication)
    jobs.run(asked.job_id)
    return LedgerBatch.objects.get(pk=asked.pk)


def client_of(officer: Any) -> Client:
    client = Client()
    client.force_login(officer.user)
    return client


def words(page: str) -> list[str]:
    return re.findall(r'data-label="状态"><span class="badge[^"]*">([^<]+)<', page)


def test_it_follows_the_documents(town: Town, batch: LedgerBatch) -> None:
    client, address = client_of(town.wang), f"/ledgers/batches/{batch.pk}/"
    page = client.get(address).content.decode()
    assert (words(page), f"排队 {ALL_LEDGERS} 册" in page, 'hx-trigger="every 2s"' in page) == (
        ["排队"] * ALL_LEDGERS,
        True,
        True,
    )
    jobs.run(Job.objects.filter(kind="draw_ledger").earliest("pk").pk)
    piece = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert (words(piece), f"本次绘制 {ALL_LEDGERS} 册。" in piece) == (["完成"] * ALL_LEDGERS, True)
    assert ("<html" in piece, "hx-trigger" in piece, "重试" in piece) == (False, False, False)


def files_on(page: str) -> list[str]:
    return re.findall(r'href="(/ledgers/[^"]+/(?:pdf|xlsx)/)"', page)


def test_each_drawn_document_has_its_files_beside_it(town: Town, batch: LedgerBatch) -> None:
    client, address = client_of(town.wang), f"/ledgers/batches/{batch.pk}/"
    assert files_on(client.get(address).content.decode()) == []
    jobs.run(Job.objects.filter(kind="draw_ledger").earliest("pk").pk)
    numbers = [document.ledger.number for document in batch.documents.select_related("ledger")]
    links = files_on(client.get(address).content.decode())
    assert links == [f"/ledgers/{number}/{ending}/" for number in numbers for ending in ("pdf", "xlsx")]
    assert [client.get(link).status_code for link in links[:2]] == [200, 200]


def test_before_the_rows_are_there_it_says_so(
    town: Town, publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_send_now", lambda job_id: None)
    asked = issue_ledgers(actor=town.wang, publication=publication)
    page = client_of(town.wang).get(f"/ledgers/batches/{asked.pk}/").content.decode()
    assert ("已排队，等待签发。" in page, words(page)) == (True, [])
    Job.objects.filter(pk=asked.job_id).update(state=Job.State.FAILED, message="申请人已不在原岗位，任务未执行。")
    page = client_of(town.wang).get(f"/ledgers/batches/{asked.pk}/").content.decode()
    assert ("没有签发：申请人已不在原岗位，任务未执行。" in page, "重新签发" in page) == (True, True)


def test_it_is_stopped_and_asked_again_by_button(town: Town, batch: LedgerBatch) -> None:
    client, address = client_of(town.wang), f"/ledgers/batches/{batch.pk}/"
    assert client.post(f"{address}cancel/")["Location"] == address
    page = client.get(address).content.decode()
    assert words(page) == ["已取消"] * ALL_LEDGERS
    document = re.findall(r'name="document" value="(\d+)"', page)[0]
    assert client.post(f"{address}retry/", {"document": document})["Location"] == address
    assert words(client.get(address).content.decode()) == ["已取消"] * (ALL_LEDGERS - 1) + ["排队"]
    client.post(f"{address}retry/")
    assert words(client.get(address).content.decode()) == ["排队"] * ALL_LEDGERS


@pytest.mark.parametrize("document", ["x", "-1", "1e9", "9" * 30])
def test_a_document_that_is_none_is_told(town: Town, batch: LedgerBatch, document: str) -> None:
    answer = client_of(town.wang).post(f"/ledgers/batches/{batch.pk}/retry/", {"document": document})
    assert answer.status_code == 422


def test_nothing_to_retry_or_stop_is_told(town: Town, batch: LedgerBatch) -> None:
    client = client_of(town.wang)
    assert client.post(f"/ledgers/batches/{batch.pk}/retry/").status_code == 409
    cancel_batch(actor=town.wang, batch=batch)
    assert client.post(f"/ledgers/batches/{batch.pk}/cancel/").status_code == 409


def test_it_is_the_offices_alone(town: Town, batch: LedgerBatch) -> None:
    for officer in (town.lin, town.zhou, town.zheng[0], town.reader, town.sysadmin):
        client = client_of(officer)
        assert client.get(f"/ledgers/batches/{batch.pk}/").status_code == 404
        assert [client.post(f"/ledgers/batches/{batch.pk}/{act}/").status_code for act in ("retry", "cancel")] == [
            404
        ] * 2


def test_it_costs_the_same_for_any_number_of_documents(
    town: Town, batch: LedgerBatch, django_assert_num_queries: Any
) -> None:
    client = client_of(town.wang)
    client.get(f"/ledgers/batches/{batch.pk}/")
    for kept in (ALL_LEDGERS, 3, 1):
        batch.documents.filter(place__gt=kept).delete()
        with django_assert_num_queries(6):
            client.get(f"/ledgers/batches/{batch.pk}/")
