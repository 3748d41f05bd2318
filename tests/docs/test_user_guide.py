"""docs/user-guide.md quotes the pages: every 「…」 stands in a template, a view or a script; its figures are right."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache

import pytest

from core.middleware import IDLE_LIMIT, SESSION_LIMIT
from scoring.calc.counted import NOT_APPLICABLE, POINTS, Counted
from scoring.calc.stars import rate
from scoring.services.unlock import LONGEST
from tests.architecture.ground import APPS, python_files, scripts, template_files, words_of
from tests.docs.blocks import DOCS, table
from tests.scoring.calc.build import rubric, star

PAGE = DOCS / "user-guide.md"


def quoted() -> list[str]:
    return sorted(set(re.findall(r"「([^」]+)」", PAGE.read_text("utf-8"))))


def plain(text: str) -> str:
    """Words of a template or string as a person sees them; what is filled in stands as N, blanks are dropped."""
    filled = re.sub(r"\{\{.*?\}\}|\$?\{[^{}%]*\}|\{%\s*(?:firstof|blocktranslate).*?%\}", "N", text, flags=re.DOTALL)
    bare = re.sub(r"\{%.*?%\}|\{#.*?#\}|<[^>]*>", "", filled, flags=re.DOTALL)
    return re.sub(r"\s+", "", bare)


@cache
def shown() -> str:
    """All words of pages, views and scripts, one piece a line."""
    pieces = [path.read_text("utf-8") for path in (*template_files(), *scripts()) if path.suffix in (".html", ".js")]
    lines = [piece for text in pieces for piece in _pieces(text)]
    strings = [text for app in APPS for path in python_files(app) for _, text in words_of(path)]
    return "\n".join(plain(line) for line in (*lines, *strings))


def _pieces(text: str) -> list[str]:
    """A button may say one of several things: each branch is a piece of its own, and so is the whole line."""
    return [
        *text.splitlines(),
        *re.split(r"\{%\s*(?:el)?(?:if|se|endif)\b[^%]*%\}|\n", text),
        *re.findall(r">([^<>]*)<", text),
    ]


@pytest.mark.parametrize("words", quoted())
def test_quoted_words_stand_on_a_page(words: str) -> None:
    assert re.sub(r"\s+", "", words) in shown()


@pytest.mark.parametrize("words", ["立即上报", "其余 N 项都不看"])
def test_words_that_no_page_has_are_noticed(words: str) -> None:
    assert re.sub(r"\s+", "", words) not in shown()


def test_the_guide_quotes_enough_to_be_followed() -> None:
    assert len(quoted()) > 70


def test_limits_are_those_of_the_code(settings) -> None:
    text = PAGE.read_text("utf-8")
    lengths = [rule["OPTIONS"]["min_length"] for rule in settings.AUTH_PASSWORD_VALIDATORS if "OPTIONS" in rule]
    assert f"至少 {lengths[0]} 个字符" in text
    assert (timedelta(hours=1), timedelta(hours=8), timedelta(days=7)) == (IDLE_LIMIT, SESSION_LIMIT, LONGEST)
    assert [said for said in ("一小时没有操作", "满八小时", "七天之内") if said not in text] == []


def test_the_example_is_right() -> None:
    three = rubric(star("a", [500, 500, 1000], 1))
    for case, points, applicable, line, verdict in table(PAGE, "分数怎么来的"):
        given = [_counted(cell) for cell in case.removeprefix("得 ").split("、")]
        result = rate(three, dict(enumerate(given, 1)), (), 2).stars[0]
        short = "得" if result.won else f"差 {result.missing / 100:g}"
        figures = [result.points, result.applicable, result.applicable * 80 // 100]
        assert [*(f"{value / 100:g}" for value in figures), short] == [points, applicable, line, verdict], case


def _counted(cell: str) -> Counted:
    if cell == "不涉及":
        return Counted(NOT_APPLICABLE, None, "task_force", None, False, False)
    return Counted(POINTS, round(float(cell) * 100), "task_force", None, False, False)
