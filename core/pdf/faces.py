"""Which face prints under each name of GB/T 9704, and from which file: what fontconfig will choose, said to people."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from core.pdf import fonts

# The names that documents of the standard are set in, and what for.
USES = {
    "方正小标宋简体": "标题（二号）",
    "仿宋_GB2312": "正文、三级以下标题（三号）",
    "黑体": "一级标题、表头",
    "楷体_GB2312": "二级标题",
    "宋体": "页码（四号）、页眉和编号",
}
_FAMILY_NAMES = {1, 4, 16}


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font file in force: its families in every language, how many characters it has; none when it cannot be read."""

    path: str
    families: frozenset[str]
    characters: int
    is_own: bool

    @property
    def name(self) -> str:
        return Path(self.path).name

    @property
    def is_readable(self) -> bool:
        return bool(self.families)


@dataclass(frozen=True, slots=True)
class Face:
    """What prints under a name: the family and file in force; `is_exact`: the face of that name itself."""

    name: str
    use: str
    family: str
    file: FontFile
    is_exact: bool


def font_files() -> list[FontFile]:
    """Every file in force, the district's own first."""
    return [_file(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in fonts.font_files()]


def faces_in_force() -> list[Face]:
    """The faces of the standard, in the order of `USES`."""
    files = font_files()
    return [_face(name, use, files) for name, use in USES.items()]


def faces_digest() -> str:
    """Changes when another file is in force."""
    return hashlib.sha256("".join(fonts.font_digests()).encode()).hexdigest()[:16]


def _face(name: str, use: str, files: list[FontFile]) -> Face:
    for family in (name, *fonts.STAND_INS[name]):
        found = next((file for file in files if family in file.families), None)
        if found is not None:
            return Face(name, use, family, found, family == name)
    raise LookupError(name)  # the fonts that ship end every list


@lru_cache(maxsize=256)
def _file(path: str, _size: int, _changed: int) -> FontFile:
    families: set[str] = set()
    characters: set[int] = set()
    for font in fonts.readable_faces(path):
        families |= {str(record) for record in font["name"].names if record.nameID in _FAMILY_NAMES}
        characters.update(font.getBestCmap() or {})
        font.close()
    return FontFile(path, frozenset(families), len(characters), _is_own(path))


def _is_own(path: str) -> bool:
    return bool(settings.FONT_DIR) and Path(path).is_relative_to(settings.FONT_DIR)
