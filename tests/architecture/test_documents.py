"""The documents speak of what is there."""

from __future__ import annotations

import ast
import re

from tests.architecture.ground import APPS, ROOT, python_files, tracked_files


def defined_classes() -> set[str]:
    trees = [ast.parse(path.read_text("utf-8")) for app in APPS for path in python_files(app)]
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def test_the_glossary_names_classes_that_exist() -> None:
    rows = re.findall(r"(?m)^\| [^|]+\| ([^|]*`[^|]+) \|", (ROOT / "docs/glossary.md").read_text("utf-8"))
    named = [name for cell in rows for name in re.findall(r"`(\w+)`", cell)]
    assert len(named) > 40
    defined = defined_classes()
    assert [name for name in named if name not in defined] == []


def test_links_between_documents_lead_somewhere() -> None:
    documents = [path for path in tracked_files() if path.suffix == ".md"]
    links = [
        (path, link)
        for path in documents
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
    ]
    assert [f"{path.name}: {link}" for path, link in links if not (path.parent / link).exists()] == []


def test_every_word_of_the_script_is_in_its_help_and_the_other_way_round() -> None:
    script = (ROOT / "run").read_text("utf-8")
    offered = set(re.findall(r"(?m)^\./run (\w+)", script))
    understood = set(
        re.findall(r"(?m)^    (?:\w+ \| )*(\w+)(?: \|[^)]*)?\) \w+_? ?", script.partition("case $word in")[2])
    )
    assert offered | {"serve"} == understood
