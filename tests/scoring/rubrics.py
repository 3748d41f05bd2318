"""The sample rubric in the town: what tests of pages, API and commands start from."""

from __future__ import annotations

from datetime import date

from core.actor import SYSTEM
from scoring.imports import import_rubrics
from scoring.models import Programme, Rubric
from scoring.samples import sample_rubrics
from scoring.services.programme import prepare_programme
from scoring.services.rubric import publish_rubric

OCTOBER, DECEMBER = date(2026, 10, 1), date(2026, 12, 1)


def sample_programme_in_town() -> Programme:
    """The sample programme with its two editions published from October 2026 on."""
    programme = prepare_programme(actor=SYSTEM, year=2026)
    for draft in import_rubrics(actor=SYSTEM, programme=programme, text=sample_rubrics(), first_month=OCTOBER):
        publish_rubric(actor=SYSTEM, rubric=draft)
    return programme


def urban_draft(programme: Programme) -> Rubric:
    """A second urban edition from December on, not yet published; it differs by its title."""
    text = sample_rubrics().replace("城市社区“五星”支部创建评分细则", "城市社区评分细则")
    return import_rubrics(actor=SYSTEM, programme=programme, text=text, first_month=DECEMBER)[0]
