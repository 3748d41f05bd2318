"""The page of archives and volumes: what one may have, the button, the download."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from core.models import Job
from core.services import jobs
from core.services.files import read_file
from ledgers.models import Bundle
from ledgers.services.bundle import make_bundle
from ledgers.services.issue import issue_and_draw
from scoring.models import Publication
from tests.ledgers.conftest import no_progress
from tests.ledgers.pdfs import draw_small_pdfs
from tests.people import Town

pytestmark = pytest.mark.django_db
PAGE = "/ledgers/bundles/?month=2026-09"


@pytest.fixture
def bound(town: Town, publication: Publication, monkeypatch: pytest.MonkeyPatch) -> Publication:
    draw_small_pdfs(monkeypatch)
    monkeypatch.setattr(jobs, "_send_now", lambda job_id: None)
    issue_and_draw(actor=town.wang, publication=publication, progress=no_progress)
    return publication


def client_of(officer: Any) -> Client:
    client = Client()
    client.force_login(officer.user)
    return client


def offered(page: str) -> list[str]:
    return re.findall(r'aria-label="([^"]+：[^"]+)"', page)


def test_one_is_offered_what_one_may_have_made(town: Town, bound: Publication) -> None:
    kinds = ("生成档案包", "生成合订本")
    wanted = {
        "wang": [f"{name}：{kind}" for name in ("全区", "西大街道", "五一路街道") for kind in kinds],
        "reader": [f"全区：{kind}" for kind in kinds],
        "zhou": [f"西大街道：{kind}" for kind in kinds],
        "lin": [],
        "zheng1": [],
    }
    found = {key: offered(client_of(town.everybody[key]).get(PAGE).content.decode()) for key in wanted}
    assert found == wanted


def test_it_is_made_watched_and_downloaded(town: Town, bound: Publication) -> None:
    client = client_of(town.zhou)
    sent = {"month": "2026-09", "kind": "archive", "organisation": "411002001"}
    assert client.post("/ledgers/bundles/make/", sent)["Location"] == PAGE
    job = Job.objects.get(kind="make_bundle")
    assert f"/jobs/{job.pk}/" in client.get(PAGE).content.decode()
    jobs.run(job.pk)
    page = client.get(PAGE).content.decode()
    address = f"/ledgers/bundles/{Bundle.objects.get().pk}/file/"
    assert (address in page, f"/jobs/{job.pk}/" in page, offered(page)[0]) == (True, False, "西大街道：重新生成档案包")
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == read_file(Bundle.objects.get().file)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/zip", "no-store")


def test_outside_the_scope_there_is_none(town: Town, bound: Publication) -> None:
    bundle = make_bundle(
        actor=town.wang, publication=bound, kind="archive", organisation=town.streets[0], progress=no_progress
    )
    address = f"/ledgers/bundles/{bundle.pk}/file/"
    assert {key: client_of(town.everybody[key]).get(address).status_code for key in ("zhou", "wang", "reader")} == {
        **{"zhou": 200, "wang": 200, "reader": 200},
    }
    assert [client_of(officer).get(address).status_code for officer in (town.lin, town.wu, town.sysadmin)] == [404] * 3


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"month": "2026-09", "kind": "archive", "organisation": "411002006"}, 403),
        ({"month": "2026-09", "kind": "archive", "organisation": "411002001006"}, 404),
        ({"month": "2026-09", "kind": "other", "organisation": "411002001"}, 422),
        ({"month": "2026-13", "kind": "archive", "organisation": "411002001"}, 422),
        ({"kind": "archive"}, 422),
    ],
)
def test_what_one_may_not_have_or_does_not_exist(
    town: Town, bound: Publication, sent: dict[str, str], status: int
) -> None:
    assert client_of(town.zhou).post("/ledgers/bundles/make/", sent).status_code == status
    assert Job.objects.filter(kind="make_bundle").count() == 0


def test_an_unpublished_month_says_so(town: Town, publication: Publication) -> None:
    assert client_of(town.wang).get("/ledgers/bundles/?month=2026-10").status_code == 404
    assert client_of(town.wang).get("/ledgers/bundles/").status_code == 422


def test_the_page_costs_the_same_with_every_bundle_there(
    town: Town, bound: Publication, django_assert_num_queries: Any
) -> None:
    client = client_of(town.wang)
    client.get(PAGE)
    with django_assert_num_queries(9):
        client.get(PAGE)
    for organisation in (town.district, *town.streets):
        make_bundle(actor=town.wang, publication=bound, kind="archive", organisation=organisation, progress=no_progress)
    with django_assert_num_queries(9):
        client.get(PAGE)
