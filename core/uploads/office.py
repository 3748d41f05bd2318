"""docx and xlsx are kept as they are, when they hold neither macros nor objects and fetch nothing from outside."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any
from xml.parsers import expat

from core.uploads.kinds import SHEET, TAKEN, TEXT, Kind, Refused

MOST_MEMBERS = 2000
MOST_UNPACKED = 100 * 1024 * 1024
HIGHEST_RATIO = 200
LARGEST_PART = 2 * 1024 * 1024

_MAIN = {"word/document.xml": TEXT, "xl/workbook.xml": SHEET}
_ACTING = ("vbaproject", "activex", "embeddings/", "macrosheets/", "externallinks/", "oleobject")
_MISSHAPED = "文件结构不正常，请用 WPS 或 Office 打开后另存一份再传。"


def inspect(source: Path) -> Kind:
    """Refused when it is no plain docx or xlsx, or holds what acts or reaches out."""
    try:
        with zipfile.ZipFile(source) as archive:
            return _inspect(archive, source.stat().st_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Refused("文件打不开或不完整，请另存一份再传。") from error


def _inspect(archive: zipfile.ZipFile, size: int) -> Kind:
    members = archive.infolist()
    names = [member.filename for member in members]
    kind = next((_MAIN[name] for name in names if name in _MAIN), None)
    if kind is None or "[Content_Types].xml" not in names:
        raise Refused(f"压缩包和 OFD 等文件不能收，{TAKEN}。")
    _check_shape(archive, members, size)
    if any(word in name.lower() for name in names for word in _ACTING):
        raise Refused("文件里有宏、控件、嵌入的对象或外部链接，为了安全不能收，请另存为 PDF 再传。")
    if "macroenabled" in _read(archive, "[Content_Types].xml").decode("utf-8", "replace").lower():
        raise Refused("文件里有宏，为了安全不能收，请另存为 PDF 再传。")
    for name in names:
        if name.lower().endswith(".rels"):
            _check_relations(_read(archive, name))
    return kind


def _check_shape(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], size: int) -> None:
    names = [member.filename for member in members]
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or unpacked > HIGHEST_RATIO * size:
        raise Refused("文件展开后过大，不能收，请另存为 PDF 再传。")
    if len(set(names)) < len(names) or archive.comment or members[0].header_offset != 0:
        raise Refused(_MISSHAPED)
    if any(name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") for name in names):
        raise Refused(_MISSHAPED)
    if any(member.flag_bits & 1 for member in members):
        raise Refused("文件加了密码，无法检查，请取消密码后再传。")


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        content = part.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART:
        raise Refused(_MISSHAPED)
    return content


def _check_relations(content: bytes) -> None:
    """Links that a person clicks may lead outside; what is loaded by itself (template, picture, object) may not."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.StartElementHandler = _check_relation
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Refused(_MISSHAPED) from error


def _no_doctype(*declared: Any) -> None:
    raise Refused(_MISSHAPED)


def _check_relation(tag: str, attributes: dict[str, str]) -> None:
    is_link = attributes.get("Type", "").endswith("/hyperlink")
    if attributes.get("TargetMode", "").lower() == "external" and not is_link:
        raise Refused("文件会从外部加载模板、图片或对象，为了安全不能收，请另存为 PDF 再传。")
