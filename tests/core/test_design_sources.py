"""Templates, style sheets and modules keep the content policy and the browser floor by what is written in them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# templates/pdf is drawn by WeasyPrint, the sheets of print (pdf….css) too: no browser sees them.
TEMPLATES = [path for path in sorted((ROOT / "templates").rglob("*.html")) if "pdf" not in path.parts]
SHEETS = [path for path in sorted((ROOT / "static/css").glob("*.css")) if not path.name.startswith("pdf")]
MODULES = sorted((ROOT / "static/js").glob("*.js"))

INLINE = {
    "style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "script without src": re.compile(r"<script(?![^>]*\ssrc=)", re.I),
    "event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "htmx evaluation": re.compile(r"hx-on|hx-vars|js:|javascript:", re.I),
    "another host": re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", re.I),
}
ABOVE_CHROMIUM_86 = re.compile(
    r":has\(|:is\(|:where\(|color-mix\(|oklch\(|oklab\(|@layer|@container|(?<![\w-])inset\s*:|aspect-ratio\s*:"
    r"|accent-color\s*:|(?:margin|padding)-(?:inline|block)\s*:|(?<![\w-])(?:translate|rotate|scale)\s*:|\d(?:dvh|svh|lvh)\b"
)
TOO_NEW_FOR_MODULES = re.compile(
    r"\.at\(|structuredClone|Object\.hasOwn|randomUUID|\.findLast|AbortSignal\.timeout|\beval\("
)


def named(paths: list[Path]) -> list:
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


@pytest.mark.parametrize("path", named(TEMPLATES))
def test_a_template_holds_nothing_inline_and_names_no_other_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [fault for fault, pattern in INLINE.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", named(SHEETS))
def test_a_sheet_is_read_by_chromium_86(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert ABOVE_CHROMIUM_86.findall(text) == []
    assert re.findall(r"@import|url\(\s*['\"]?(?:https?:)?//", text) == []


@pytest.mark.parametrize("path", named(SHEETS))
def test_a_sheet_nests_nothing(path: Path) -> None:
    """Rules stand at the top or directly inside one @media block."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    flat = re.sub(r"@media[^{]*\{((?:[^{}]*\{[^{}]*\})*\s*)\}", r"\1", text)
    assert re.findall(r"\{[^{}]*\{", flat) == []


@pytest.mark.parametrize("path", named(MODULES))
def test_a_module_is_small_and_read_by_chromium_86(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert TOO_NEW_FOR_MODULES.findall(text) == []
    assert len(text.splitlines()) <= 200


def test_the_patterns_find_what_they_look_for() -> None:
    assert INLINE["style attribute"].search('<p class="a" style="x">')
    assert INLINE["script without src"].search("<script>")
    assert not INLINE["script without src"].search('<script src="/static/js/confirm.js" type="module"></script>')
    assert INLINE["event attribute"].search('<a onclick="x">')
    assert ABOVE_CHROMIUM_86.search("a:has(b) {}")


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TOKENS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")))
TEXT_ON = [
    *(
        (ink, ground)
        for ink in ("ink", "ink-quiet", "link", "red")
        for ground in ("ground", "surface", "surface-quiet")
    ),
    *((word, f"{word}-wash") for word in ("good", "info", "warn", "bad")),
    ("red-deep", "red-wash"),
    ("on-red", "red"),
    *((name, "surface") for name in TOKENS if name.startswith("star-")),
]


@pytest.mark.parametrize(("ink", "ground"), TEXT_ON)
def test_text_reaches_the_contrast_of_level_aa(ink: str, ground: str) -> None:
    assert contrast(TOKENS[ink], TOKENS[ground]) >= 4.5


def test_borders_of_controls_are_seen() -> None:
    assert contrast(TOKENS["line-strong"], TOKENS["surface"]) >= 3


def test_every_star_has_a_colour_of_its_own() -> None:
    stars = [value for name, value in TOKENS.items() if name.startswith("star-")]
    assert (len(stars), len(set(stars))) == (8, 8)
