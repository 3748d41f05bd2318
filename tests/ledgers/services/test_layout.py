"""GB/T 9704-2012 measured on the drawn page: margins, the text area of 156 × 225 mm, lines, faces, page numbers."""

from __future__ import annotations

from functools import cache

import pytest

from core import pdf
from ledgers.services import drawing
from tests.core.pdf.measure import MM, Mark, Page, pages_of
from tests.ledgers.services.test_drawing import drawn

# Millimetres from the left and the top: a standing page, and the same page turned to the right.
STANDING = (28.0, 37.0, 184.0, 262.0)
ACROSS = (35.0, 28.0, 260.0, 184.0)
INK = 0.3
KINDS = ["community", "incomplete", "street", "task_force", "ranking", "items", "community draft", "ranking draft"]


@cache
def pages(name: str) -> list[Page]:
    return pages_of(drawn(name))


@cache
def letter() -> list[Page]:
    """A document of running text: title, addressee, headings of three levels, three pages of text, a signature."""
    text = "".join(f"<p>{'魏都区五星支部创建' * 40}。</p>" for _ in range(5))
    html = (
        "<body data-head='' data-label='' data-foot='' data-digest=''><h1>关于考评的通报</h1><p class='to'>各街道：</p>"
        f"<h2>总体情况</h2><h3>得星情况</h3>{text}"
        "<div class='by'><div><p>魏都区创建办</p><p>2026年11月10日</p></div></div></body>"
    )
    return pages_of(pdf.render(html, css=drawing.style()))


def text_area(page: Page) -> tuple[float, float, float, float]:
    return ACROSS if page.width > page.height else STANDING


def widened(box: tuple[float, float, float, float], by: float) -> tuple[float, float, float, float]:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def touches(mark: Mark, box: tuple[float, float, float, float]) -> bool:
    return mark.right > box[0] and mark.left < box[2] and mark.bottom > box[1] and mark.top < box[3]


def of_size(page: Page, size: float) -> list[Mark]:
    return [mark for mark in page.marks if mark.size == pytest.approx(size, abs=0.1)]


def number_of(page: Page) -> tuple[Mark, Mark, list[Mark]]:
    """The two dashes and the figures of — 1 —: what stands in 14 points outside the text area."""
    area = page.inside(*widened(text_area(page), INK))
    marks = [mark for mark in of_size(page, 14) if mark not in area]
    first, *figures, last = marks
    assert (first.character, last.character) == ("—", "—")
    return first, last, figures


# -- the sheet and its text area


@pytest.mark.parametrize("name", KINDS)
def test_every_sheet_is_a4(name: str) -> None:
    found = {(round(page.width, 1), round(page.height, 1)) for page in pages(name)}
    assert found == ({(210.0, 297.0)} if "ranking" in name else {(297.0, 210.0)})


@pytest.mark.parametrize("name", KINDS)
def test_text_stands_wholly_inside_the_text_area_or_wholly_in_the_margin(name: str) -> None:
    for page in pages(name):
        inside = page.inside(*widened(text_area(page), INK))
        cut = [mark for mark in page.marks if mark not in inside and touches(mark, text_area(page))]
        assert [mark.character for mark in cut if mark.size < 90] == []  # 送审稿 lies across everything


@pytest.mark.parametrize("name", KINDS)
def test_nothing_comes_nearer_than_a_centimetre_to_the_edge(name: str) -> None:
    for page in pages(name):
        marks = [mark for mark in page.marks if mark.size < 90]
        assert min(mark.left for mark in marks) >= 10 <= page.width - max(mark.right for mark in marks)
        assert min(mark.top for mark in marks) >= 6 <= page.height - max(mark.bottom for mark in marks)


# -- running text


def lines(page: Page) -> list[list[Mark]]:
    """Full lines of 16-point text, by the height of their base line."""
    found: dict[float, list[Mark]] = {}
    for mark in of_size(page, 16):
        found.setdefault(round(mark.origin[1], 1), []).append(mark)
    return [found[height] for height in sorted(found)]


def test_a_page_of_running_text_has_22_lines() -> None:
    found = lines(letter()[1])
    assert len(found) == 22
    heights = [line[0].origin[1] for line in found]
    assert [round(after - before, 1) for before, after in zip(heights, heights[1:], strict=False)] == [10.2] * 21


def test_a_full_line_has_28_characters_over_156_millimetres() -> None:
    full = [line for line in lines(letter()[1]) if len(line) == 28]
    assert len(full) >= 15
    assert {round(line[0].origin[0], 1) for line in full} == {28.0}
    advance = 156 / 28
    assert max(abs(line[-1].origin[0] + advance - 184) for line in full) < 0.2


def test_a_paragraph_starts_two_characters_in() -> None:
    assert {round(line[0].origin[0] - 28, 1) for line in lines(letter()[1])} <= {0.0, round(2 * 156 / 28, 1)}


def test_sizes_and_faces_are_those_of_the_standard() -> None:
    """The free stand-ins: Serif for 小标宋, 仿宋, 楷体 and 宋体, Sans for 黑体."""
    page = letter()[0]
    title = of_size(page, 22)
    assert ("".join(mark.character for mark in title), {mark.face for mark in title}) == (
        "关于考评的通报",
        {"Noto-Serif-SC"},
    )
    assert abs((title[0].left + title[-1].right) / 2 - (28 + 78)) < 0.5  # centred over the text area
    heading = [mark for mark in of_size(page, 16) if mark.face == "Noto-Sans-SC"]
    assert "".join(mark.character for mark in heading) == "一、总体情况"
    assert "（一）得星情况" in page.text
    assert {mark.size for mark in page.inside(*STANDING)} == {16.0, 22.0}


def test_every_line_starts_on_the_second_page_where_the_first_one_does() -> None:
    first = lines(letter()[1])[0][0].origin[1]
    assert first == pytest.approx(37 + 10.2 * 0.68, abs=0.8)


# -- page numbers


@pytest.mark.parametrize("name", [*KINDS, "letter"])
def test_page_numbers_stand_seven_millimetres_below_the_text_odd_right_even_left(name: str) -> None:
    found = letter() if name == "letter" else pages(name)
    for number, page in enumerate(found, 1):
        first, last, figures = number_of(page)
        assert "".join(mark.character for mark in figures) == str(number)
        left, top, right, bottom = text_area(page)
        if page.width > page.height:  # the foot of the standing page lies at the left
            below = left - (first.left + first.right) / 2
            along = bottom - last.bottom if number % 2 else first.top - top
        else:
            below = (first.top + first.bottom) / 2 - bottom
            along = right - last.right if number % 2 else first.left - left
        assert below == pytest.approx(7, abs=0.5)
        assert along == pytest.approx(14 / MM, abs=0.6)  # one character free


@pytest.mark.parametrize("name", ["community", "ranking"])
def test_page_numbers_are_14_points_of_the_song_face(name: str) -> None:
    marks = [mark for page in pages(name) for mark in (lambda f: [f[0], f[1], *f[2]])(number_of(page))]
    assert {(mark.size, mark.face) for mark in marks} == {(14.0, "Noto-Serif-SC")}


# -- signature


def test_the_seal_finds_its_place_over_name_and_date() -> None:
    """Right of the text, four characters free beside the date, room above it for the greater part of a 42 mm seal."""
    page = letter()[-1]
    text, issuer, date = lines(page)[-3:]
    assert date[-1].origin[0] + 16 / MM == pytest.approx(184 - 4 * 16 / MM, abs=1)
    centre = [(line[0].left + line[-1].right) / 2 for line in (issuer, date)]
    assert centre[0] == pytest.approx(centre[1], abs=1)
    assert issuer[0].top - text[0].bottom >= 16
    assert 262 - date[0].bottom >= 12
