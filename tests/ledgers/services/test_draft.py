"""Rule 8: before publishing everything prints as 送审稿: watermarked, unnumbered, from the trial's content."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from core.errors import Conflict, Forbidden, Invalid
from core.models import Job
from core.services.files import read_file
from ledgers.models import DraftPrint, Ledger
from ledgers.services.draft import request_draft
from scoring.models import Publication
from tests.ledgers.conftest import draw_by_stand_in
from tests.people import Town
from tests.scoring.month import Month, report_all

pytestmark = pytest.mark.django_db


def test_the_office_prints_the_trial_ranking(town: Town, month: Month, django_capture_on_commit_callbacks: Any) -> None:
    report_all(town, month.period)
    with django_capture_on_commit_callbacks(execute=True):
        job = request_draft(actor=town.wang, period=month.period)
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.DONE, "2026年9月考评送审稿已绘制。")
    pages = PdfReader(io.BytesIO(read_file(job.draft_print.file))).pages
    texts = [re.sub(r"\s+", "", page.extract_text()) for page in pages]
    assert ["送审稿" in text and "编号" not in text for text in texts] == [True] * len(texts)
    assert "府后社区" in texts[0]
    assert Ledger.objects.count() == 0


def test_a_community_prints_its_own_draft(
    town: Town, month: Month, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    draw_by_stand_in(monkeypatch)
    with django_capture_on_commit_callbacks(execute=True):
        job = request_draft(actor=town.lin, period=month.period, organisation_code=town.fuhou.code)
    draft = DraftPrint.objects.get(job=job)
    assert (draft.kind, draft.organisation, draft.period) == ("community", town.fuhou, month.period)


def test_a_street_and_a_task_force_print_their_own(
    town: Town, month: Month, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    draw_by_stand_in(monkeypatch)
    with django_capture_on_commit_callbacks(execute=True):
        request_draft(actor=town.zhou, period=month.period, organisation_code="411002001")
        request_draft(actor=town.zheng[0], period=month.period, organisation_code="411002-zb1")
    assert [(draft.kind, draft.organisation.code) for draft in DraftPrint.objects.order_by("pk")] == [
        ("street", "411002001"),
        ("task_force", "411002-zb1"),
    ]


@pytest.mark.parametrize(("who", "code"), [("lin", ""), ("lin", "jindi"), ("wu", "fuhou"), ("reader", "fuhou")])
def test_others_drafts_are_refused(town: Town, month: Month, who: str, code: str) -> None:
    organisation_code = getattr(town, code).code if code else ""
    with pytest.raises(Forbidden):
        request_draft(actor=getattr(town, who), period=month.period, organisation_code=organisation_code)
    assert Job.objects.count() == 0


def test_a_published_month_has_no_drafts(town: Town, publication: Publication) -> None:
    with pytest.raises(Conflict, match="已公布，请下载正式台账"):
        request_draft(actor=town.wang, period=publication.period)


def test_an_unknown_community_is_named(town: Town, month: Month) -> None:
    with pytest.raises(Invalid, match="411002999999"):
        request_draft(actor=town.wang, period=month.period, organisation_code="411002999999")
