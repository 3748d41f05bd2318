"""Whoever reads the audit reads Chinese: every act that is recorded has a word."""

import re
from pathlib import Path

import pytest

from core.audit_words import act_word, acts_named, type_word, types_named
from scoring.choices import Outcome

APPS = ("core", "branches", "grids", "scoring", "ledgers")
ACT = re.compile(r'"((?:core|branches|grids|scoring|ledgers)\.[a-z_]+(?:\.[a-z_]+)?)"')


def recorded() -> set[str]:
    """The verbs that services write, and those of reviews, made of their outcomes."""
    texts = [file.read_text() for app in APPS for file in Path(app, "services").rglob("*.py")]
    named = {verb for text in texts if "audit.record(" in text for verb in ACT.findall(text)}
    return named | {f"scoring.review.{outcome}" for outcome in Outcome.values}


def test_every_act_of_the_audit_has_a_word() -> None:
    assert [verb for verb in sorted(recorded()) if act_word(verb) == verb] == []
    assert len(recorded()) > 40


@pytest.mark.parametrize(("label", "word"), [("scoring.publication", "公布"), ("no.such", "no.such"), ("", "")])
def test_objects_are_called_by_the_name_of_their_model(label: str, word: str) -> None:
    assert type_word(label) == word


def test_words_are_found_again() -> None:
    assert acts_named("退回") == ["scoring.review.return"]
    assert types_named("送审稿") == ["ledgers.draftprint"]
