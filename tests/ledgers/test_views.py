"""The pages of ledgers: the same rows as `visible_to`, downloads only inside the scope."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.models import Job
from ledgers.models import Ledger, LedgerBatch
from ledgers.selectors.drafts import draft_choices
from ledgers.services.issue import issue_ledger
from ledgers.services.spreadsheet import ledger_workbook
from scoring.models import Publication
from tests.ledgers.conftest import ALL_LEDGERS, draw_by_stand_in
from tests.people import Town
from tests.scoring.month import Month, open_month, play_month

pytestmark = pytest.mark.django_db
FUHOU = "community-411002001006-2026-09-1"


@pytest.fixture(autouse=True)
def no_proxy(settings: Any) -> None:
    """The portal sends files itself."""
    settings.FILE_ACCEL_PREFIX = ""


def signed_in(officer: Any) -> Client:
    client = Client()
    client.force_login(officer.user)
    return client


def numbers_on(page: str) -> set[str]:
    return set(re.findall(r'href="/ledgers/([\w-]+-\d)/"', page))


def test_a_list_shows_what_one_may_see(town: Town, issued: list[Ledger]) -> None:
    for officer in town.everybody.values():
        page = signed_in(officer).get("/ledgers/").content.decode()
        seen = set(Ledger.objects.visible_to(officer.user).values_list("number", flat=True))
        assert numbers_on(page) == seen


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", ALL_LEDGERS),
        ("?kind=ranking", 1),
        ("?kind=task_force", 5),
        ("?street=411002001", 3),
        ("?month=2026-08", 0),
        ("?month=2026-13", 0),
    ],
)
def test_filters(town: Town, issued: list[Ledger], query: str, count: int) -> None:
    answer = signed_in(town.wang).get(f"/ledgers/{query}")
    assert (answer.status_code, len(numbers_on(answer.content.decode()))) == (200, count)


def test_the_newest_month_comes_first(town: Town, issued: list[Ledger]) -> None:
    october = play_month(town, "2026-10")
    issue_ledger(actor=town.wang, publication=october, kind="ranking", organisation=town.district)
    assert numbers_on(signed_in(town.wang).get("/ledgers/").content.decode()) == {"ranking-411002-2026-10-1"}


def test_a_download_is_the_kept_file(town: Town, issued: list[Ledger]) -> None:
    answer = signed_in(town.lin).get(f"/ledgers/{FUHOU}/pdf/")
    ledger = Ledger.objects.get(number=FUHOU)
    assert b"".join(answer.streaming_content) == f"%PDF-stand-in {FUHOU} {ledger.body_sha256}".encode()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")


def test_outside_the_scope_nothing_exists(town: Town, issued: list[Ledger]) -> None:
    for officer in (town.chen, town.wu, town.zheng[0], town.sysadmin):
        client = signed_in(officer)
        assert [client.get(f"/ledgers/{FUHOU}/{tail}").status_code for tail in ("", "pdf/")] == [404, 404]


def test_a_ledger_without_a_file_says_so(town: Town, publication: Publication) -> None:
    issue_ledger(actor=town.wang, publication=publication, kind="community", organisation=town.fuhou)
    client = signed_in(town.lin)
    assert "尚未绘制" in client.get(f"/ledgers/{FUHOU}/").content.decode()
    assert client.get(f"/ledgers/{FUHOU}/pdf/").status_code == 409


def test_one_reads_number_digest_and_what_it_follows(town: Town, issued: list[Ledger]) -> None:
    page = signed_in(town.lin).get(f"/ledgers/{FUHOU}/").content.decode()
    ledger = Ledger.objects.get(number=FUHOU)
    assert [text in page for text in (FUHOU, ledger.body_sha256, "无，上月没有公布考评。", "测算（未定星）")] == [
        True
    ] * 4


def test_the_office_has_ledgers_made(
    town: Town, publication: Publication, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    draw_by_stand_in(monkeypatch)
    client = signed_in(town.wang)
    assert "生成2026年9月台账" in client.get("/ledgers/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/ledgers/issue/", {"month": "2026-09"})
    assert answer["Location"] == f"/ledgers/batches/{LedgerBatch.objects.get().pk}/"
    page = client.get("/ledgers/").content.decode()
    assert (Ledger.objects.count(), "生成2026年9月台账" in page) == (ALL_LEDGERS, False)


def test_others_cannot_have_them_made(town: Town, publication: Publication) -> None:
    open_month(town, "2026-10")
    for officer in (town.lin, town.zhou, town.reader):
        client = signed_in(officer)
        assert client.post("/ledgers/issue/", {"month": "2026-09"}).status_code == 403
        # Who may not is told so, whatever state the month is in.
        assert client.post("/ledgers/issue/", {"month": "2026-10"}).status_code == 403
        assert "台账</button>" not in client.get("/ledgers/").content.decode()
    assert Job.objects.count() == 0


@pytest.mark.parametrize("month", ["", "2026-13", "0000-01", "2026年9月", "2026-09-01", "２０２６-09"])
def test_a_bad_month_is_told(town: Town, publication: Publication, month: str) -> None:
    assert signed_in(town.wang).post("/ledgers/issue/", {"month": month}).status_code == 422


def test_a_draft_is_drawn_watched_and_downloaded_by_its_requester_alone(
    town: Town, month: Month, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    draw_by_stand_in(monkeypatch)
    client = signed_in(town.lin)
    assert "打印台账送审稿" in client.get("/ledgers/").content.decode()
    with django_capture_on_commit_callbacks() as callbacks:
        answer = client.post(reverse("ledgers:draft"), {"month": "2026-09", "organisation": town.fuhou.code})
    watch = answer["Location"]
    assert 'hx-trigger="every 2s"' in client.get(watch).content.decode()
    assert client.get(f"{watch}pdf/").status_code == 409
    for callback in callbacks:
        callback()
    assert "下载送审稿" in client.get(watch, headers={"HX-Request": "true"}).content.decode()
    assert b"".join(client.get(f"{watch}pdf/").streaming_content) == b"%PDF-stand-in draft"
    assert [signed_in(officer).get(watch).status_code for officer in (town.lin2, town.wang)] == [404, 404]


def test_pages_cost_the_same_at_one_and_at_ten_times_the_rows(
    town: Town, issued: list[Ledger], django_assert_max_num_queries: Any
) -> None:
    client = signed_in(town.wang)
    client.get("/ledgers/")
    with django_assert_max_num_queries(12) as one:
        client.get("/ledgers/?month=2026-09")
    _copies(issued)
    with django_assert_max_num_queries(12) as ten:
        client.get("/ledgers/?month=2026-09")
    assert len(one) == len(ten)


def _copies(issued: list[Ledger]) -> None:
    """Nine more rows of each, as later revisions of other kinds: many rows, whatever they say."""
    for ledger in issued:
        for number in range(9):
            Ledger.objects.create(
                number=f"{ledger.number}-{number}",
                publication_id=ledger.publication_id,
                kind=f"{ledger.kind[:8]}-{number}",
                organisation_id=ledger.organisation_id,
                street_id=ledger.street_id,
                revision=ledger.revision,
                body=ledger.body,
                body_sha256=ledger.body_sha256,
                issued_by_id=ledger.issued_by_id,
            )


CHOICES = {
    "wang": ["411002001001", "411002001006", "411002006002", "411002006006", "411002001", "411002006"]
    + [f"411002-zb{number}" for number in range(1, 6)],
    "zhou": ["411002001001", "411002001006", "411002001"],
    "lin": ["411002001006"],
    "zheng3": ["411002-zb3"],
    "reader": [],
    "sysadmin": [],
}


def test_one_is_offered_the_drafts_one_may_print(town: Town, month: Month) -> None:
    offered = {key: [one.code for one in draft_choices(town.everybody[key], month.period)] for key in CHOICES}
    assert offered == CHOICES
    for key, codes in CHOICES.items():
        page = signed_in(town.everybody[key]).get("/ledgers/").content.decode()
        assert re.findall(r'<option value="(411002[\w-]+)">', page) == codes


def test_with_a_month_to_draft_the_page_stays_in_its_budget(
    town: Town, issued: list[Ledger], django_assert_max_num_queries: Any
) -> None:
    open_month(town, "2026-10")
    for officer in (town.wang, town.zhou, town.lin, town.zheng[0]):
        client = signed_in(officer)
        client.get("/ledgers/")
        with django_assert_max_num_queries(12):
            client.get("/ledgers/?month=2026-09")


def test_the_workbook_is_made_of_the_same_body(town: Town, issued: list[Ledger]) -> None:
    ledger = Ledger.objects.get(number=FUHOU)
    answer = signed_in(town.lin).get(f"/ledgers/{FUHOU}/xlsx/")
    assert answer.content == ledger_workbook(ledger)
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer["Content-Disposition"].startswith("attachment")
    assert [signed_in(one).get(f"/ledgers/{FUHOU}/xlsx/").status_code for one in (town.chen, town.wu)] == [404, 404]
