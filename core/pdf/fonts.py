"""Which fonts print: the district's own folder first, then the free Noto SC fonts that ship with the portal.

System fonts are left out on purpose: the same document must look the same on every machine.
"""

from __future__ import annotations

import hashlib
import logging
import os
import struct
import time
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from pylopdf_fonts_zh_cn import sans_path, serif_path

log = logging.getLogger(__name__)
SANS, SERIF = "Noto Sans SC", "Noto Serif SC"
LOOKED_AT_AGAIN = 30  # seconds
FONT_SUFFIXES = (".otf", ".ttf", ".ttc", ".otc")

# The names that GB/T 9704 and Office documents use → what stands in when the district has not the real one.
STAND_INS = {
    "仿宋_GB2312": ("仿宋", "FangSong", "FandolFang", "FandolFang R", SERIF),
    "仿宋": ("仿宋_GB2312", "FangSong", "FandolFang", "FandolFang R", SERIF),
    "方正小标宋简体": ("方正小标宋_GBK", "FZXiaoBiaoSong-B05S", SERIF),
    "宋体": ("SimSun", SERIF),
    "楷体_GB2312": ("楷体", "KaiTi", "LXGW WenKai", "FandolKai", SERIF),
    "楷体": ("楷体_GB2312", "KaiTi", "LXGW WenKai", "FandolKai", SERIF),
    "黑体": ("SimHei", SANS),
    "serif": (SERIF,),
    "sans-serif": (SANS,),
    "monospace": (SANS,),
}


def font_files() -> list[Path]:
    """The font files in force, the district's first."""
    own = Path(settings.FONT_DIR) if settings.FONT_DIR else None
    found = sorted(own.rglob("*")) if own and own.is_dir() else []
    return [*(path for path in found if path.suffix.lower() in FONT_SUFFIXES), serif_path(), sans_path()]


def write_config() -> Path:
    """Write fonts.conf into the data folder (only when it changed) and return its path."""
    folder = Path(settings.DATA_DIR) / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    target, content = folder / "fonts.conf", config_text(folder / "cache")
    if not target.exists() or target.read_text("utf-8") != content:
        incoming = folder / f"fonts.conf.{os.getpid()}"
        incoming.write_text(content, "utf-8")
        incoming.replace(target)
    return target


def config_text(cache: Path) -> str:
    """The fontconfig document: folders, its own cache, stand-ins."""
    folders = [*([settings.FONT_DIR] if settings.FONT_DIR else []), str(sans_path().parent)]
    lines = [
        '<?xml version="1.0"?>',
        '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
        "<fontconfig>",
        *(f"  <dir>{escape(folder)}</dir>" for folder in folders),
        f"  <cachedir>{escape(str(cache))}</cachedir>",
        *(_alias(name, stand_ins) for name, stand_ins in STAND_INS.items()),
        _alias_of_last_resort(),
        "</fontconfig>",
        "",
    ]
    return "\n".join(lines)


def _alias(name: str, stand_ins: tuple[str, ...]) -> str:
    families = "".join(f"<family>{escape(family)}</family>" for family in stand_ins)
    return f'  <alias binding="same"><family>{escape(name)}</family><accept>{families}</accept></alias>'


def _alias_of_last_resort() -> str:
    """An unknown family falls back to Serif, a missing glyph to the other face."""
    edits = "".join(f"<string>{family}</string>" for family in (SERIF, SANS))
    return f'  <match target="pattern"><edit name="family" mode="append_last">{edits}</edit></match>'


@lru_cache(maxsize=4)
def _digests(files: tuple[tuple[str, int, int], ...]) -> tuple[str, ...]:
    return tuple(hashlib.sha256(Path(name).read_bytes()).hexdigest() for name, _size, _changed in files)


def font_digests() -> tuple[str, ...]:
    """SHA-256 of every font file in force, in their order."""
    return _digests(_state_of_files())


def _state_of_files() -> tuple[tuple[str, int, int], ...]:
    return tuple((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in font_files())


@lru_cache(maxsize=4)
def _covered(files: tuple[tuple[str, int, int], ...]) -> frozenset[int]:
    covered: set[int] = set()
    for name, _size, _changed in files:
        for font in readable_faces(name):
            covered.update(font.getBestCmap() or {})
            font.close()
    return frozenset(covered)


def readable_faces(name: str) -> list[Any]:
    """The fonts in a file; none when it cannot be read, as fontconfig leaves it out too."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    is_collection = name.lower().endswith(("ttc", "otc"))
    try:
        found = list(TTCollection(name, lazy=True).fonts) if is_collection else [TTFont(name, lazy=True)]
        return [font for font in found if "cmap" in font and "name" in font and font.getBestCmap()]
    except (TTLibError, OSError, AssertionError, KeyError, ValueError, struct.error) as error:
        log.warning("font not used: %s %s", name, error)
        return []


def missing_characters(text: str) -> set[str]:
    """Characters of `text` that no font in force can draw: an official print refuses instead of printing boxes."""
    return _outside(text, _covered(_state_of_files()))


def unprintable(text: str) -> set[str]:
    """The same for text being typed: the fonts are looked at again every half minute only."""
    if text.isascii():
        return set()
    return _outside(text, _covered(_lately(settings.FONT_DIR, int(time.monotonic() // LOOKED_AT_AGAIN))))


def _outside(text: str, covered: frozenset[int]) -> set[str]:
    return {character for character in set(text) if ord(character) not in covered and character not in "\n\r\t"}


@lru_cache(maxsize=2)
def _lately(_folder: str, _moment: int) -> tuple[tuple[str, int, int], ...]:
    return _state_of_files()
