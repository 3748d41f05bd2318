"""A bound volume of really drawn ledgers is kept for years like each of them: PDF/A-3b, with every content inside."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from core.canonical import canonical_bytes, digest
from core.services import files
from ledgers.calc.filing import Card, file_all
from ledgers.calc.pdf_marks import Carried, marks_of
from ledgers.models import Ledger
from ledgers.selectors.filing import Document
from ledgers.services.volume import Cover, volume_bytes
from tests.ledgers.services.test_drawing import bodies, drawn

pytestmark = pytest.mark.django_db
NAMES = ("ranking", "street", "community")
AT = datetime(2026, 11, 10, 1, 30, tzinfo=UTC)
COVER = Cover("台账合订本", "西大街道", ("3 册",), AT, "示例")
_made: list[bytes] = []


@pytest.fixture
def volume(settings: Any) -> bytes:
    """Bound once for this file; the ledgers in it are drawn once too."""
    if not _made:
        _made.append(volume_bytes(COVER, documents(), lambda done: None)[0])
    return _made[0]


def documents() -> list[Document]:
    found = {body["number"]: (name, body) for name, body in bodies().items() if name in NAMES}
    cards = [_card(body) for _, body in found.values()]
    return [
        Document(one, Ledger(), files.store_bytes(drawn(found[one.card.number][0]), media_type="application/pdf"))
        for one in file_all(cards)
    ]


def _card(body: dict[str, Any]) -> Card:
    own, street = body["organisation"], "411002001" if body["kind"] != "ranking" else ""
    return Card(body["number"], body["kind"], body["kind"], own["code"], own["name"], street, 1)


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def test_it_says_that_it_is_pdf_a_3b_and_so_do_its_two_descriptions(volume: bytes) -> None:
    reader = read(volume)
    xmp = reader.root_object["/Metadata"].get_object().get_data().decode()
    assert ('pdfaid:part="3"' in xmp, 'pdfaid:conformance="B"' in xmp) == (True, True)
    assert "台账合订本 西大街道" in xmp
    assert "<xmp:CreateDate>2026-11-10T01:30:00Z</xmp:CreateDate>" in xmp
    assert (reader.metadata.title, reader.metadata["/CreationDate"]) == ("台账合订本 西大街道", "D:20261110013000Z")
    assert f'pdf:Producer="{reader.metadata.producer}"' in xmp
    assert "/Keywords" not in reader.metadata


def test_its_colours_language_identifier_and_version_are_there(volume: bytes) -> None:
    reader = read(volume)
    root = reader.root_object
    (intent,) = root["/OutputIntents"]
    assert intent["/DestOutputProfile"].get_object().get_data()[36:40] == b"acsp"
    assert (root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"].value) == ("zh-CN", True)
    first, second = reader.trailer["/ID"]
    assert (first, len(first)) == (second, 32)
    assert volume.startswith(b"%PDF-1.7\n%")
    assert [name for name in ("/OpenAction", "/AA", "/AcroForm", "/Encrypt") if name in root] == []


def test_every_font_is_inside(volume: bytes) -> None:
    fonts = [
        font.get_object()
        for page in read(volume).pages
        for font in page["/Resources"].get("/Font", {}).values()
    ]  # fmt: skip
    descriptors = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]
    assert ["/FontFile2" in one or "/FontFile3" in one for one in descriptors] == [True] * len(fonts)
    assert len(fonts) > len(NAMES)


def test_every_ledgers_content_is_inside_under_its_digest(volume: bytes) -> None:
    reader, wanted = read(volume), {bodies()[name]["number"]: bodies()[name] for name in NAMES}
    assert reader.attachments == {f"{number}.json": [canonical_bytes(body)] for number, body in wanted.items()}
    assert list(reader.root_object["/Names"]["/EmbeddedFiles"]["/Names"][::2]) == sorted(reader.attachments)
    filed = [one.get_object() for one in reader.root_object["/AF"]]
    assert [one["/AFRelationship"] for one in filed] == ["/Data"] * len(NAMES)
    assert {str(one["/EF"]["/F"].get_object()["/Params"]["/ModDate"]) for one in filed} == {"D:20261110013000Z"}
    assert sorted(marks_of(volume).carried) == sorted(Carried(number, digest(body)) for number, body in wanted.items())


def test_pages_are_labelled_as_they_are_printed(volume: bytes) -> None:
    reader = read(volume)
    assert reader.page_labels == [str(number) for number in range(1, len(reader.pages) + 1)]


def test_bookmarks_are_those_of_the_volume(volume: bytes) -> None:
    reader = read(volume)
    assert [one.title for one in reader.outline if not isinstance(one, list)] == ["目录", "全区", "西大街道"]


def test_it_repeats_byte_by_byte(volume: bytes) -> None:
    assert hashlib.sha256(volume_bytes(COVER, documents(), lambda done: None)[0]).digest() == (
        hashlib.sha256(volume).digest()
    )


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")
def test_another_reader_finds_no_fault(volume: bytes, tmp_path: Path) -> None:
    path = tmp_path / "volume.pdf"
    path.write_bytes(volume)
    done = subprocess.run(["qpdf", "--check", str(path)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert (done.returncode, "No syntax or stream encoding errors found" in done.stdout) == (0, True), done.stdout
