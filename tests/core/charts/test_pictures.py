"""The SVG of a chart: one for page and paper, escaped, without style, drawn by WeasyPrint without a complaint."""

import io
import re

import pypdf
import pytest
from django.template import Context, Template

from core import pdf
from core.charts import Bar, Cell, Column, Point, Row, Spoke
from core.pdf import renderer

FIGURES = {
    "spokes": [Spoke(f"第{place}星", 0.7, f"{place} / 9 分", 0.8) for place in range(1, 6)],
    "points": [Point(f"{month}月", 70.0 + month, str(70 + month), "a") for month in range(1, 13)],
    "bars": [Bar("府后社区", 88, "88 分", True, 80), Bar("七一社区", 77, "77 分", False, 80)],
    "columns": [Column("1", "支部过硬"), Column("2", "支部过硬")],
    "rows": [Row("府后社区", [Cell(1.0, "3"), Cell(None, "不涉及", "out")])],
}
TAGS = {
    "radar": "{% chart_radar spokes title table=table %}",
    "line": "{% chart_line points 100 title table=table %}",
    "bars": "{% chart_bars bars 100 title table=table %}",
    "heat": "{% chart_heat columns rows title table=table %}",
}


@pytest.fixture(scope="module", autouse=True)
def processes():
    yield
    renderer.shut_down()


def drawn(kind: str, **more: object) -> str:
    template = Template("{% load charts %}" + TAGS[kind])
    return template.render(Context({**FIGURES, "title": "各星", "table": True, **more}))


@pytest.mark.parametrize("kind", TAGS)
def test_a_chart_says_its_figures_and_has_a_table(kind: str) -> None:
    text = drawn(kind)
    assert (text.count("<title>各星</title>"), text.count("<desc>"), text.count("<table")) == (1, 1, 1)
    assert re.search(r"<desc>[^<]{8,}</desc>", text)
    assert drawn(kind, table=False).count("<table") == 0


@pytest.mark.parametrize("kind", TAGS)
def test_a_chart_carries_no_style_and_no_reference(kind: str) -> None:
    assert re.findall(r"\sstyle=|<style|\bid=|href|url\(", drawn(kind)) == []


@pytest.mark.parametrize("kind", TAGS)
def test_words_in_a_chart_are_escaped(kind: str) -> None:
    bad = "<b onclick=x()>"
    more = {
        "spokes": [Spoke(bad, 0.5, bad) for _ in range(5)],
        "points": [Point(bad, 1, bad)],
        "bars": [Bar(bad, 1, bad)],
        "columns": [Column(bad, bad)],
        "rows": [Row(bad, [Cell(0.5, bad)])],
    }
    text = drawn(kind, title=bad, **more)
    assert "<b " not in text
    assert "&lt;b onclick" in text


def test_paper_draws_all_of_them_with_their_words() -> None:
    content = pdf.render("".join(drawn(kind, table=False) for kind in TAGS), css="@page { size: A4 }")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    words = ("第3星", "3 / 9 分", "12月", "82", "府后社区", "88 分", "支部过硬")
    assert [word for word in words if word not in text] == []


def test_the_words_around_a_chart_are_the_callers() -> None:
    points = [Point("1月", 70.0, "70", "a"), Point("2月", 71.0, "71", "b")]
    tag = "{% load charts %}{% chart_line points 100 'x' key='月份' break_note='另一版标准' %}"
    text = Template(tag).render(Context({"points": points}))
    assert re.findall(r'<th scope="col">([^<]+)</th>', text) == ["月份", "数值"]
    assert re.findall(r"<figcaption[^>]*>([^<]+)<", text) == ["另一版标准"]
    plain = drawn("line", points=points)
    assert re.findall(r"<figcaption[^>]*>([^<]+)<", plain) == ["竖虚线前后不可比，不相连。"]
