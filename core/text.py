"""Typed text: what is cleaned silently, what is refused, and what may be private.

Cleaned, because nobody means it: NFC, line ends, zero-width and bidi control characters, other control characters,
blanks at both ends (U+3000 as well). Refused, because it cannot be stored or read: NUL, lone surrogates, private-use
characters, too long, and what no font in force can print: everything typed may come to paper one day, and there a
letter that no font has would be an empty box.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.errors import Invalid
from core.fields import MAX_HUNDREDTHS
from core.pdf.fonts import unprintable

# -- text

_KEPT_CONTROLS = "\n\t"


def clean_text(
    raw: Any, *, max_length: int, label: str = "文字", is_single_line: bool = False, is_printed: bool = True
) -> str:
    """Cleaned text, possibly empty; Invalid with a Chinese sentence that names the field by `label`.

    `is_printed` is False for what never comes to paper (the name of a file, a search).
    """
    if not isinstance(raw, str):
        raise Invalid(f"{label}须是文字。")
    if len(raw) > 4 * max_length + 1000:
        raise Invalid(f"{label}最多 {max_length} 字。")
    if "\x00" in raw or any(unicodedata.category(character) in ("Cs", "Co") for character in raw):
        raise Invalid(f"{label}里有无法识别的字符，请重新输入。")
    text = unicodedata.normalize("NFC", re.sub(r"\r\n?", "\n", raw))
    text = "".join(character for character in text if _is_kept(character))
    text = " ".join(text.split()) if is_single_line else text.strip()
    if len(text) > max_length:
        raise Invalid(f"{label}最多 {max_length} 字，现有 {len(text)} 字。")
    return check_printable(text, label=label) if is_printed else text


def required_text(raw: Any, *, max_length: int, label: str, is_single_line: bool = False) -> str:
    """The same, refusing text that is empty after cleaning."""
    text = clean_text(raw, max_length=max_length, label=label, is_single_line=is_single_line)
    if not text:
        raise Invalid(f"请填写{label}。")
    return text


def check_printable(text: str, *, label: str = "文字") -> str:
    """The text itself; Invalid that names each character no font in force has, with its code point."""
    missing = unprintable(text)
    if missing:
        shown = "、".join(f"“{character}”（U+{ord(character):04X}）" for character in sorted(missing))
        raise Invalid(f"{label}里的{shown}打印字体中没有，请改用别的字，或请系统管理员装入含该字的字体。")
    return text


def _is_kept(character: str) -> bool:
    return character in _KEPT_CONTROLS or unicodedata.category(character) not in ("Cc", "Cf", "Cn")


# -- what may identify a resident


@dataclass(frozen=True)
class PrivacyFinding:
    """A piece of text that looks private: `kind` in words, where it stands, and how it may be masked."""

    kind: str
    text: str
    start: int
    masked: str


_GAP = r"[\s\-–—·.]?"
_NUMERAL = "[0-9一二三四五六七八九十]"
# Three digits or more are a room; fewer only when they say so; a number of things (24栋683户) is none.
_ROOM = r"(?:[0-9]{1,5}\s?(?:室|房)|[0-9]{3,5}(?![0-9户个人家栋平米元月年日层]))"
_PATTERNS = {
    "身份证号": re.compile(rf"(?<![0-9])(?:[1-9](?:{_GAP}[0-9]){{16}}{_GAP}[0-9Xx])(?![0-9])"),
    "手机号": re.compile(rf"(?<![0-9])(?:(?:\+|00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}(?![0-9])"),
    "固定电话": re.compile(r"(?<![0-9])(?:0[1-9][0-9]{1,2}[\s\-–—]?[2-9][0-9]{6,7}|[2-9][0-9]{6})(?![0-9])"),
    "房号": re.compile(
        rf"{_NUMERAL}{{1,4}}\s?(?:号楼|栋|幢|座|#)\s?(?:{_NUMERAL}{{1,3}}\s?单元\s?)?{_ROOM}"
        rf"|{_NUMERAL}{{1,3}}\s?单元\s?{_ROOM}"
        r"|(?<![0-9\-–—])[0-9]{1,3}[\-–—][0-9]{1,2}[\-–—][0-9]{3,4}(?![0-9\-–—])"
    ),
}
_KEEP_AT_ENDS = {"身份证号": (0, 0), "手机号": (3, 2), "固定电话": (0, 2), "房号": (0, 0)}
_DATE = re.compile(r"\d{1,2}[\-–—]\d{1,2}[\-–—](?:19|20)\d\d")


def privacy_findings(text: str) -> list[PrivacyFinding]:
    """Phone, identity-card and room numbers in the order they stand in; full-width digits count like plain ones."""
    plain = text.translate(_PLAIN_DIGITS)
    found: list[PrivacyFinding] = []
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(plain):
            if not _DATE.fullmatch(match[0]) and not any(_overlaps(match, other) for other in found):
                piece = text[match.start() : match.end()]
                found.append(PrivacyFinding(kind, piece, match.start(), _mask(kind, piece)))
    return sorted(found, key=lambda finding: finding.start)


def mask_private(text: str) -> str:
    """The text with every finding masked, as it is offered to the person."""
    for finding in reversed(privacy_findings(text)):
        text = text[: finding.start] + finding.masked + text[finding.start + len(finding.text) :]
    return text


def check_private(text: str, *, label: str = "文字") -> str:
    """The text itself; Invalid that names what looks private and says what to do."""
    findings = privacy_findings(text)
    if findings:
        kinds = "、".join(dict.fromkeys(finding.kind for finding in findings))
        raise Invalid(f"{label}里疑似有{kinds}，本系统不登记居民个人信息，请删去或隐去后再保存。")
    return text


def _overlaps(match: re.Match[str], other: PrivacyFinding) -> bool:
    return match.start() < other.start + len(other.text) and other.start < match.end()


def _mask(kind: str, piece: str) -> str:
    head, tail = _KEEP_AT_ENDS[kind]
    hidden = max(len(piece) - head - tail, 0)
    return piece[:head] + "＊" * hidden + piece[len(piece) - tail :] if tail else piece[:head] + "＊" * hidden


# -- points

_FULL_WIDTH = "０１２３４５６７８９．"
_PLAIN_DIGITS = str.maketrans(_FULL_WIDTH, "0123456789.")
_POINTS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,2})?")
_TOO_FINE = re.compile(r"[0-9]{1,6}\.[0-9]{3,}")
_LONGEST = 40

POINTS_HINT = "请填写数字，最多两位小数，例如 2 或 2.5。"


def parse_points(raw: Any, *, full: Decimal) -> Decimal:
    """Typed points as an exact decimal with two places between 0 and `full`; Invalid with a Chinese sentence.

    Blanks around and full-width digits of a Chinese keyboard are understood (`２．５`); nothing else is guessed: no
    sign, exponent, comma, percent sign, unit, Chinese numeral or third place.
    """
    if not isinstance(raw, str) or not raw.strip():
        raise Invalid("请填写分值。" if raw is None or isinstance(raw, str) else POINTS_HINT)
    text = raw.strip()
    if len(text) > _LONGEST:
        raise Invalid(f"分值过长。{POINTS_HINT}")
    plain = text.translate(_PLAIN_DIGITS)
    if not _POINTS.fullmatch(plain):
        raise Invalid(_why_no_points(plain, text))
    points = Decimal(plain).quantize(Decimal("0.01"))
    if points > min(full, Decimal(MAX_HUNDREDTHS).scaleb(-2)):
        raise Invalid(f"分值不能超过满分 {full.normalize():f} 分。")
    return points


def _why_no_points(plain: str, text: str) -> str:
    if plain.startswith(("-", "－", "−")):
        return "分值不能小于 0。"
    if _TOO_FINE.fullmatch(plain):
        return "分值最多两位小数。"
    if re.fullmatch(r"[0-9]{7,}(?:\.[0-9]*)?", plain):
        return "分值不能超过满分。"
    if plain.endswith(("%", "％")):
        return "请填写分值，不要填百分比。"
    if plain.endswith("分"):
        return "只填数字，不要写“分”字。"
    return f"“{clean_for_echo(text)}”不是分值。{POINTS_HINT}"


def clean_for_echo(text: str) -> str:
    """Input as it may be repeated in a message: only visible characters, at most twelve."""
    return "".join(character for character in text if character.isprintable())[:12]
