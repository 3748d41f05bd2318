"""One clock, in Shanghai days."""

from datetime import UTC, date, datetime

import pytest

from core import clock


def test_a_day_ends_at_midnight_in_shanghai():
    with clock.pinned_at(datetime(2026, 10, 31, 15, 59, tzinfo=UTC)):
        assert clock.today() == date(2026, 10, 31)
    with clock.pinned_at(datetime(2026, 10, 31, 16, 0, tzinfo=UTC)):
        assert clock.today() == date(2026, 11, 1)


def test_the_pin_is_taken_out_again():
    moment = datetime(2026, 10, 31, tzinfo=UTC)
    with clock.pinned_at(moment):
        assert clock.now() == moment
    assert clock.now() > moment or clock.now() < moment


def test_a_pin_is_aware():
    with pytest.raises(ValueError, match="aware"), clock.pinned_at(datetime(2026, 10, 31)):
        pass
