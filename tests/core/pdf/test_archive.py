"""What is kept for years: PDF/A-3b with its title, language, bookmarks and files inside, and bytes that repeat."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pypdf
import pytest

from core import pdf
from core.pdf import renderer

ROOT = Path(__file__).resolve().parents[3]
AT = datetime(2026, 11, 10, 9, 30, tzinfo=timezone(timedelta(hours=8)))
BODY = b'{"number":"community-1","schema":1}'
PAGE = "<title>台账</title><h1>府后社区台账</h1><h2>一、总评</h2><p>3.50 分</p><h2>二、逐项</h2><p>略</p>"


@pytest.fixture(scope="module", autouse=True)
def processes():
    yield
    renderer.shut_down()


@pytest.fixture(scope="module")
def drawn() -> bytes:
    return pdf.render(PAGE, attachments=[attachment()], at=AT)


def attachment(content: bytes = BODY, at: datetime = AT) -> pdf.Attachment:
    return pdf.Attachment("community-1.json", content, "台账内容", at)


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def test_it_says_that_it_is_pdf_a_3b(drawn):
    root = read(drawn).trailer["/Root"]
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert ('pdfaid:part="3"' in xmp, 'pdfaid:conformance="B"' in xmp) == (True, True)
    assert ("台账" in xmp, "<xmp:CreateDate>2026-11-10T01:30:00Z</xmp:CreateDate>" in xmp) == (True, True)
    assert "<xmp:ModifyDate>2026-11-10T01:30:00Z</xmp:ModifyDate>" in xmp


def test_its_colours_are_defined_and_it_has_an_identifier(drawn):
    trailer = read(drawn).trailer
    (intent,) = trailer["/Root"]["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_object().get_data()[36:40] == b"acsp"  # an ICC profile
    assert len(trailer["/ID"]) == 2


def test_every_font_is_inside_and_nothing_runs(drawn):
    reader = read(drawn)
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    descriptors = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]
    assert ["/FontFile2" in one or "/FontFile3" in one for one in descriptors] == [True] * len(fonts)
    root = reader.trailer["/Root"]
    assert [name for name in ("/OpenAction", "/AA", "/AcroForm", "/Encrypt") if name in root] == []


def test_it_has_a_title_a_language_and_bookmarks(drawn):
    reader = read(drawn)
    root = reader.trailer["/Root"]
    assert (reader.metadata.title, root["/Lang"]) == ("台账", "zh-CN")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    first, below = reader.outline
    assert (first.title, [one.title for one in below]) == ("府后社区台账", ["一、总评", "二、逐项"])


def test_the_file_inside_is_whole_dated_and_named_once(drawn):
    root = read(drawn).trailer["/Root"]
    (filed,) = root["/AF"]
    specification = filed.get_object()
    assert (specification["/AFRelationship"], specification["/UF"]) == ("/Data", "community-1.json")
    inside = specification["/EF"]["/F"].get_object()
    assert (inside.get_data(), inside["/Subtype"]) == (BODY, "/application/json")
    dates = [str(inside["/Params"][key]) for key in ("/CreationDate", "/ModDate")]
    assert dates == ["D:20261110013000Z"] * 2
    assert read(drawn).attachments == {"community-1.json": [BODY]}


def test_documents_without_a_file_have_none():
    root = read(pdf.render(PAGE)).trailer["/Root"]
    assert ("/AF" in root, "/CreationDate" in read(pdf.render(PAGE)).metadata) == (False, False)


def test_bytes_repeat_also_with_a_file_and_in_other_processes(drawn):
    renderer.shut_down()
    many = dict(pdf.render_many([(n, pdf.Document(PAGE, "", (attachment(),), AT)) for n in (2, 1)]))
    assert many == {1: drawn, 2: drawn}


def test_the_same_moment_of_another_zone_is_the_same_document(drawn):
    at = AT.astimezone(UTC)
    assert pdf.render(PAGE, attachments=[attachment(at=at)], at=at) == drawn


def test_another_file_is_another_document(drawn):
    assert pdf.render(PAGE, attachments=[attachment(BODY + b" ")], at=AT) != drawn


ELSEWHERE = """
import hashlib, json, sys
from datetime import datetime
import django
django.setup()
from core import pdf
from core.pdf import renderer
if __name__ == "__main__":
    html, at = json.loads(sys.argv[1])
    at = datetime.fromisoformat(at)
    file = pdf.Attachment("community-1.json", sys.argv[2].encode(), "台账内容", at)
    print(hashlib.sha256(pdf.render(html, attachments=[file], at=at)).hexdigest())
    renderer.shut_down()
"""


def test_a_machine_in_another_time_zone_and_language_draws_the_same_bytes(drawn, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(ELSEWHERE)
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "weidu_portal.settings",
        "TZ": "America/New_York",
        "LANG": "C",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
    }
    arguments = [sys.executable, str(script), json.dumps([PAGE, AT.isoformat()]), BODY.decode()]
    done = subprocess.run(arguments, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=120)
    assert done.stdout.strip() == hashlib.sha256(drawn).hexdigest()
