"""What a page may not hold: the content policy forbids inline style and script, Chromium 86 does not know newer CSS."""

from __future__ import annotations

import re

import pytest

from tests.architecture.ground import ROOT, find, scripts, style_sheets, template_files

INLINE = (
    r"<style\b",
    r"\sstyle\s*=",
    r"\son[a-z]+\s*=\s*[\"']",
    r"\shx-on\b",
    r"javascript:",
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>",
    r"\b(?:src|href|action)\s*=\s*[\"'](?:https?:)?//",
)
# Newer than Chromium 86, by the version that brought it.
NEW_CSS = {
    r":has\(": 105,
    r":is\(": 88,
    r":where\(": 88,
    r":not\([^()]*,": 88,
    r"color-mix\(": 111,
    r"\b(?:ok)?(?:lch|lab)\(": 111,
    r"@layer\b": 99,
    r"@container\b": 105,
    r"@scope\b": 118,
    r"\bsubgrid\b": 117,
    r"\binset\s*:": 87,
    r"\b(?:padding|margin)-(?:inline|block)\s*:": 87,
    r"\d(?:d|s|l)v[hw]\b": 108,
    r"@media[^{]*[<>]": 104,
    r"@import\b": 0,
    r"url\(\s*[\"']?(?:https?:)?//": 0,
}
NEW_JS = {
    r"\.at\(": 92,
    r"\.(?:toSorted|toReversed|findLast|findLastIndex)\(": 97,
    r"\bcrypto\.randomUUID\b": 92,
    r"\bstructuredClone\(": 98,
    r"\bObject\.(?:hasOwn|groupBy)\(": 93,
    r"\bAbortSignal\.(?:timeout|any)\(": 103,
    r"^await\b": 89,
    r"https?://(?!www\.w3\.org/)": 0,
}


def without_comments(css: str) -> str:
    """The same length and lines, so that findings keep their place."""
    return re.sub(r"/\*.*?\*/", lambda match: re.sub(r"[^\n]", " ", match.group()), css, flags=re.DOTALL)


def nested_rules(css: str) -> list[str]:
    """Selectors of rules that stand inside another rule; at-rules such as @media may hold rules."""
    nested, open_blocks = [], []
    for head, brace in re.findall(r"([^{}]*)([{}])", without_comments(css)):
        if brace == "}":
            open_blocks.pop()
            continue
        selector = head.rpartition(";")[2].strip()
        if open_blocks and not open_blocks[-1].startswith("@"):
            nested.append(selector)
        open_blocks.append(selector)
    return nested


def test_templates_hold_no_inline_style_or_script_and_no_other_host() -> None:
    pages = [path for path in template_files() if path.relative_to(ROOT / "templates").parts[0] != "pdf"]
    hits = [str(hit) for path in pages for pattern in INLINE for hit in find(pattern, path.read_text("utf-8"), path)]
    assert hits == []


def test_style_sheets_stay_within_chromium_86() -> None:
    texts = {path: without_comments(path.read_text("utf-8")) for path in style_sheets()}
    hits = [str(hit) for path, text in texts.items() for pattern in NEW_CSS for hit in find(pattern, text, path)]
    assert hits == []


def test_style_sheets_do_not_nest() -> None:
    nested = {path.name: nested_rules(path.read_text("utf-8")) for path in style_sheets()}
    assert {name: rules for name, rules in nested.items() if rules} == {}


def test_scripts_stay_within_chromium_86_and_name_no_other_host() -> None:
    hits = [
        str(hit)
        for path in scripts()
        for pattern in NEW_JS
        for hit in find(rf"(?m){pattern}", path.read_text("utf-8"), path)
    ]
    assert hits == []


@pytest.mark.parametrize(
    "markup",
    [
        "<style>",
        '<p style="color: red">',
        '<a onclick="x()">',
        "<script>x()</script>",
        '<div hx-on:click="x()">',
        '<a href="javascript:x()">',
        '<img src="//example.org/a.png">',
    ],
)
def test_the_scan_finds_what_is_inline(markup: str) -> None:
    assert sum(len(find(pattern, markup, ROOT / "x.html")) for pattern in INLINE) == 1


def test_the_scan_lets_modules_and_data_pass() -> None:
    markup = (
        '<script src="/static/js/a.js" type="module" defer></script><script type="application/json" id="a">1</script>'
    )
    assert [hit for pattern in INLINE for hit in find(pattern, markup, ROOT / "x.html")] == []


def test_the_scan_finds_nesting_but_not_media_queries() -> None:
    css = (
        "@media print { .a { color: red; } } .b { color: red; & .c { color: blue; } } .d { margin: 0; .e { top: 0; } }"
    )
    assert nested_rules(css) == ["& .c", ".e"]
