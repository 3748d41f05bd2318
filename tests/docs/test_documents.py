"""What the documents tell people to type, press or open exists."""

from __future__ import annotations

import doctest
import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from tests.architecture.ground import ROOT
from tests.docs.blocks import DOCUMENTS, Block, blocks

LINK = re.compile(r"\]\(([^)\s]+)\)")
EXECUTABLE = [block for path in DOCUMENTS for language in ("python", "pycon") for block in blocks(path, language)]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("block", EXECUTABLE, ids=str)
def test_python_in_the_documents_runs(block: Block) -> None:
    assert ">>>" in block.text, f"{block}: write Python as a session with >>>, so that it can be run"
    session = doctest.DocTestParser().get_doctest(block.text, {}, str(block), str(block.path), block.line)
    assert doctest.DocTestRunner(verbose=False).run(session).failed == 0


# -- links


def anchors(text: str) -> set[str]:
    """Anchors of the headings of a document, as they are made of their words."""
    headings = re.findall(r"(?m)^#+ (.+)$", text)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def is_broken(path: Path, link: str) -> bool:
    target, _, anchor = link.partition("#")
    place = (path.parent / target) if target else path
    if not place.exists():
        return True
    return bool(anchor) and anchor not in anchors(place.read_text("utf-8"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    links = [link for link in LINK.findall(path.read_text("utf-8")) if "://" not in link]
    assert [link for link in links if is_broken(path, link)] == []


@pytest.mark.parametrize("link", ["nowhere.md", "docs/month.md#nothing", "#nothing"])
def test_a_broken_link_is_noticed(link: str) -> None:
    assert is_broken(ROOT / "README.md", link)


def test_every_document_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting += [found for found in _targets(path) if found.suffix == ".md"]
    assert [name(path) for path in DOCUMENTS if path.resolve() not in {one.resolve() for one in reached}] == []


def _targets(path: Path) -> list[Path]:
    links = [link.partition("#")[0] for link in LINK.findall(path.read_text("utf-8")) if "://" not in link]
    found = [(path.parent / link).resolve() for link in links if link]
    folders = [one for place in found if place.is_dir() for one in sorted(place.glob("*.md"))]
    return [*[place for place in found if place.is_file()], *folders]


# -- commands


def commands_in(path: Path) -> list[tuple[str, list[str]]]:
    """(command, its options) of every `./run manage X …` of a document."""
    lines = re.findall(r"\./run manage (\w+)([^\n`]*)", path.read_text("utf-8"))
    return [(command, re.findall(r"(?<!\w)--[a-z][a-z-]*", rest.partition("#")[0])) for command, rest in lines]


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if commands_in(path)], ids=name)
def test_every_command_of_a_document_exists_with_its_options(path: Path) -> None:
    assert [said for said in commands_in(path) if _is_unknown(*said)] == []


def _is_unknown(command: str, options: list[str]) -> bool:
    app = get_commands().get(command)
    if app is None:
        return True
    parser = (load_command_class(app, command) if isinstance(app, str) else app).create_parser("manage.py", command)
    return any(option not in parser._option_string_actions for option in options)


def test_the_readme_names_every_command_of_the_portal_once() -> None:
    table = (ROOT / "README.md").read_text("utf-8").partition("## Commands")[2].partition("\n## ")[0]
    own = [path.stem for path in ROOT.glob("*/management/commands/*.py") if path.stem != "__init__"]
    assert sorted(re.findall(r"(?m)^\| `(\w+)` \| .+ \|$", table)) == sorted(own)


def test_an_unknown_command_is_noticed() -> None:
    assert _is_unknown("open_the_door", [])
    assert _is_unknown("check", ["--loudly"])


def words_of_the_script() -> set[str]:
    listed = subprocess.run(["./run", "help"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return set(re.findall(r"(?m)^\./run (\w+)", listed))


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_words_of_the_script_that_documents_use_are_in_its_help(path: Path) -> None:
    said = set(re.findall(r"\./run ([a-z]\w*)", path.read_text("utf-8")))
    assert said - words_of_the_script() == set()
