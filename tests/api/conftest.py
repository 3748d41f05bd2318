"""September published, October open and half reviewed, one community's ledger: what every list has to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from branches.acting import Officer
from grids.registers import REGISTERS
from ledgers.services.issue import issue_and_draw
from scoring.choices import Axis, Outcome
from scoring.models import Period, Publication
from tests.grids.ground import centre_of, figure, ground_of
from tests.ledgers.conftest import draw_by_stand_in, no_progress
from tests.people import Town
from tests.scoring.month import (
    item_of,
    level,
    not_applicable,
    open_month,
    play_month,
    points,
    report_all,
    review,
    review_all,
)

RESOURCES = (
    *("organisations", "rubrics", "periods", "assessments", "items", "ratings", "publications", "ledgers"),
    *("grids", "courtyards", "property-companies", "service-centres", "statistics"),
)
ROW_RESOURCES = tuple(register.resource for register in REGISTERS if register.resource)


@dataclass
class Autumn:
    """Two months of the town."""

    town: Town
    publication: Publication
    october: Period


@pytest.fixture
def autumn(town: Town, monkeypatch: pytest.MonkeyPatch) -> Autumn:
    """October: 府后 reports a lower and two 不涉及 tasks, the axes lie apart on one and contradict
    each other on another, one is returned."""
    draw_by_stand_in(monkeypatch)
    publication = play_month(town, "2026-09")
    issue_and_draw(actor=town.wang, publication=publication, progress=no_progress)
    october = open_month(town, "2026-10")
    report_all(town, october, organisations=[town.jindi, town.fangou])
    low = {1: points("7.50", "班子换届。"), 2: level(1), 3: not_applicable(), 8: not_applicable()}
    report_all(town, october, organisations=[town.fuhou], entries=low)
    review(town, item_of(october, town.fuhou, 1), Axis.STREET, Outcome.SET, "6.00", "材料不全")
    review(town, item_of(october, town.fuhou, 1), Axis.TASK_FORCE)
    review(town, item_of(october, town.fuhou, 3), Axis.STREET, Outcome.NOT_APPLICABLE)
    review(town, item_of(october, town.fuhou, 8), Axis.STREET, Outcome.NOT_APPLICABLE)
    review(town, item_of(october, town.fuhou, 8), Axis.TASK_FORCE, Outcome.SET, "16.00", "有培训基地")
    review(town, item_of(october, town.fuhou, 5), Axis.STREET, Outcome.RETURN, reason="日期有误")
    review_all(town, october, organisations=[town.jindi], numbers=[1, 2, 3])
    figure(town)
    ground_of(town)
    centre_of(town)
    return Autumn(town, publication, october)


def asking(officer: Officer) -> Client:
    """A signed-in browser; the API takes its session."""
    client = Client()
    client.force_login(officer.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def rows(officer: Officer, resource: str, **query: Any) -> list[dict[str, Any]]:
    answer = asking(officer).get(f"/api/v1/{resource}/", {"page_size": 1000, **query})
    assert answer.status_code == 200, answer.content.decode()
    found: list[dict[str, Any]] = answer.json()["results"]
    return found
