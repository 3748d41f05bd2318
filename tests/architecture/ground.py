"""What the scans look at: the files of the project, app by app, in the order of the one-way street."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("core", "branches", "grids", "scoring", "ledgers", "weidu_portal")
NAMESPACES = {app: app for app in APPS[:-1]} | {"pages": "weidu_portal"}


@dataclass(frozen=True)
class Hit:
    """One finding: where it is and what was found."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def place(app: str) -> int:
    """How far right an app stands."""
    return APPS.index(app)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def python_files(app: str) -> list[Path]:
    """The code of an app without its migrations."""
    return [path for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]


def template_files(folder: str = "") -> list[Path]:
    return sorted((ROOT / "templates" / folder).rglob("*.*"))


def style_sheets() -> list[Path]:
    return sorted((ROOT / "static").rglob("*.css"))


def scripts() -> list[Path]:
    return sorted((ROOT / "static").rglob("*.js"))


def find(pattern: str, text: str, path: Path) -> list[Hit]:
    """Every match of `pattern` in a file's text, with its line."""
    return [
        Hit(relative(path), text.count("\n", 0, match.start()) + 1, match.group())
        for match in re.finditer(pattern, text, re.IGNORECASE)
    ]


def words_of(path: Path) -> Iterator[tuple[int, str]]:
    """Identifiers and strings of a module as (line, text); prose (docstrings, comments) is left out."""
    tree = ast.parse(path.read_text("utf-8"))
    prose = {id(node) for node in _docstrings(tree)}
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        for text in _texts(node):
            if id(node) not in prose:
                yield line, text


def _docstrings(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def _texts(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    found = [getattr(node, name, None) for name in ("id", "attr", "arg", "name", "module", "asname")]
    return [text for text in found if isinstance(text, str)]


def tracked_files() -> list[Path]:
    """Files under version control; outside a repository every file that is not ignored by its folder."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
        return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    ignored = {".git", ".venv", "var", "__pycache__"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not ignored & set(path.parts)]
