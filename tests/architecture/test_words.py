"""An app does not know the words of the apps to its right: a word gives away what an import would."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.ground import Hit, python_files, relative, words_of

UNKNOWN = {
    "core": ("branch", "branches", "grid", "grids", "star", "stars", "支部", "网格", "评星", "摘星", "社区", "街道"),
    "branches": (
        "score",
        "scores",
        "scoring",
        "star",
        "stars",
        "rubric",
        "rubrics",
        "assessment",
        "评星",
        "摘星",
        "得分",
    ),
    "grids": ("star", "stars", "score", "scores", "scoring", "rubric", "rubrics", "评星", "摘星", "得分"),
    "scoring": ("pdf", "weasyprint"),
}


def words(text: str) -> set[str]:
    """The English words of an identifier or a text, lower case; `StarKind` and `star_kind` give the same."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", text)}


def known_too_much(path: Path, unknown: tuple[str, ...]) -> list[Hit]:
    english = {word for word in unknown if word.isascii()}
    chinese = [word for word in unknown if not word.isascii()]
    return [
        Hit(relative(path), line, text)
        for line, text in words_of(path)
        if words(text) & english or any(word in text for word in chinese)
    ]


@pytest.mark.parametrize("app", UNKNOWN)
def test_an_app_does_not_know_what_stands_to_its_right(app: str) -> None:
    hits = [str(hit) for path in python_files(app) for hit in known_too_much(path, UNKNOWN[app])]
    assert hits == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("StarKind", {"star", "kind"}),
        ("starts_on", {"starts", "on"}),
        ("branches:login", {"branches", "login"}),
        ("drawPDF", {"draw", "pdf"}),
    ],
)
def test_words_are_taken_apart(text: str, found: set[str]) -> None:
    assert words(text) == found


def test_the_scan_reads_names_and_texts_but_no_prose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.architecture.ground.ROOT", tmp_path)
    module = tmp_path / "module.py"
    module.write_text(
        '"""About a star."""\nimport stars\n\n\ndef won(grid):  # a star\n    return "a star" + grid.label\n'
    )
    assert [hit.text for hit in known_too_much(module, ("star", "stars", "label"))] == ["stars", "a star", "label"]
