"""The near side: an upload becomes bytes that may be kept, or is refused in words; nothing of it stays behind."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from core.errors import Invalid
from core.text import clean_text, mask_private

MAX_BYTES = 10 * 1024 * 1024
NAME_LENGTH = 100
LONGEST_NAME = 200
SECONDS = 20
_START = (
    "import sys; sys.path.append(sys.argv.pop(1)); "
    "from pathlib import Path; from core.uploads.child import main; main(Path(sys.argv[1]), Path(sys.argv[2]))"
)
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
    size = upload.size or 0
    if size == 0:
        raise _invalid("文件是空的（0 字节），请重新选择。")
    if size > MAX_BYTES:
        raise _invalid(f"文件有 {size / 1024 / 1024:.1f} MB，最多 {MAX_BYTES // 1024 // 1024} MB，请压缩后再传。")
    name = clean_name(upload.name or "")
    with tempfile.TemporaryDirectory(prefix="upload-") as folder:
        source, target = Path(folder) / "source", Path(folder) / "target"
        sha256 = _write(upload, source)
        found = _ask(source, target)
        content = (target if target.exists() else source).read_bytes()
    return Accepted(content, found["media_type"], found["extension"], sha256, _fitting(name, found["extension"]))


def clean_name(raw: str) -> str:
    """The last part of the name, cleaned, with private numbers masked; Invalid when it is too long."""
    last = raw.replace("\\", "/").rpartition("/")[2]
    if len(last) > LONGEST_NAME or len(last.encode("utf-8", "replace")) > 255:
        raise _invalid("文件名太长，请改短后再传。")
    try:
        name = clean_text(last, max_length=LONGEST_NAME, label="文件名", is_single_line=True, is_printed=False)
    except Invalid as error:
        raise _invalid(error.message) from error
    return mask_private(name.strip(". "))


def _fitting(name: str, extension: str) -> str:
    """The stem of what it was called with the extension of what it is."""
    stem = name.rpartition(".")[0] or name or "文件"
    return f"{stem[: NAME_LENGTH - len(extension) - 1]}.{extension}"


def _write(upload: UploadedFile, target: Path) -> str:
    sha256 = hashlib.sha256()
    with target.open("wb") as opened:
        for chunk in upload.chunks():
            opened.write(chunk)
            sha256.update(chunk)
    return sha256.hexdigest()


def _ask(source: Path, target: Path) -> dict[str, Any]:
    """What the child says; a child that was stopped by its limits says nothing."""
    command = [sys.executable, "-I", "-c", _START, str(settings.BASE_DIR), str(source), str(target)]
    try:
        answer = subprocess.run(
            command, capture_output=True, timeout=SECONDS, env={"LANG": "C.UTF-8"}, cwd=source.parent, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _invalid(_UNREADABLE) from error
    if answer.returncode != 0:
        raise _invalid(_UNREADABLE)
    found: dict[str, Any] = json.loads(answer.stdout)
    if "refusal" in found:
        raise _invalid(found["refusal"])
    return found


def _invalid(message: str) -> Invalid:
    return Invalid(message, {"file": [message]})
