"""Files written into a folder of somebody's choice: whole or not at all, and never over something else."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from core.errors import Conflict

SHOWN = 5
UNFINISHED = ".part"


def refuse_others(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Conflict when one of the paths is taken by other content; nothing is written."""
    taken = [path for path, content in files if is_other(folder / path, content)]
    if taken:
        named = "、".join(taken[:SHOWN]) + (f" 等 {len(taken)} 个文件" if len(taken) > SHOWN else "")
        raise Conflict(f"{folder} 里已有内容不同的同名文件，未写入：{named}。请换一个文件夹，或先移走这些文件。")


def is_other(path: Path, content: bytes) -> bool:
    """Whether something else lies there."""
    return path.exists() and (not path.is_file() or path.read_bytes() != content)


def write_file(path: Path, content: bytes) -> bool:
    """Write under another name, then rename; False when it lies there already. Conflict when something else does."""
    if is_other(path, content):
        raise Conflict(f"{path} 已有不同内容，未写入。")
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}{UNFINISHED}")
    with unfinished.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    unfinished.replace(path)
    return True
