"""A file somebody sent is looked at in a child process with limits, never in the portal itself."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File

from core.errors import Invalid

MAX_BYTES = 10 * 1024 * 1024
SECONDS = 20
_START = (
    "import sys; sys.path.append(sys.argv.pop(1)); from importlib import import_module; from pathlib import Path; "
    "import_module(sys.argv.pop(1)).main(*map(Path, sys.argv[1:]))"
)


def check_size(upload: File[bytes], advice: str = "") -> None:
    """Invalid (field `file`) for nothing at all and for too much; `advice` says what to do about too much."""
    size = upload.size or 0
    if size == 0:
        raise refused("文件是空的（0 字节），请重新选择。")
    if size > MAX_BYTES:
        raise refused(f"文件有 {size / 1024 / 1024:.1f} MB，最多 {MAX_BYTES // 1024 // 1024} MB{advice}。")


def put(upload: File[bytes], target: Path) -> str:
    """Write an upload to a path; its SHA-256."""
    sha256 = hashlib.sha256()
    with target.open("wb") as opened:
        for chunk in upload.chunks():
            opened.write(chunk)
            sha256.update(chunk)
    return sha256.hexdigest()


def ask_child(module: str, *paths: Path, unreadable: str) -> dict[str, Any]:
    """What `main(*paths)` of a module prints as JSON, run in the folder of the first path.

    Invalid (field `file`): with the child's own words where it refuses, with `unreadable` where its limits stopped it.
    """
    command = [sys.executable, "-I", "-c", _START, str(settings.BASE_DIR), module, *map(str, paths)]
    try:
        answer = subprocess.run(
            command, capture_output=True, timeout=SECONDS, env={"LANG": "C.UTF-8"}, cwd=paths[0].parent, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise refused(unreadable) from error
    if answer.returncode != 0:
        raise refused(unreadable)
    found: dict[str, Any] = json.loads(answer.stdout)
    if "refusal" in found:
        raise refused(found["refusal"])
    return found


def refused(message: str) -> Invalid:
    """A refusal of the field `file`."""
    return Invalid(message, {"file": [message]})
