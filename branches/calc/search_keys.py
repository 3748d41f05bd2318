"""What a name is found by besides itself: pinyin initials and full pinyin, with several readings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from pypinyin import Style, lazy_pinyin, pinyin

MAX_READINGS = 8
MAX_LENGTH = 400


def search_keys(name: str) -> str:
    """` fhsq fuhoushequ `: space before and after each key, so that ` fh` finds a beginning; at most 400 characters.

    The usual reading comes first, then those that differ in one character: 长青 is found by cq and by zq.
    """
    name = "".join(character for character in name if character.isalnum())
    return _joined([*_readings(name, Style.FIRST_LETTER), *_readings(name, Style.NORMAL)])


def _readings(name: str, style: Style) -> list[str]:
    usual = [part.lower() for part in lazy_pinyin(name, style=style, errors=list)]  # type: ignore[arg-type]
    return list(islice(dict.fromkeys(_variants(name, usual, style)), MAX_READINGS))


def _variants(name: str, usual: list[str], style: Style) -> Iterator[str]:
    yield "".join(usual)
    if len(usual) != len(name):
        return
    for place, character in enumerate(name):
        for other in pinyin(character, style=style, heteronym=True)[0]:
            yield "".join([*usual[:place], other.lower(), *usual[place + 1 :]])


def _joined(keys: Iterable[str]) -> str:
    text = " "
    for key in dict.fromkeys(keys):
        if key and len(text) + len(key) + 1 <= MAX_LENGTH:
            text += f"{key} "
    return text if text.strip() else ""
