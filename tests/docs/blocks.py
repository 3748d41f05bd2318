"""The fenced blocks, tables, links and words of the documents, as tests read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.ground import ROOT

DOCS = ROOT / "docs"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
_FENCE = re.compile(r"(?ms)^```(\w*)[^\n]*\n(.*?)^```\s*$")


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, its lines, where its first line stands."""

    path: Path
    language: str
    text: str
    line: int

    @property
    def lines(self) -> list[str]:
        return [line for line in self.text.splitlines() if line.strip()]

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"


@dataclass(frozen=True)
class Row:
    """One line of a worked table: the words left and right of the bar."""

    given: list[str]
    result: list[str]


def blocks(path: Path, language: str = "") -> list[Block]:
    """The fenced blocks of a document, of one language or all."""
    text = path.read_text("utf-8")
    found = [
        Block(path, match[1], match[2], text.count("\n", 0, match.start(2)) + 1) for match in _FENCE.finditer(text)
    ]
    return [block for block in found if not language or block.language == language]


def row(line: str) -> Row:
    given, _, result = line.partition("|")
    return Row(given.split(), result.split())


def table(path: Path, heading: str) -> list[list[str]]:
    """The cells of the table under `## heading`, without its head."""
    section = path.read_text("utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
