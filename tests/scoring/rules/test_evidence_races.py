"""Two phones at one item: nine pieces stay nine, a double click records once."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection

from scoring.models import Evidence, EvidenceLink
from scoring.services.evidence import MOST, record_evidence
from tests.people import Town
from tests.scoring.month import Month, month, on
from tests.scoring.races import race, refused

__all__ = ["month"]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]


def test_twelve_pieces_at_once_leave_nine(month: Month, town: Town) -> None:
    item = month.item(1)
    with on("2026-09", 28):
        results = race(*(
            lambda: record_evidence(actor=town.lin, item=item, text="记录", form_key=uuid.uuid4()) for _ in range(12)
        ))  # fmt: skip
    assert len(refused(results)) == 12 - MOST
    assert (Evidence.objects.count(), EvidenceLink.objects.in_force().filter(item=item).count()) == (MOST, MOST)


def test_one_form_sent_four_times_at_once_is_recorded_once(month: Month, town: Town) -> None:
    item, key = month.item(1), uuid.uuid4()
    results = race(*(lambda: record_evidence(actor=town.lin, item=item, text="记录", form_key=key) for _ in range(4)))
    assert refused(results) == []
    assert (Evidence.objects.count(), EvidenceLink.objects.count()) == (1, 1)
