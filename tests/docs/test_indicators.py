"""docs/indicators.md lists the closed set, and the sample calls each of it the same."""

from __future__ import annotations

from grids.calc.indicators import INDICATORS, LATER
from scoring.calc.proposing import FITS
from scoring.plain_yaml import read_yaml
from scoring.samples import sample_rubrics
from tests.docs.blocks import DOCS, table

PAGE = DOCS / "indicators.md"


def test_the_page_lists_the_set_as_it_is() -> None:
    assert table(PAGE, "The set") == [
        [f"`{one.name}`", one.label, one.shape, ", ".join(one.windows), one.definition, one.source]
        for one in INDICATORS.values()
    ]


def test_the_page_lists_the_parts_and_what_comes_later() -> None:
    parts = [[f"`{one.name}`", "、".join(one.parts.values())] for one in INDICATORS.values() if one.parts]
    assert table(PAGE, "Parts") == parts
    assert table(PAGE, "Later") == [[f"`{name}`", label] for name, label in LATER.items()]


def test_the_page_says_what_fits() -> None:
    assert table(PAGE, "What a task may name") == [[shape, f"`{kind}`"] for shape, kind in FITS.items()]


def test_the_sample_lists_each_under_the_same_label() -> None:
    listed = {row["name"]: row["label"] for row in read_yaml(sample_rubrics())["indicators"]}
    assert listed == {name: one.label for name, one in INDICATORS.items()} | LATER
