"""Twelve ways to falsify a ledger, each answered rightly on /verify/ and by the command; on PDFs drawn in earnest."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from core.services.files import path_of, read_file
from ledgers.models import Ledger
from ledgers.services.issue import issue_and_draw
from scoring.models import Publication
from tests.ledgers.conftest import no_progress
from tests.ledgers.test_verify import correct, tamper
from tests.people import Town

pytestmark = pytest.mark.django_db
GENUINE, SUPERSEDED, ALTERED, UNKNOWN = "属实", "属实，已被更正取代", "与签发的不一致", "查无此件"


class Case(NamedTuple):
    """What is done, how it is asked about (a number, a code, or a file), the answer, and whether the walk over all that
    is kept finds a fault besides."""

    act: Callable[[], Any]
    asked: Callable[[], str | bytes]
    answer: str
    is_found_by_the_walk: bool = False


@pytest.fixture
def two(town: Town, publication: Publication) -> tuple[Ledger, Ledger]:
    """府后's and 金地's ledgers with their PDFs."""
    for organisation in (town.fuhou, town.jindi):
        issue_and_draw(actor=town.wang, publication=publication, progress=no_progress, organisation=organisation.code)
    return Ledger.objects.get(organisation=town.fuhou), Ledger.objects.get(organisation=town.jindi)


def pdf_of(ledger: Ledger) -> bytes:
    return read_file(ledger.renderings.get().file)


def other_attachment(content: bytes) -> bytes:
    """A point more in the packed body inside, packed again to the same length where it fits."""
    for match in re.finditer(rb"stream\r?\n", content):
        packed = zlib.decompressobj()
        try:
            text = packed.decompress(content[match.end() :])
        except zlib.error:
            continue
        if text.startswith(b'{"acts"') or b'"schema":1' in text[-200:]:
            end = len(content) - len(packed.unused_data)
            changed = zlib.compress(text.replace("府后社区".encode(), "府前社区".encode()), 9)
            return content[: match.end()] + changed + content[end:]
    raise AssertionError("no body inside")


def cases(town: Town, first: Ledger, second: Ledger) -> dict[str, Case]:
    number, content = first.number, pdf_of(first)
    row = "WHERE number = %s"

    def by_number() -> str:
        return number

    def nothing() -> None:
        """The file is falsified, not the portal."""

    return {
        "nothing": Case(nothing, lambda: content, GENUINE),
        "a byte of the PDF": Case(nothing, lambda: content[:3000] + b"\x00" + content[3001:], ALTERED),
        "a cut-off file": Case(nothing, lambda: content[: len(content) * 9 // 10], ALTERED),
        "bytes appended": Case(nothing, lambda: content + b"\n%%EOF\n", ALTERED),
        "another attachment": Case(nothing, lambda: other_attachment(content), ALTERED),
        "the body's row": Case(
            lambda: tamper(f"UPDATE ledgers_ledger SET body = REPLACE(body, '10.00', '12.00') {row}", number),
            by_number,
            ALTERED,
            True,
        ),
        "the digest's row": Case(
            lambda: tamper(f"UPDATE ledgers_ledger SET body_sha256 = '{'0' * 64}' {row}", number),
            by_number,
            ALTERED,
            True,
        ),
        "the publication's content": Case(
            lambda: tamper("UPDATE scoring_publication SET content = REPLACE(content, '府后社区', '府前社区')"),
            by_number,
            ALTERED,
            True,
        ),
        "the number": Case(
            lambda: tamper(f"UPDATE ledgers_ledger SET number = 'community-9-2026-09-1' {row}", number),
            lambda: "community-9-2026-09-1",
            ALTERED,
            True,
        ),
        "the kept file": Case(
            lambda: path_of(first.renderings.get().file.sha256).write_bytes(b"%PDF-1.7 other"),
            lambda: b"%PDF-1.7 other",
            UNKNOWN,
            True,
        ),
        "two files swapped": Case(lambda: swap(first, second), lambda: content, GENUINE, True),
        "another ledger's code": Case(nothing, lambda: second.verify_code, GENUINE),
        "a correction": Case(lambda: correct(town, first.publication), lambda: content, SUPERSEDED),
    }


def swap(first: Ledger, second: Ledger) -> None:
    """On the disk; what is asked about is the first one's own PDF."""
    paths = [path_of(one.renderings.get().file.sha256) for one in (first, second)]
    contents = [path.read_bytes() for path in paths]
    for path, content in zip(paths, reversed(contents), strict=True):
        path.write_bytes(content)


class Undo(Exception):
    """Raised to take a falsification back."""


@contextmanager
def taken_back(*ledgers: Ledger) -> Iterator[None]:
    kept = {path_of(one.renderings.get().file.sha256): pdf_of(one) for one in ledgers}
    try:
        with transaction.atomic():
            yield
            raise Undo
    except Undo:
        for path, content in kept.items():
            path.write_bytes(content)


def page_says(asked: str | bytes) -> str:
    sent = {"typed": asked} if isinstance(asked, str) else {"file": SimpleUploadedFile("台账.pdf", asked)}
    answer = Client().post("/verify/", sent, follow=True).content.decode()
    (title,) = re.findall(r'<p class="notice-title">(?:\S\s?)?([^<]+)</p>', answer)
    return next(word for word in (SUPERSEDED, GENUINE, ALTERED, UNKNOWN) if title.strip().endswith(word))


def command_says(*names: str) -> bool:
    """Whether everything it was asked about is genuine."""
    try:
        call_command("verify_ledgers", *names, stdout=io.StringIO())
    except CommandError:
        return False
    return True


def test_every_falsification_has_its_answer(
    town: Town, two: tuple[Ledger, Ledger], tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    wanted = cases(town, *two)
    found, paper = {}, tmp_path / "paper.pdf"
    for name, case in wanted.items():
        with taken_back(*two):
            case.act()
            asked = case.asked()
            if isinstance(asked, bytes):
                paper.write_bytes(asked)
                assert command_says(str(paper)) == (case.answer == GENUINE), name
            found[name] = (page_says(asked), not command_says())
    assert found == {name: (case.answer, case.is_found_by_the_walk) for name, case in wanted.items()}
    assert command_says() is True


def test_the_code_of_another_ledger_shows_that_one(two: tuple[Ledger, Ledger]) -> None:
    """Copied onto 府后's paper, 金地's code shows 金地's page: the words do not match the paper."""
    page = Client().get(f"/verify/{two[1].verify_code}/").content.decode()
    assert (two[1].number in page, two[0].number in page) == (True, False)
