"""A published month of the town, played through the real services, and its ledgers."""

from __future__ import annotations

import pytest

from ledgers.models import Ledger
from ledgers.services.issue import issue_and_draw
from scoring.models import Publication
from tests.people import Town
from tests.scoring.month import month, play_month

__all__ = ["month"]


ALL_LEDGERS = 15  # of the town: four of its own, five task forces, two streets, four communities


def no_progress(done: int, total: int, message: str) -> None:
    """For tests that do not look at it."""


@pytest.fixture
def publication(town: Town) -> Publication:
    """September 2026, everybody at full points."""
    return play_month(town, "2026-09")


@pytest.fixture
def issued(town: Town, publication: Publication, monkeypatch: pytest.MonkeyPatch) -> list[Ledger]:
    """Its ledgers, drawn by a stand-in: the rows matter here, not the print."""
    draw_by_stand_in(monkeypatch)
    issue_and_draw(actor=town.wang, publication=publication, progress=no_progress)
    return list(Ledger.objects.order_by("number"))


def draw_by_stand_in(monkeypatch: pytest.MonkeyPatch, environment: str = "e" * 64) -> list[int]:
    """No drawing processes; the keys that were drawn are noted in the list returned."""
    from ledgers.services import drawing

    drawn: list[int] = []

    def draw_many(bodies):  # type: ignore[no-untyped-def]
        for key, body, stamp in bodies:
            drawn.append(key)
            yield key, f"%PDF-stand-in {body['number']} {stamp.sha256}".encode()

    monkeypatch.setattr(drawing, "draw_many", draw_many)
    monkeypatch.setattr(drawing, "draw", lambda body, stamp=drawing.DRAFT: b"%PDF-stand-in draft")
    monkeypatch.setattr(drawing, "environment", lambda: environment)
    return drawn
