"""docs/month.md speaks of states, services and rules that exist, and of all of them."""

from __future__ import annotations

import ast
import re
from collections import Counter

from scoring.choices import CorrectionState, ItemState, PeriodState
from tests.architecture.ground import ROOT
from tests.docs.blocks import DOCS, blocks, table

PAGE = DOCS / "month.md"
RULES = ROOT / "tests/scoring/rules"


def functions(folder: str, pattern: str = "*.py") -> set[str]:
    """Names of the top-level functions of a folder's modules."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / folder).glob(pattern)]
    return {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_states_are_those_of_the_code() -> None:
    month, item = blocks(PAGE, "states")
    in_month = {word for line in month.lines for word in line.split()[::2]}
    in_item = {word for line in item.lines for word in line.split()[::2]}
    assert in_month == set(PeriodState.values)
    assert in_item == set(ItemState.values)


def test_the_states_of_a_correction_are_those_of_the_code() -> None:
    (found,) = blocks(PAGE, "corrections")
    steps = [line.split() for line in found.lines]
    assert {state for before, _, after in steps for state in (before, after)} == set(CorrectionState.values)
    assert {service for _, service, _ in steps} - functions("scoring/services") == set()


def test_every_step_names_a_service() -> None:
    steps = {line.split()[1] for block in blocks(PAGE, "states") for line in block.lines}
    named = {name for cells in table(PAGE, "Who does what") for name in re.findall(r"`(\w+)`", cells[-1])}
    assert (steps | named) - functions("scoring/services") == set()


def test_every_rule_stands_here_once_and_has_tests() -> None:
    rows = [(int(cells[0]), cells[-1]) for cells in table(PAGE, "The rules")]
    assert rows == [(number, f"`test_rule_{number}_*`") for number in range(1, 17)]
    tested = Counter(
        int(name.split("_")[2]) for name in functions(RULES.relative_to(ROOT).as_posix()) if _is_rule(name)
    )
    assert sorted(tested) == list(range(1, 17))


def _is_rule(name: str) -> bool:
    return re.match(r"test_rule_\d+_", name) is not None
