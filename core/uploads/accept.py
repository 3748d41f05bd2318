"""The near side: an upload becomes bytes that may be kept, or is refused in words; nothing of it stays behind."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from core.errors import Invalid
from core.text import clean_text, mask_private
from core.uploads.apart import ask_child, check_size, put, refused

NAME_LENGTH = 100
LONGEST_NAME = 200
_UNREADABLE = "文件无法检查（过于复杂或已损坏），请另存为 JPG 或 PDF 再传。"


@dataclass(frozen=True)
class Accepted:
    """What may be kept: `content` is the redrawn picture or the document itself, `sha256` that of what was sent."""

    content: bytes
    media_type: str
    extension: str
    sha256: str
    name: str


def accept(upload: UploadedFile) -> Accepted:
    """Look at an upload in a child process with limits; Invalid (field `file`) with a Chinese sentence."""
    check_size(upload, "，请压缩后再传")
    name = clean_name(upload.name or "")
    with tempfile.TemporaryDirectory(prefix="upload-") as folder:
        source, target = Path(folder) / "source", Path(folder) / "target"
        sha256 = put(upload, source)
        found = ask_child("core.uploads.child", source, target, unreadable=_UNREADABLE)
        content = (target if target.exists() else source).read_bytes()
    return Accepted(content, found["media_type"], found["extension"], sha256, _fitting(name, found["extension"]))


def clean_name(raw: str) -> str:
    """The last part of the name, cleaned, with private numbers masked; Invalid when it is too long."""
    last = raw.replace("\\", "/").rpartition("/")[2]
    if len(last) > LONGEST_NAME or len(last.encode("utf-8", "replace")) > 255:
        raise refused("文件名太长，请改短后再传。")
    try:
        name = clean_text(last, max_length=LONGEST_NAME, label="文件名", is_single_line=True, is_printed=False)
    except Invalid as error:
        raise refused(error.message) from error
    return mask_private(name.strip(". "))


def _fitting(name: str, extension: str) -> str:
    """The stem of what it was called with the extension of what it is."""
    stem = name.rpartition(".")[0] or name or "文件"
    return f"{stem[: NAME_LENGTH - len(extension) - 1]}.{extension}"
