"""What is handed in: good files come out clean, the others are refused in words and leave nothing."""

from __future__ import annotations

import hashlib
import io
import tempfile
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.errors import Invalid
from core.uploads.accept import Accepted, accept
from core.uploads.apart import MAX_BYTES
from tests.core.uploads.samples import HYPERLINK, TEMPLATE, hidden, office, photo, plain, portable, relation


def given(content: bytes, name: str = "现场.jpg") -> Accepted:
    return accept(SimpleUploadedFile(name, content))


def refusal(content: bytes, name: str = "现场.jpg") -> str:
    with pytest.raises(Invalid) as caught:
        given(content, name)
    assert caught.value.errors == {"file": [caught.value.message]}
    return caught.value.message


@pytest.fixture(autouse=True)
def nothing_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Whatever comes of an upload, its working folder is gone."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(work))
    yield
    assert list(work.iterdir()) == []


# -- pictures


def test_a_photograph_keeps_its_pixels_and_nothing_else() -> None:
    original = photo(4000, 3000, upright=6)
    found = given(original)
    picture = Image.open(io.BytesIO(found.content))
    assert (picture.format, picture.size, found.media_type, found.name) == (
        "JPEG",
        (1440, 1920),
        "image/jpeg",
        "现场.jpg",
    )
    assert dict(picture.getexif()) == {}
    assert [word for word in (b"Exif", b"secret words", b"PhoneMaker") if word in original] != []
    assert [word for word in (b"Exif", b"secret words", b"PhoneMaker") if word in found.content] == []
    assert found.sha256 == hashlib.sha256(original).hexdigest()


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("WEBP", "RGB"), ("JPEG", "CMYK")]
)
def test_other_pictures_come_out_as_jpeg(form: str, mode: str) -> None:
    found = given(plain(form, mode), "a.png")
    assert Image.open(io.BytesIO(found.content)).format == "JPEG"
    assert found.name == "a.jpg"


@pytest.mark.parametrize("size", [(30_000, 30_000), (5001, 4000)])
def test_a_picture_of_too_many_pixels_is_refused(size: tuple[int, int]) -> None:
    assert "请缩小后再传" in refusal(_png(*size))


def _png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "EPS"),
        (b"GIF89a" + bytes(40), "GIF"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "HEIC"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "doc、xls、wps、et"),
        (b"<html><script>alert(1)</script></html>", "看不出"),
        (b"MZ" + bytes(600), "看不出"),
        (photo()[:-2000], "打不开或不完整"),
        (plain("PNG")[:-30], "打不开或不完整"),
        (photo() + office(), "混有其他格式"),
        (portable() + office(), "混有其他格式"),
    ],
    ids=["empty", "EPS", "GIF", "HEIC", "OLE", "HTML", "EXE", "cut JPEG", "cut PNG", "JPEG and ZIP", "PDF and ZIP"],
)
def test_what_is_no_plain_file_is_refused_in_words(content: bytes, words: str) -> None:
    assert words in refusal(content, "现场.png")


# -- PDF


def test_a_plain_pdf_is_kept_byte_by_byte() -> None:
    content = portable(b"<< /Type /Catalog /OpenAction [2 0 R /Fit] >>")
    found = given(content, "会议记录.PDF")
    assert (found.content, found.name, found.media_type) == (content, "会议记录.pdf", "application/pdf")


@pytest.mark.parametrize(
    "content",
    [
        portable(b"<< /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>"),
        portable(b"<< /OpenAction << /S /J#61va#53cript /JS (x) >> >>"),
        portable(b"<< /S /Launch /F (cmd.exe) >>"),
        portable(b"<< /Names << /EmbeddedFiles 3 0 R >> >>"),
        hidden(b"5 0 << /S /JavaScript /JS (x) >>"),
        hidden(b"5 0 << /S /Java#53cript /JS (x) >>", b"/Type /Obj#53tm /N 1 /First 4 /Filter /FlateDecode"),
        portable(b"<< /Type /ObjStm /N 1 /Filter /LZWDecode >>\nstream\nxxxx\nendstream"),
        portable(b"<< /Encrypt 4 0 R >>"),
        b"%PDF-1.7\ncut off",
    ],
    ids=["script", "escaped", "launch", "file inside", "hidden", "hidden, escaped", "unreadable", "locked", "cut"],
)
def test_a_pdf_that_acts_or_cannot_be_looked_into_is_refused(content: bytes) -> None:
    assert refusal(content, "a.pdf").startswith(("PDF", "这个 PDF"))


# -- office files


@pytest.mark.parametrize("main", ["word/document.xml", "xl/workbook.xml"])
def test_a_plain_office_file_with_a_link_is_kept(main: str) -> None:
    content = office(main, relation(HYPERLINK))
    found = given(content, "签到表.docx")
    assert found.content == content
    assert found.name == ("签到表.docx" if main.startswith("word") else "签到表.xlsx")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (office(relations=relation(TEMPLATE)), "从外部加载"),
        (office(**{"word/vbaProject.bin": b"x"}), "宏"),
        (office(**{"word/embeddings/oleObject1.bin": b"x"}), "嵌入的对象"),
        (office(**{"../../evil": b"x"}), "结构不正常"),
        (office(**{"word/media/bomb": bytes(9_000_000)}), "过大"),
        (office(main="OFD.xml"), "OFD"),
        (office()[:-10], "打不开或不完整"),
        (office(relations="<!x"), "结构不正常"),
    ],
    ids=["template", "macro", "object", "path", "bomb", "OFD", "cut", "broken relations"],
)
def test_an_office_file_that_acts_or_reaches_out_is_refused(content: bytes, words: str) -> None:
    assert words in refusal(content, "a.docx")


def test_relations_with_entities_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<x/>")
        archive.writestr("_rels/.rels", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert "结构不正常" in refusal(out.getvalue(), "a.docx")


# -- size and name


def test_the_limit_is_exact() -> None:
    whole = portable()
    padded = whole.replace(b"trailer", b"%" + b" " * (MAX_BYTES - len(whole) - 2) + b"\ntrailer")
    assert len(padded) == MAX_BYTES
    assert len(given(padded, "a.pdf").content) == MAX_BYTES
    assert "最多 10 MB" in refusal(padded + b"\n", "a.pdf")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\照片\\会议.JPG", "会议.jpg"),
        ("张三 13803741234.jpg", "张三 138＊＊＊＊＊＊34.jpg"),
        ("微信图片_20261103141512.jpg", "微信图片_20261103141512.jpg"),
        ("\u202egpj.exe", "gpj.jpg"),
    ],
)
def test_a_name_is_cleaned(name: str, kept: str) -> None:
    assert given(photo(), name).name == kept


def test_a_name_of_300_bytes_is_refused() -> None:
    assert "文件名太长" in refusal(photo(), "长" * 99 + ".jpg")
