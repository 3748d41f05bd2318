"""PDFs are drawn apart from the portal, the same way every time, with nothing fetched and no box for a letter."""

import io
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest
from django.utils.html import escape

from core import pdf
from core.pdf import fonts, renderer

ROOT = Path(__file__).resolve().parents[3]
PAGE = "<title>台账</title><p>府后社区党总支 3.50 分</p>"


@pytest.fixture(scope="module", autouse=True)
def processes():
    yield
    renderer.shut_down()


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def test_the_text_and_the_title_are_in_the_document():
    drawn = read(pdf.render(PAGE))
    assert drawn.pages[0].extract_text().strip() == "府后社区党总支 3.50 分"
    assert drawn.metadata.title == "台账"
    assert drawn.trailer["/Root"]["/Lang"] == "zh-CN"


def test_title_and_style_may_be_given():
    drawn = read(pdf.render(PAGE, title="送审稿", css="@page { size: A5 } p { font-family: 仿宋_GB2312 }"))
    assert drawn.metadata.title == "送审稿"
    assert [round(float(length)) for length in drawn.pages[0].mediabox[2:]] == [420, 595]


def test_the_same_page_gives_the_same_bytes_in_other_processes_too():
    first = pdf.render(PAGE)
    second = pdf.render(PAGE)
    renderer.shut_down()
    assert first == second == pdf.render(PAGE)


def test_only_embedded_chinese_fonts_are_used():
    names = "仿宋_GB2312 黑体 楷体_GB2312 方正小标宋简体 宋体 Unknown"
    page = "".join(f"<p style='font-family: {name}'>魏都 Aa 1</p>" for name in names.split())
    found = read(pdf.render(page)).pages[0]["/Resources"]["/Font"].values()
    faces = {font.get_object()["/BaseFont"].split("+")[1] for font in found}
    assert faces == {"Noto-Serif-SC", "Noto-Sans-SC"}
    files = [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in found]
    assert [("/FontFile3" in file.get_object() or "/FontFile2" in file.get_object()) for file in files] == [True] * len(
        files
    )


@pytest.mark.parametrize(
    "html",
    [
        "<img src='x.png'>",
        "<img src='/static/x.png'>",
        "<img src='http://example.org/x.png'>",
        "<img src='file:///etc/passwd'>",
        "<img src='data:image/png;base64,AAAA'>",
        "<link rel=attachment href='file:///etc/passwd'>",
        "<link rel=stylesheet href='file:///etc/passwd'>",
        "<style>@import url(http://example.org/x.css);</style>",
        "<p style='background: url(file:///etc/passwd)'>x</p>",
        "<style>@font-face { font-family: x; src: url(file:///etc/passwd) } p { font-family: x }</style><p>x</p>",
        "<object data='file:///etc/passwd'></object>",
        "<svg><image href='file:///etc/passwd' width='9' height='9'/></svg>",
        f"<img src='data:image/svg+xml,<svg>{'<g/>' * 100_000}</svg>'>",
        "<link rel=attachment href='http://example.org/x'>",
        "<link rel=attachment href='data:text/plain,x'>",
        "<p><a rel=attachment href='file:///etc/passwd'>x</a></p>",
        "<base href='file:///etc/'><img src='passwd'>",
        "<embed src='file:///etc/passwd'>",
        "<ul style='list-style-image: url(http://example.org/x)'><li>x</li></ul>",
        "<style>p::before { content: url(//example.org/x) }</style><p>x</p>",
    ],
)
def test_nothing_is_fetched_and_an_attempt_is_loud(html):
    with pytest.raises(pdf.PdfError, match="文书模板引用了不允许的外部资源，已停止绘制。"):
        pdf.render(html)


ATTACKS = [
    "<script>alert(1)</script>",
    "{{7*7}}{% include 'base.html' %}",
    "<img src='file:///etc/passwd'>",
    "</td></table><link rel=attachment href='file:///etc/passwd'>",
    "<style>@import url(http://example.org/x)</style>",
    "url(file:///etc/passwd)",
    "&lt;b&gt;&#60;i&#62;",
    "<!-- -->]]><svg onload=x>",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_escaped_text_is_printed_letter_by_letter(text):
    drawn = read(pdf.render(f"<title>{escape(text)}</title><p data-x='{escape(text)}'>{escape(text)}</p>"))
    assert re.sub(r"\s", "", drawn.pages[0].extract_text()) == re.sub(r"\s", "", text)
    assert (drawn.metadata.title, drawn.attachments) == (text, {})


def test_limits_are_those_of_the_process(tmp_path):
    """A process may not take more memory than it was given, nor write a core of what it held."""
    script = tmp_path / "script.py"
    script.write_text(
        "import resource\nfrom core.pdf import child\nchild.prepare('/tmp/fonts.conf', 2**29)\n"
        "print(resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_CORE))\n"
        "try:\n    bytearray(2**30)\nexcept MemoryError:\n    print('refused')\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, str(script)], env=environment, stdout=subprocess.PIPE, text=True, timeout=60)
    assert done.stdout.splitlines() == [f"({2**29}, {2**29}) (0, 0)", "refused"]


def test_many_come_back_in_order_and_an_error_stays_alone():
    pages = [(number, f"<p>第{number}份</p>") for number in range(6)]
    pages[2] = (2, "<img src='x.png'>")
    found = list(pdf.render_many(iter(pages)))
    assert [key for key, _content in found] == [0, 1, 2, 3, 4, 5]
    assert [type(content).__name__ for _key, content in found] == ["bytes"] * 2 + ["PdfError"] + ["bytes"] * 3
    assert found[5][1] == pdf.render("<p>第5份</p>")


def test_a_document_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(renderer, "SECONDS_A_DOCUMENT", 1)
    with pytest.raises(pdf.PdfError, match="绘制超过"):
        pdf.render("<p>魏都区</p>" * 20_000)
    assert pdf.render("<p>短</p>")[:5] == b"%PDF-"


def test_a_document_without_memory_is_stopped_and_the_next_one_is_drawn(monkeypatch):
    renderer.shut_down()
    monkeypatch.setattr(renderer, "MEMORY_A_PROCESS", 60 * 1024 * 1024)
    with pytest.raises(pdf.PdfError):
        pdf.render("<p>魏都区</p>" * 100)
    renderer.shut_down()
    monkeypatch.undo()
    assert pdf.render(PAGE)[:5] == b"%PDF-"


def test_a_picture_that_cannot_be_drawn_does_not_vanish_silently():
    with pytest.raises(pdf.PdfError, match="文书里有无法绘制的图形，已停止绘制。"):
        pdf.render("<svg width='50' height='50'><path d='A 1 1'/></svg>")


def test_a_killed_process_is_replaced():
    pdf.render(PAGE)
    for process in renderer._current.executor._processes.values():
        os.kill(process.pid, signal.SIGKILL)
        process.join(5)
    assert pdf.render(PAGE)[:5] == b"%PDF-"


def test_drawing_processes_keep_no_keys_of_the_portal(tmp_path):
    from core.pdf.child import KEPT_ENVIRONMENT

    script = tmp_path / "script.py"
    script.write_text(
        "import os\nfrom core.pdf import child\nchild.prepare('/tmp/fonts.conf', 2**31)\nprint(*sorted(os.environ))\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT), "SECRET_KEY": "x", "DATABASE_URL": "x"}
    done = subprocess.run([sys.executable, str(script)], env=environment, stdout=subprocess.PIPE, text=True, timeout=60)
    assert set(done.stdout.split()) - KEPT_ENVIRONMENT - {"LC_CTYPE"} == {"FONTCONFIG_FILE"}


def test_processes_are_replaced_after_some_documents(monkeypatch):
    monkeypatch.setattr(renderer, "DOCUMENTS_A_POOL", 2)
    renderer.shut_down()
    for _ in range(5):
        pdf.render("<p>一</p>")
    assert renderer._current.submitted == 1


WITHOUT_PANGO = """
import os, sys
import django
django.setup()
from core import pdf
from core.pdf import renderer
def main():
    try:
        pdf.render("<p>x</p>")
    except pdf.PdfUnavailable as error:
        print(error.message)
    print(sorted(name for name in sys.modules if name.split(".")[0] == "weasyprint"))
    renderer.shut_down()
if __name__ == "__main__":
    main()
"""


def test_without_pango_the_portal_runs_and_says_why(tmp_path):
    """A package of the same name that fails as WeasyPrint does without its library."""
    (tmp_path / "weasyprint").mkdir()
    (tmp_path / "weasyprint" / "__init__.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    (tmp_path / "script.py").write_text(WITHOUT_PANGO)
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}", "DJANGO_SETTINGS_MODULE": "weidu_portal.settings"}
    done = subprocess.run(
        [sys.executable, str(tmp_path / "script.py")],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    message, modules = done.stdout.splitlines()
    assert message == "本机缺少 PDF 绘制组件（Pango），请系统管理员安装 libpango-1.0-0 和 libpangoft2-1.0-0。"
    assert modules == "[]"


def test_drawing_processes_end_with_a_killed_parent(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import django, os, signal\ndjango.setup()\nfrom core import pdf\nfrom core.pdf import renderer\n"
        "if __name__ == '__main__':\n"
        "    pdf.render('<p>x</p>')\n"
        "    print(*renderer._current.executor._processes, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "weidu_portal.settings"}
    done = subprocess.run(
        [sys.executable, str(script)], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=60
    )
    children = [int(pid) for pid in done.stdout.split()]
    assert len(children) > 0
    assert [pid for pid in children if not _ends_soon(pid)] == []


def _ends_soon(pid: int) -> bool:
    import time

    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_the_render_environment_is_a_digest_that_follows_the_fonts(settings, tmp_path):
    before = pdf.render_environment()
    assert len(before) == 64
    assert pdf.render_environment() == before
    (tmp_path / "own.otf").write_bytes(fonts.sans_path().read_bytes())
    settings.FONT_DIR = str(tmp_path)
    assert pdf.render_environment() != before


# -- fonts


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("魏都区樊沟社区“五星”支部 3.50％ ①★☆㎡×÷\n\t", set()),
        ("䶮", set()),
        ("好😀", {"😀"}),
        ("私\ue000用", {"\ue000"}),
        ("零\u200b宽", {"\u200b"}),
    ],
)
def test_characters_that_no_font_can_draw_are_named(text, missing):
    assert pdf.missing_characters(text) == missing


def test_the_whole_of_gb2312_can_be_drawn():
    levels = "".join(
        bytes([high, low]).decode("gb2312", "ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)
    )
    assert (len(levels), pdf.missing_characters(levels)) == (6763, set())


def test_the_folder_of_the_district_comes_first(settings, tmp_path):
    own = tmp_path / "fonts & more"
    own.mkdir()
    (own / "b.ttf").write_bytes(b"")
    (own / "readme.txt").write_bytes(b"")
    settings.FONT_DIR = str(own)
    assert fonts.font_files() == [own / "b.ttf", fonts.serif_path(), fonts.sans_path()]
    folders = [line.strip() for line in fonts.config_text(tmp_path).splitlines() if "<dir>" in line]
    assert folders == [f"<dir>{tmp_path}/fonts &amp; more</dir>", f"<dir>{fonts.sans_path().parent}</dir>"]


def test_the_configuration_is_written_once(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    first = fonts.write_config()
    written = first.stat().st_mtime_ns
    assert (fonts.write_config(), first.stat().st_mtime_ns) == (tmp_path / "fonts" / "fonts.conf", written)
    assert [path.name for path in (tmp_path / "fonts").iterdir()] == ["fonts.conf"]


def test_a_forked_worker_draws_with_processes_of_its_own():
    pdf.render(PAGE)
    worker = os.fork()
    if worker == 0:
        os._exit(0 if renderer._current is None and renderer._lock.acquire(blocking=False) else 1)
    assert os.waitpid(worker, 0)[1] == 0
    assert renderer._current is not None
