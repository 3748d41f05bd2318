"""The pages of evidence: a phone without scripts records, reuses and takes away; files leave by the view alone."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.models import StoredFile
from scoring.models import Evidence, EvidenceLink
from tests.core.uploads.samples import hidden, photo
from tests.queries import queries_of
from tests.scoring.month import Month, month, on, report_all
from tests.scoring.services.test_evidence import note

__all__ = ["month"]
pytestmark = pytest.mark.django_db


def browser(month: Month, key: str) -> Client:
    client = Client()
    client.force_login(month.town.everybody[key].user)
    return client


def hand_in(month: Month, number: int = 1, key: str = "lin", **fields: Any) -> Any:
    with on(month.period.month, 27):
        address = f"/items/{month.item(number).pk}/evidence/"
        return browser(month, key).post(address, {"form_key": str(uuid.uuid4()), **fields})


def test_a_photograph_from_the_phone_stands_on_the_pages_of_the_item(month: Month) -> None:
    answer = hand_in(month, file=SimpleUploadedFile("广场.jpg", photo()), title="议事日现场")
    assert (answer.status_code, answer["Location"]) == (302, f"/items/{month.item(1).pk}/evidence/")
    pk = month.item(1).pk
    for key, page in (
        ("lin", f"/items/{pk}/evidence/"),
        ("lin", f"/items/{pk}/"),
        ("zhou", f"/items/{pk}/review/?axis=street"),
        ("zheng1", f"/items/{pk}/review/?axis=task_force"),
        ("wang", f"/items/{pk}/"),
    ):
        assert "议事日现场" in browser(month, key).get(page).content.decode(), (key, page)
    assert "佐证 1</a>" in browser(month, "lin").get(f"/assessments/{month.assessment().pk}/").content.decode()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("a.jpg", b""), "0 字节"),
        (SimpleUploadedFile("a.png", b"%!PS-Adobe-3.0 EPSF-3.0"), "EPS"),
        (SimpleUploadedFile("长" * 90 + ".jpg", b"x" * 100), "文件名太长"),
        (SimpleUploadedFile("a.pdf", hidden(b"1 0 << /S /JavaScript >>")), "脚本"),
    ],
    ids=["empty", "EPS", "name", "script"],
)
def test_a_bad_file_is_refused_in_words_and_leaves_nothing(month: Month, settings: Any, file: Any, words: str) -> None:
    answer = hand_in(month, file=file, title="我写的标题")
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'value="我写的标题"' in answer.content.decode()
    assert (Evidence.objects.count(), StoredFile.objects.count()) == (0, 0)
    store = Path(settings.FILE_STORE)
    assert [path for path in store.rglob("*") if path.is_file()] == []


def test_a_file_leaves_as_a_download_that_nobody_keeps(month: Month) -> None:
    hand_in(month, file=SimpleUploadedFile("广场.jpg", photo()))
    pk = Evidence.objects.get().pk
    answer = browser(month, "zhou").get(f"/evidence/{pk}/file/")
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"], answer["Cache-Control"]) == (
        200,
        "image/jpeg",
        "nosniff",
        "no-store",
    )
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    for key in ("chen", "wu", "zheng2", "reader", "sysadmin"):
        assert browser(month, key).get(f"/evidence/{pk}/file/").status_code == 404, key


def test_last_months_evidence_is_one_press(month: Month) -> None:
    note(month, title="一")
    note(month, title="二")
    later = month.next()
    item = later.item(1)
    with on("2026-10", 27):
        page = browser(month, "lin").get(f"/items/{item.pk}/evidence/").content.decode()
        assert "用上月的佐证（2 件）" in page
        answer = browser(month, "lin").post(f"/items/{item.pk}/evidence/link/", {"what": "last_month"})
    assert answer.status_code == 302
    assert EvidenceLink.objects.filter(item=item).count() == 2
    assert "用上月的佐证" not in browser(month, "lin").get(f"/items/{item.pk}/evidence/").content.decode()


@pytest.mark.parametrize("evidence", ["", "x", "0", "9" * 15, "theirs"])
def test_what_is_not_hers_cannot_be_used(month: Month, evidence: str) -> None:
    theirs = note(month, organisation=month.town.jindi, actor=month.town.chen)
    chosen = str(theirs.pk) if evidence == "theirs" else evidence
    before = EvidenceLink.objects.count()
    answer = browser(month, "lin").post(f"/items/{month.item(1).pk}/evidence/link/", {"evidence": chosen})
    assert answer.status_code in (404, 422)
    assert EvidenceLink.objects.count() == before


def test_the_page_says_why_a_piece_stays_once_the_item_was_sent(month: Month) -> None:
    piece = note(month)
    report_all(month.town, month.period, organisations=[month.town.fuhou])
    address = f"/items/{month.item(1).pk}/evidence/"
    page = browser(month, "lin").get(address).content.decode()
    assert "只能添加、不能移除" in page
    assert "登记佐证" in page
    assert ">移除<" not in page
    answer = browser(month, "lin").post(f"{address}unlink/", {"evidence": piece.pk})
    assert answer.status_code == 403


def test_the_pages_ask_the_same_for_nine_pieces_as_for_one(month: Month) -> None:
    piece = note(month)
    pages = [
        ("lin", f"/items/{month.item(1).pk}/evidence/"),
        ("wang", f"/items/{month.item(1).pk}/evidence/"),
        ("zhou", f"/items/{month.item(1).pk}/"),
        ("zhou", f"/items/{month.item(1).pk}/review/?axis=street"),
        ("wang", f"/evidence/{piece.pk}/"),
        ("lin", f"/assessments/{month.assessment().pk}/"),
    ]
    small = [queries_of(month.town.everybody[key], page) for key, page in pages]
    for number in range(8):
        note(month, text=f"记录 {number}")
        note(month, 2, text=f"另一项的记录 {number}")
    assert [queries_of(month.town.everybody[key], page) for key, page in pages] == small
    assert [count for count in small if count > 12] == []


def test_the_form_works_without_a_script(month: Month) -> None:
    page = browser(month, "lin").get(f"/items/{month.item(1).pk}/evidence/").content.decode()
    assert re.search(r'<form method="post" enctype="multipart/form-data"', page)
    assert 'type="file"' in page
