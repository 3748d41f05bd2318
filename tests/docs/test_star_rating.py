"""The worked examples of docs/star-rating.md, run against the arithmetic."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

import pytest

from scoring.calc.counted import Counted, Stated, count
from scoring.calc.criteria import UnusableValue, criterion_from_source, points_for, validate_criterion
from scoring.calc.standings import Entrant, standings
from scoring.calc.stars import RatingResult, StarResult, rate, total_of
from tests.docs.blocks import DOCS, Block, blocks, row
from tests.scoring.calc.build import CLAIM, EMPTY, OUT, points, rubric, star

PAGE = DOCS / "star-rating.md"
WON = {"won": True, "not": False, "not_rated": None}
UNSCORED = {"empty": EMPTY, "claimed": CLAIM, "out": OUT}


def hundredths(text: str) -> int:
    exact = Decimal(text.rstrip("%")).scaleb(2)
    assert exact == int(exact), text
    return int(exact)


def amount(value: int | None) -> str:
    return "-" if value is None else f"{Decimal(value).scaleb(-2):.2f}"


def verdict(won: bool | None) -> str:
    return {won: word for word, won in WON.items()}[won]


def by_language(language: str) -> list[Block]:
    return blocks(PAGE, language)


@pytest.mark.parametrize("language", ["points", "counted", "star", "total", "community", "places"])
def test_the_page_has_examples_of_every_kind(language: str) -> None:
    assert by_language(language)


# -- values


def rule_of(kind: str, parts: list[str]) -> dict[str, Any]:
    """A rule written as `3次=4 1次=2`, `step=0.5`, …"""
    pairs = [part.split("=") for part in parts]
    if kind in ("graded", "checklist"):
        name, label = ("levels", "label") if kind == "graded" else ("items", "text")
        return {name: [{label: text, "points": worth} for text, worth in pairs]}
    if kind in ("count", "ratio"):
        unit = pairs[0][0].lstrip("0123456789")
        return {"unit": unit, "steps": [{"at_least": text.rstrip(unit), "points": worth} for text, worth in pairs]}
    return dict(pairs) | ({"unit": "处"} if kind == "deduction" else {})


def value_of(kind: str, rule: dict[str, Any], text: str) -> dict[str, Any]:
    if kind == "graded":
        return {"level": [level["label"] for level in rule["levels"]].index(text)}
    if kind == "ratio":
        return dict(zip(("part", "whole"), text.split("/"), strict=True))
    if kind == "deduction":
        return {"times": int(text)}
    if kind == "checklist":
        ticked = [] if text == "none" else text.split("+")
        return {"done": [place for place, item in enumerate(rule["items"]) if item["text"] in ticked]}
    return {"count" if kind == "count" else "points": text}


@pytest.mark.parametrize("block", by_language("points"), ids=str)
def test_how_a_value_becomes_points(block: Block) -> None:
    full, _, *lines = block.lines
    for line in lines:
        kind, *parts, text = row(line).given
        rule, full_points = rule_of(kind, parts), Decimal(full.split()[-1])
        criterion = criterion_from_source(kind, rule, full_points)
        assert validate_criterion(criterion, full_points) == [], line
        try:
            found = f"{points_for(criterion, value_of(kind, rule, text), full_points).points:.2f}"
        except UnusableValue:
            found = "refused"
        assert [found] == row(line).result, line


# -- one item


def stated(word: str) -> Stated | None:
    if word == "-":
        return None
    return Stated("not_applicable", None) if word == "out" else Stated("points", hundredths(word))


def standing_of(item: Counted) -> str:
    if item.kind == "empty":
        return "empty"
    return "gap" if item.is_gap else "provisional" if item.is_provisional else "settled"


@pytest.mark.parametrize("block", by_language("counted"), ids=str)
def test_what_one_item_counts(block: Block) -> None:
    width, _, *lines = block.lines
    for line in lines:
        full, *voices = row(line).given
        report, street, force, ruling = map(stated, voices)
        item = count(hundredths(full), hundredths(width.split()[-1]), report, street, force, ruling)
        found = [item.kind, amount(item.points), item.source, amount(item.gap), standing_of(item)]
        assert found == row(line).result, line


# -- stars


class Tasks:
    """Tasks written counted/full, numbered on from `first`."""

    def __init__(self, code: str, percent: str, cells: Collection[str], first: int, after: tuple[str, ...] = ()):
        pairs = [cell.split("/") for cell in cells]
        self.star = star(code, [hundredths(full) for _, full in pairs], first, percent=hundredths(percent), after=after)
        self.counted = {
            first + index: UNSCORED.get(given) or points(hundredths(given)) for index, (given, _) in enumerate(pairs)
        }


def rated(stars: Collection[Tasks], vetoed: Collection[str] = (), decimals: int = 2) -> RatingResult:
    counted = {number: item for one in stars for number, item in one.counted.items()}
    return rate(rubric(*[one.star for one in stars]), counted, vetoed, decimals)


# A star to stand before: one task of 10, line 80 %.
BEFORE = {"won": "10/10", "not": "0/10", "not_rated": "out/10"}


def star_of(given: list[str]) -> tuple[StarResult, int]:
    """The star of one line and its pass line in hundredths, worked out by hand."""
    percent, *cells, besides = given
    before = besides.partition("after=")[2]
    stars = [Tasks("b", "80%", [BEFORE[before]], 90)] if before else []
    stars.append(Tasks("a", percent, cells, 1, ("b",) if before else ()))
    result = rated(stars, {"a"} if besides == "vetoed" else ()).stars[-1]
    exact = Decimal(percent.rstrip("%")) / 100 * result.applicable
    return result, int(exact.to_integral_value("ROUND_CEILING"))


@pytest.mark.parametrize("block", by_language("star"), ids=str)
def test_when_a_star_is_won(block: Block) -> None:
    for line in block.lines[1:]:
        result, pass_line = star_of(row(line).given)
        figures = [result.points, result.applicable, pass_line, result.missing]
        assert [*map(amount, figures), verdict(result.won)] == row(line).result, line


@pytest.mark.parametrize("block", by_language("total"), ids=str)
def test_how_a_total_is_rounded(block: Block) -> None:
    for line in block.lines[1:]:
        given, applicable, decimals = row(line).given
        assert [amount(total_of(hundredths(given), hundredths(applicable), int(decimals)))] == row(line).result, line


# -- a whole community


def star_words(result: StarResult) -> list[str]:
    missing = [f"missing={amount(result.missing)}"] if result.missing else []
    return [amount(result.points), amount(result.applicable), verdict(result.won), *missing]


def sum_words(result: RatingResult) -> list[str]:
    complete = "complete" if result.is_complete else "incomplete"
    sums = [amount(result.points), amount(result.applicable), f"total={amount(result.total)}"]
    return [*sums, f"level={result.star_level}", complete]


@pytest.mark.parametrize("block", by_language("community"), ids=str)
def test_a_whole_community(block: Block) -> None:
    head, *lines = block.lines
    *star_lines, sum_line = [row(line) for line in lines]
    stars = [
        Tasks(line.given[0], line.given[1], [cell for cell in line.given[2:] if "/" in cell], 100 * index)
        for index, line in enumerate(star_lines, 1)
    ]
    vetoed = {line.given[0] for line in star_lines if line.given[-1] == "vetoed"}
    result = rated(stars, vetoed, int(head.split()[-1]))
    assert [star_words(one) for one in result.stars] == [line.result for line in star_lines]
    assert sum_words(result) == sum_line.result


# -- places


def entrant(cells: list[str]) -> Entrant:
    name, track, total, stars, *share = cells
    given, applicable = share[0].split("/") if share else (total, "100")
    return Entrant(name, track, hundredths(total), hundredths(given), hundredths(applicable), int(stars))


@pytest.mark.parametrize("block", by_language("places"), ids=str)
def test_how_places_are_given(block: Block) -> None:
    head, _, *lines = block.lines
    keys = head.partition(",")[0].split()[1:]
    rows = [row(line) for line in lines]
    places = standings([entrant(one.given) for one in rows], keys, across_tracks="both tracks" in head)
    found = {one.code: f"{one.place} of {one.out_of}{' tied' if one.is_tied else ''}".split() for one in places}
    assert found == {one.given[0]: one.result for one in rows}


def test_an_example_that_is_wrong_is_noticed() -> None:
    block = Block(PAGE, "total", "points applicable decimals | total\n50.02 80 2 | 62.52\n", 1)
    with pytest.raises(AssertionError):
        test_how_a_total_is_rounded(block)
