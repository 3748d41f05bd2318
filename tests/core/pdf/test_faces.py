"""Which face prints under each name of the standard, from which file, and what is done with a file nobody can read."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

from core import pdf
from core.errors import Invalid
from core.pdf import faces, fonts, renderer, sample
from core.text import clean_text


@pytest.fixture(autouse=True)
def processes(settings, tmp_path):
    """Fonts are chosen when a drawing process starts."""
    settings.DATA_DIR = tmp_path / "data"
    renderer.shut_down()
    yield
    renderer.shut_down()


def own_font(folder: Path, family: str, letters: str = "天地玄黄") -> Path:
    """A tiny font of the district's own: a few letters of the free one under another name."""
    from fontTools import subset

    font = TTFont(fonts.sans_path())
    subsetter = subset.Subsetter(subset.Options(name_IDs=["*"], notdef_outline=True))
    subsetter.populate(text=letters + " ")
    subsetter.subset(font)
    font["name"].names = []
    for name_id, text in ((1, family), (2, "Regular"), (4, family), (6, "Own-Regular")):
        font["name"].setName(text, name_id, 3, 1, 0x409)
    folder.mkdir(exist_ok=True)
    font.save(folder / "own.otf")
    return folder / "own.otf"


def said() -> dict[str, tuple[str, str, bool]]:
    return {face.name: (face.family, face.file.name, face.is_exact) for face in faces.faces_in_force()}


def drawn_faces(content: bytes) -> set[str]:
    page = pypdf.PdfReader(io.BytesIO(content)).pages[0]
    found = (font.get_object() for font in page["/Resources"]["/Font"].values())
    return {font["/BaseFont"].rpartition("+")[2] for font in found}


def test_without_a_folder_free_faces_stand_in():
    serif, sans = fonts.serif_path().name, fonts.sans_path().name
    assert said() == {
        "方正小标宋简体": ("Noto Serif SC", serif, False),
        "仿宋_GB2312": ("Noto Serif SC", serif, False),
        "黑体": ("Noto Sans SC", sans, False),
        "楷体_GB2312": ("Noto Serif SC", serif, False),
        "宋体": ("Noto Serif SC", serif, False),
    }


def test_what_the_page_says_is_what_prints(settings, tmp_path):
    own_font(tmp_path / "own", "仿宋_GB2312")
    settings.FONT_DIR = str(tmp_path / "own")
    assert said()["仿宋_GB2312"] == ("仿宋_GB2312", "own.otf", True)
    assert said()["楷体_GB2312"][2] is False
    css = "@page { font-family: 宋体 } html { font-family: 仿宋_GB2312 }"
    assert drawn_faces(pdf.render("<p>天地玄黄</p>", css=css)) == {"仿宋_GB2312"}


def test_a_letter_the_own_face_lacks_comes_from_the_free_one_and_is_no_box(settings, tmp_path):
    own_font(tmp_path / "own", "仿宋_GB2312")
    settings.FONT_DIR = str(tmp_path / "own")
    content = pdf.render("<p>天地府后</p>", css="html { font-family: 仿宋_GB2312 }")
    assert len(drawn_faces(content)) == 2
    assert pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().strip() == "天地府后"


@pytest.mark.parametrize("content", [b"", b"no font at all", fonts.sans_path().read_bytes()[:5000]])
def test_a_file_that_cannot_be_read_is_named_and_stops_nothing(settings, tmp_path, content):
    (tmp_path / "broken.ttf").write_bytes(content)
    settings.FONT_DIR = str(tmp_path)
    broken = faces.font_files()[0]
    assert (broken.name, broken.is_own, broken.is_readable, broken.characters) == ("broken.ttf", True, False, 0)
    assert said()["黑体"][0] == "Noto Sans SC"
    assert clean_text("照常录入", max_length=10) == "照常录入"
    assert pdf.render("<p>照常打印</p>")[:5] == b"%PDF-"


def test_an_own_font_lets_a_rare_name_in(settings, tmp_path):
    with pytest.raises(Invalid, match="U\\+20BB7"):
        clean_text("𠮷", max_length=10)
    font = TTFont(own_font(tmp_path / "own", "仿宋_GB2312"))
    wide = CmapSubtable.newSubtable(12)
    wide.platformID, wide.platEncID, wide.language = 3, 10, 0
    wide.cmap = {**font.getBestCmap(), 0x20BB7: font.getBestCmap()[ord("天")]}
    font["cmap"].tables.append(wide)
    font.save(tmp_path / "own" / "own.otf")
    settings.FONT_DIR = str(tmp_path / "own")
    assert clean_text("𠮷", max_length=10) == "𠮷"


def test_the_sample_shows_every_face_on_one_page_and_is_kept_until_the_fonts_change(settings, tmp_path):
    assert sample.sample_path().exists() is False
    path = sample.draw_sample()
    reader = pypdf.PdfReader(path)
    text = reader.pages[0].extract_text()
    assert (len(reader.pages), [name in text for name in faces.USES]) == (1, [True] * 5)
    assert sample.sample_path() == path
    own_font(tmp_path / "own", "仿宋_GB2312")
    settings.FONT_DIR = str(tmp_path / "own")
    assert sample.sample_path().exists() is False
