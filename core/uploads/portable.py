"""PDF files are kept as they are, when they hold nothing that acts: no script, no program to start, no file inside.

The bytes are searched, not the document as one reader would understand it: names are found wherever they stand, also
written with #-escapes, also in object streams.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from core.uploads.kinds import PORTABLE, Kind, Refused

MOST_INFLATED = 64 * 1024 * 1024
MOST_STREAMS = 20_000
_GLIMPSE = 200
_STREAM = re.compile(rb"stream\r?\n")
# An object stream begins with pairs of numbers.
_OBJECTS = re.compile(rb"[\s\x00]*(?:%[^\r\n]*[\r\n][\s\x00]*)*[0-9]+[\s\x00]+[0-9]+")
_TOO_MUCH = "PDF 内容过大，无法检查，请用“打印为 PDF”另存一份再传。"
_WORDS = {
    "JavaScript": "脚本",
    "Launch": "启动程序的指令",
    "EmbeddedFile": "附带的文件",
    "EmbeddedFiles": "附带的文件",
    "RichMedia": "多媒体",
    "XFA": "动态表单",
}


def _name(word: str) -> bytes:
    """A pattern of a PDF name: every letter plain or as #xx."""
    letters = (b"(?:%s|#%s)" % (letter.encode(), _hex(letter)) for letter in word)
    return b"".join(letters)


def _hex(letter: str) -> bytes:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in f"{ord(letter):02x}").encode()


_END = rb"(?=[\s\x00()<>\[\]{}/%])"
_ACTING = {word: re.compile(rb"/" + _name(word) + _END) for word in _WORDS}
_ENCRYPTED = re.compile(rb"/" + _name("Encrypt") + _END)
_OBJECT_STREAM = re.compile(rb"/" + _name("ObjStm") + _END)


def inspect(source: Path) -> Kind:
    """Refused when the file is locked, not whole, something else besides, or holds what acts."""
    content = source.read_bytes()
    if b"%%EOF" not in content[-2048:]:
        raise Refused("PDF 文件不完整，请重新导出后再传。")
    if b"PK\x05\x06" in content[-66_000:]:
        raise Refused("这个 PDF 文件里混有其他格式的内容，请重新导出后再传。")
    if _ENCRYPTED.search(content):
        raise Refused("PDF 加了密码或权限限制，无法检查，请取消加密后再传。")
    _search(content)
    for objects in _object_streams(content):
        _search(objects)
    return PORTABLE


def _search(content: bytes) -> None:
    for word, pattern in _ACTING.items():
        # Most files hold neither the word nor an escape: looking for plain bytes is a hundred times faster.
        if (word.encode() in content or b"#" in content) and pattern.search(content):
            raise Refused(f"PDF 里有{_WORDS[word]}，为了安全不能收，请用“打印为 PDF”另存一份再传。")


def _object_streams(content: bytes) -> Iterator[bytes]:
    """Every stream that holds objects, inflated; Refused for one that says it does and cannot be read."""
    declared = [match.start() for match in _OBJECT_STREAM.finditer(content)]
    inflated, left = 0, MOST_INFLATED
    if content.count(b"stream") > 2 * MOST_STREAMS:
        raise Refused(_TOO_MUCH)
    for match in _STREAM.finditer(content):
        if _is_objects(content, match.end()):
            objects = zlib.decompressobj().decompress(content[match.end() :], left)
            left -= len(objects)
            inflated += 1
            if left <= 0:
                raise Refused(_TOO_MUCH)
            yield objects
    if inflated < len(declared):
        raise Refused("PDF 的内部结构无法检查，请用“打印为 PDF”另存一份再传。")


def _is_objects(content: bytes, start: int) -> bool:
    try:
        head = zlib.decompressobj().decompress(content[start : start + 4096], _GLIMPSE)
    except zlib.error:
        return False
    return _OBJECTS.match(head) is not None
