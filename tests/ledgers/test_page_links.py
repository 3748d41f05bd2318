"""From a month and its ranking to the ledgers, as soon as there is something for the reader."""

import pytest

from ledgers.models import Ledger
from ledgers.page_links import ledger_links
from scoring.models import Publication
from tests.people import Town

pytestmark = pytest.mark.django_db
LINK = [("台账", "/ledgers/?month=2026-09")]


def test_before_issuing_only_the_office_is_led_to_ledgers(town: Town, publication: Publication) -> None:
    period = publication.period
    period.refresh_from_db()
    assert list(ledger_links(town.wang.user, period, "ranking")) == LINK
    assert list(ledger_links(town.lin.user, period, "ranking")) == []


def test_after_issuing_everybody_who_has_one_is(town: Town, issued: list[Ledger]) -> None:
    period = issued[0].publication.period
    assert list(ledger_links(town.lin.user, period, "period")) == LINK
    assert list(ledger_links(town.secadmin.user, period, "period")) == []
    assert list(ledger_links(town.wang.user, period, "trial")) == []
